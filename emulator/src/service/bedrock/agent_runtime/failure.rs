//! How the failures of a model look in the stream of an agent that asks it.

use crate::service::bedrock::script::{ErrorFault, ModelOperation};

/// An exception in the stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Exception {
    /// The member of AWS's union: `throttlingException`.
    pub name: &'static str,
    pub message: String,
    /// For the trace of the failure.
    pub status: u16,
}

/// The exceptions that the streams have, by the names of their errors.
const KNOWN: [(&str, &str, u16); 9] = [
    ("AccessDeniedException", "accessDeniedException", 403),
    ("BadGatewayException", "badGatewayException", 502),
    ("ConflictException", "conflictException", 409),
    ("DependencyFailedException", "dependencyFailedException", 424),
    ("InternalServerException", "internalServerException", 500),
    ("ResourceNotFoundException", "resourceNotFoundException", 404),
    ("ServiceQuotaExceededException", "serviceQuotaExceededException", 400),
    ("ThrottlingException", "throttlingException", 429),
    ("ValidationException", "validationException", 400),
];

impl Exception {
    pub fn validation(message: impl Into<String>) -> Self {
        Self { name: "validationException", message: message.into(), status: 400 }
    }

    pub fn dependency_failed(message: impl Into<String>) -> Self {
        Self { name: "dependencyFailedException", message: message.into(), status: 424 }
    }

    /// An error of this service's APIs, by its name, or by its status where the stream does not have it.
    ///
    /// assumed: that a model which fails or is too slow is a failed dependency, and one which is not there a bad gateway.
    pub fn of(code: &str, status: u16, message: &str, operation: ModelOperation) -> Self {
        let message = message.to_owned();
        if let Some((_, name, status)) = KNOWN.iter().find(|(known, ..)| *known == code) {
            return Self { name, message, status: *status };
        }
        if code == "ModelNotReadyException" && operation == ModelOperation::InvokeAgent {
            return Self { name: "modelNotReadyException", message, status: 424 };
        }
        let name = match status {
            408 | 424 => "dependencyFailedException",
            429 => "throttlingException",
            502 | 503 => "badGatewayException",
            500.. => "internalServerException",
            _ => "validationException",
        };
        let status = KNOWN.iter().find(|(_, member, _)| *member == name).map_or(status, |(.., status)| *status);
        Self { name, message, status }
    }

    pub fn of_fault(fault: &ErrorFault, operation: ModelOperation) -> Self {
        Self::of(&fault.name, fault.status, &fault.message, operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_s_failures_become_exceptions_that_the_streams_have() {
        for (code, status, expected) in [
            ("ThrottlingException", 429, "throttlingException"),
            ("ModelNotReadyException", 429, "modelNotReadyException"),
            ("ModelErrorException", 424, "dependencyFailedException"),
            ("ModelTimeoutException", 408, "dependencyFailedException"),
            ("ServiceUnavailableException", 503, "badGatewayException"),
            ("InternalServerException", 500, "internalServerException"),
            ("Teapot", 418, "validationException"),
        ] {
            assert_eq!(Exception::of(code, status, "", ModelOperation::InvokeAgent).name, expected, "{code}");
        }
        let inline = Exception::of("ModelNotReadyException", 429, "", ModelOperation::InvokeInlineAgent);
        assert_eq!(inline.name, "throttlingException");
    }
}
