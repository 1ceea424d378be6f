//! Rules that AWS services manage. Here these are the rules of archives.

use super::rule::Rule;
use crate::kernel::ApiError;

/// Refuses to touch a managed rule, unless the caller forces it. assumed: the wording.
pub fn refuse(rule: &Rule, force: bool) -> Result<(), ApiError> {
    match &rule.managed_by {
        Some(service) if !force => {
            let message = format!("Rule {} is managed by {service}.", rule.name);
            Err(ApiError::new("ManagedRuleException", message))
        }
        _ => Ok(()),
    }
}
