//! Members of AWS's model that are not here yet: refused when present, never ignored.

use serde::de::IgnoredAny;

use crate::kernel::ApiError;

/// A member that is only looked at to refuse it.
pub type Unsupported = Option<IgnoredAny>;

/// Refuses the first member that is present.
pub fn refuse(operation: &str, members: &[(&str, bool)]) -> Result<(), ApiError> {
    match members.iter().find(|(_, present)| *present) {
        Some((member, _)) => Err(ApiError::not_implemented(format_args!("{member} of kinesis {operation}"))),
        None => Ok(()),
    }
}
