//! awsJson 1.0 and 1.1: the operation in `X-Amz-Target`, one JSON document each way.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::ApiError;

/// Reads a document; an empty body counts as `{}`, as on AWS.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    // serde would read a list as a struct, member by member.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(ApiError::serialization("Start of structure or map found where not expected."));
    }
    serde_json::from_slice(body).map_err(|error| ApiError::serialization(explain(&error)))
}

/// serde_json's complaint without its position, which means nothing to who never saw the bytes.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) if error.is_data() => text[..at].to_owned(),
        _ => text,
    }
}

pub fn encode<T: Serialize>(output: &T) -> Vec<u8> {
    serde_json::to_vec(output).expect("an operation's output is plain data with text keys")
}
