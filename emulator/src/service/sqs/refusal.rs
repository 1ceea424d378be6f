//! What SQS refuses, in AWS's words.

use std::fmt::Display;

use crate::kernel::ApiError;

pub fn queue_does_not_exist() -> ApiError {
    ApiError::new("QueueDoesNotExist", "The specified queue does not exist.")
}

/// SQS has codes of its own for its attributes, and AWS's common one for everything else.
pub fn invalid_parameter(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterValueException", message)
}

pub fn invalid_value(value: impl Display, parameter: &str, reason: impl Display) -> ApiError {
    invalid_parameter(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"))
}

pub fn missing(parameter: impl Display) -> ApiError {
    ApiError::new("MissingRequiredParameterException", format!("The request must contain the parameter {parameter}."))
}

/// A parameter that a FIFO queue takes and a standard queue does not, or the other way round.
pub fn not_for_this_queue_type(value: impl Display, parameter: &str) -> ApiError {
    invalid_value(value, parameter, "The request include parameter that is not valid for this queue type.")
}

pub fn unknown_attribute(name: &str) -> ApiError {
    ApiError::new("InvalidAttributeName", format!("Unknown Attribute {name}."))
}

pub fn invalid_attribute_value(name: &str) -> ApiError {
    ApiError::new("InvalidAttributeValue", format!("Invalid value for the parameter {name}."))
}

pub fn unsupported(message: impl Into<String>) -> ApiError {
    ApiError::new("UnsupportedOperation", message)
}

pub fn resource_not_found(message: impl Into<String>) -> ApiError {
    ApiError::new("ResourceNotFoundException", message)
}

pub fn over_limit(message: impl Into<String>) -> ApiError {
    ApiError::new("OverLimit", message)
}
