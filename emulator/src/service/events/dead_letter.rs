//! What EventBridge writes onto an event that it could not deliver.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html>

use crate::kernel::delivery::Failure;
use crate::kernel::{ApiError, Arn};

pub fn attributes(rule: &Arn, target: &Arn) -> Vec<(String, String)> {
    vec![("RULE_ARN".to_owned(), rule.to_string()), ("TARGET_ARN".to_owned(), target.to_string())]
}

pub fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
    let mut attributes = vec![
        ("ERROR_CODE", error_code(&failure.error).to_owned()),
        ("ERROR_MESSAGE", failure.error.message.clone()),
        ("RETRY_ATTEMPTS", failure.retries.to_string()),
    ];
    if let Some(exhausted) = failure.exhausted {
        attributes.push(("EXHAUSTED_RETRY_CONDITION", exhausted.as_str().to_owned()));
    }
    // SQS takes no empty value.
    attributes.retain(|(_, value)| !value.is_empty());
    attributes
}

/// Codes that errors of EventBridge's own have from the start.
const OWN_CODES: &[&str] = &[
    "CONNECTION_FAILURE",
    "ERROR_FROM_TARGET",
    "SDK_CLIENT_ERROR",
    "THIRD_ACCOUNT_HOP_DETECTED",
    "THIRD_REGION_HOP_DETECTED",
    "TIMEOUT",
];

/// AWS lists the codes and not when each of them is used: which error has which is assumed.
fn error_code(error: &ApiError) -> &'static str {
    const CODES: &[(&str, &str)] = &[
        ("NotFound", "NO_RESOURCE"),
        ("NonExistent", "NO_RESOURCE"),
        ("DoesNotExist", "NO_RESOURCE"),
        ("AccessDenied", "NO_PERMISSIONS"),
        ("Throttl", "THROTTLING"),
        ("Throughput", "THROTTLING"),
        ("TooManyRequests", "THROTTLING"),
        ("Timeout", "TIMEOUT"),
        ("Connect", "CONNECTION_FAILURE"),
        ("Validation", "INVALID_PARAMETER"),
        ("Invalid", "INVALID_PARAMETER"),
        ("MissingParameter", "INVALID_PARAMETER"),
        ("Serialization", "INVALID_JSON"),
        ("LimitExceeded", "RESOURCE_LIMIT_EXCEEDED"),
        ("NotImplemented", "SDK_CLIENT_ERROR"),
    ];
    if let Some(code) = OWN_CODES.iter().find(|code| **code == error.code) {
        return code;
    }
    let known = CODES.iter().find(|(part, _)| error.code.contains(part));
    known.map_or(if error.status >= 400 { "ERROR_FROM_TARGET" } else { "UNKNOWN" }, |(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_codes_that_aws_lists() {
        for (status, code, expected) in [
            (400, "ResourceNotFoundException", "NO_RESOURCE"),
            (400, "QueueDoesNotExist", "NO_RESOURCE"),
            (400, "ProvisionedThroughputExceededException", "THROTTLING"),
            (503, "ServiceUnavailable", "ERROR_FROM_TARGET"),
            (400, "InvalidParameterValue", "INVALID_PARAMETER"),
            (501, "NotImplemented", "SDK_CLIENT_ERROR"),
            (504, "TIMEOUT", "TIMEOUT"),
            (400, "THIRD_REGION_HOP_DETECTED", "THIRD_REGION_HOP_DETECTED"),
        ] {
            assert_eq!(error_code(&ApiError::with_status(status, code, "")), expected, "{code}");
        }
    }
}
