//! The policy of a stream: kept and answered, not enforced.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html>

use serde_json::Value;

use super::stream::invalid_argument;
use crate::kernel::ApiError;

/// As for resource policies elsewhere; Kinesis documents no size.
const DOCUMENT_BYTES_MAX: usize = 20 * 1024;

/// A text that can be a policy: a JSON object with statements. assumed: the wording.
pub fn checked(text: String) -> Result<String, ApiError> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(invalid_argument(format!("Policy exceeds the maximum size of {DOCUMENT_BYTES_MAX} bytes.")));
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(policy)) if policy.get("Statement").is_some_and(|it| it.is_array() || it.is_object()) => {
            Ok(text)
        }
        Ok(_) => Err(invalid_argument("Invalid policy document: Syntax errors in policy.")),
        Err(_) => Err(invalid_argument("Invalid policy document: This policy contains invalid Json")),
    }
}

/// The code is what callers expect where there is no policy
/// (<https://github.com/cloud-custodian/cloud-custodian/pull/9775>); assumed: the wording.
pub fn not_found(arn: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("No resource policy found for resource {arn}"))
}
