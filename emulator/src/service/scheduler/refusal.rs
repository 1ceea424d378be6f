//! What Scheduler says to requests that it refuses.

use serde_json::Value;

use crate::kernel::{ApiError, Violations};

/// In the errors of this service's model, the message is `Message`.
fn refuse(status: u16, code: &str, message: impl Into<String>) -> ApiError {
    let message = message.into();
    ApiError::with_status(status, code, message.clone()).with_member("Message", Value::String(message))
}

pub fn invalid(message: impl Into<String>) -> ApiError {
    refuse(400, "ValidationException", message)
}

/// AWS's one message for all constraints of its model that are broken.
pub fn finish(violations: Violations) -> Result<(), ApiError> {
    violations.finish().map_err(|error| invalid(error.message))
}

pub fn no_schedule(name: &str) -> ApiError {
    refuse(404, "ResourceNotFoundException", format!("Schedule {name} does not exist."))
}

pub fn no_group(name: &str) -> ApiError {
    refuse(404, "ResourceNotFoundException", format!("Schedule group {name} does not exist."))
}

pub fn schedule_exists(name: &str) -> ApiError {
    refuse(409, "ConflictException", format!("Schedule {name} already exists."))
}

pub fn group_exists(name: &str) -> ApiError {
    refuse(409, "ConflictException", format!("Schedule group {name} already exists."))
}

/// assumed: the wording.
pub fn token_differs() -> ApiError {
    refuse(409, "ConflictException", "The client token was used before with different parameters.")
}

/// assumed: the wording.
pub fn quota_exceeded(what: &str, max: usize) -> ApiError {
    refuse(402, "ServiceQuotaExceededException", format!("The maximum number of {what} is {max}."))
}

pub fn throttled() -> ApiError {
    refuse(429, "ThrottlingException", "Rate exceeded")
}

/// Of the group that nobody makes and nobody deletes.
pub fn default_group(name: &str) -> ApiError {
    invalid(format!("This operation cannot be performed on schedule group {name}."))
}
