//! An AWS call that failed after the SDK's retries, told in one line.

use std::error::Error;
use std::fmt;

use aws_sdk_dynamodb::error::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Which call failed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFailure {
    /// Service and operation: `dynamodb UpdateItem`.
    pub call: &'static str,
    /// AWS's code, when the service itself answered.
    pub code: Option<String>,
    pub reason: String,
}

impl CallFailure {
    pub fn new<E, R>(call: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: Error + ProvideErrorMetadata + 'static,
        R: fmt::Debug + 'static,
    {
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code).map(str::to_owned);
        Self { call, code, reason: reason(error) }
    }

    /// The service understood the request and will turn it down every time.
    pub fn is_permanent(&self) -> bool {
        self.code.as_deref() == Some("ValidationException")
    }
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.reason)
    }
}

impl Error for CallFailure {}

/// Code and message where the service gave them, else the chain of causes.
pub fn reason<E, R>(error: &SdkError<E, R>) -> String
where
    E: Error + ProvideErrorMetadata + 'static,
    R: fmt::Debug + 'static,
{
    if let Some(service) = error.as_service_error() {
        match (service.code(), service.message()) {
            (Some(code), Some(message)) => return format!("{code}: {message}"),
            (Some(code), None) => return code.to_owned(),
            (None, _) => return chain(service),
        }
    }
    chain(error)
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        // Several layers of the SDK only repeat what they wrap.
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}
