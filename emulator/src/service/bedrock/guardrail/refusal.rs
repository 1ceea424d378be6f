//! What Bedrock says to requests about guardrails that it refuses. assumed: all wordings but that of the identifier.

use super::version::Version;
use crate::kernel::ApiError;
use crate::service::bedrock::control::{conflict, not_found};

/// Of an identifier that is none of this account and region.
pub fn no_guardrail(identifier: &str) -> ApiError {
    not_found(format!("The guardrail {identifier} does not exist. Retry your request with the ID of a guardrail."))
}

pub fn no_version(identifier: &str, version: &str) -> ApiError {
    not_found(format!("Version {version} of the guardrail {identifier} does not exist."))
}

/// To a call of a model that names a guardrail which is not there. As publicly reported.
pub fn invalid_identifier() -> ApiError {
    ApiError::validation("The provided guardrail identifier is invalid.")
}

pub fn name_taken(name: &str) -> ApiError {
    conflict(format!("Another guardrail in your account already has the name {name}."))
}

/// While something is being done to it, nothing else is.
pub fn busy(version: &Version) -> ApiError {
    conflict(format!("The guardrail is {}. Wait until it is READY and try your request again.", version.status()))
}

/// To ApplyGuardrail.
pub fn not_there() -> ApiError {
    not_found("The guardrail identifier or version provided in the request does not exist.")
}

/// To a call that names a version which is not there.
pub fn no_such_in_use() -> ApiError {
    not_there()
}
