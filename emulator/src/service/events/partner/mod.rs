//! Event sources of AWS's partners, of which there are none here: what is looked for is not found, lists are empty, and
//! what only a partner may do is refused.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html>
//!
//! # Differences
//!
//! - AWS does not document what it tells callers that are no partners; the refusal here is a clear one (assumed).

pub mod activate_event_source;
pub mod create_partner_event_source;
pub mod deactivate_event_source;
pub mod delete_partner_event_source;
pub mod describe_event_source;
pub mod describe_partner_event_source;
pub mod list_event_sources;
pub mod list_partner_event_source_accounts;
pub mod list_partner_event_sources;
pub mod put_partner_events;

use super::constraint;
use crate::kernel::{ApiError, Violations};

const SOURCE_PATTERN: &str = r"aws\.partner(/[\.\-_A-Za-z0-9]+){2,}";

pub fn check_source_name(violations: &mut Violations, member: &str, name: Option<&str>) {
    let Some(name) = name else { return };
    violations.length(member, name, 1, 256);
    constraint::pattern(violations, member, name, SOURCE_PATTERN);
}

fn check_required_source_name(violations: &mut Violations, member: &str, name: Option<&str>) {
    if name.is_none() {
        violations.missing(member);
    }
    check_source_name(violations, member, name);
}

fn check_account(violations: &mut Violations, account: Option<&str>) {
    match account {
        None => violations.missing("account"),
        Some(account) => {
            violations.length("account", account, 12, 12);
            constraint::pattern(violations, "account", account, r"\d{12}");
        }
    }
}

/// assumed: the wording.
pub fn does_not_exist(name: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("Event source {name} does not exist."))
}

/// assumed: code and wording.
fn not_a_partner() -> ApiError {
    ApiError::new("OperationDisabledException", "This operation is only available to partners of AWS.")
}
