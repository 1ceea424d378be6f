//! What the requests of Bedrock's control plane have in common: patterns, tags, pages, request tokens, timestamps.

pub mod list_tags_for_resource;
pub mod page;
pub mod pattern;
pub mod request_tokens;
pub mod tag_resource;
pub mod tags;
pub mod untag_resource;

use serde::Serializer;

use crate::kernel::{ApiError, Timestamp};

/// For `#[serde(serialize_with = "iso_8601")]`: Bedrock's answers write timestamps as texts.
pub fn iso_8601<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339())
}

/// What is asked for is not there.
pub fn not_found(message: impl Into<String>) -> ApiError {
    ApiError::with_status(404, "ResourceNotFoundException", message)
}

/// AWS's model gives this error the status 400.
pub fn conflict(message: impl Into<String>) -> ApiError {
    ApiError::new("ConflictException", message)
}

pub fn quota_exceeded(message: impl Into<String>) -> ApiError {
    ApiError::new("ServiceQuotaExceededException", message)
}
