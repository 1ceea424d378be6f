//! What is wrong with a request, in this service's words: it has a code of its own for what others call a
//! ValidationException.

use crate::kernel::{ApiError, Violations};

pub fn invalid_parameter(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterException", message)
}

/// The violations of AWS's model, if there are any.
pub fn finish(violations: Violations) -> Result<(), ApiError> {
    violations.finish().map_err(|error| invalid_parameter(error.message))
}

pub fn invalid_token() -> ApiError {
    invalid_parameter("The specified nextToken is invalid.")
}

/// Refuses the first of these members that is given.
pub fn refuse(operation: &str, members: &[(&str, bool)]) -> Result<(), ApiError> {
    match members.iter().find(|(_, given)| *given) {
        Some((member, _)) => Err(ApiError::not_implemented(format_args!("{member} of logs {operation}"))),
        None => Ok(()),
    }
}
