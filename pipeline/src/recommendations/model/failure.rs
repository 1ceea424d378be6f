//! Why the model gave no recommendations.

use std::error::Error;
use std::fmt;

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};

use crate::recommendations::call_failure::reason;
use crate::recommendations::reply::ReplyError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelFailure {
    /// No answer in time: ours or the model's own limit.
    Timeout(String),
    /// An answer began and did not come to its end.
    Broken(String),
    NotReady(String),
    /// Turned down or unreachable, after the SDK's retries.
    Unavailable(String),
    BadReply(ReplyError),
}

impl ModelFailure {
    /// Worth the same question once more. What the SDK has retried already is not.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Timeout(_) | Self::Broken(_) | Self::NotReady(_))
    }

    /// From a call whose answer never began.
    pub(super) fn of_call<E, R>(error: &SdkError<E, R>) -> Self
    where
        E: Error + ProvideErrorMetadata + 'static,
        R: fmt::Debug + 'static,
    {
        let text = reason(error);
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
        match (error, code) {
            (SdkError::TimeoutError(_), _) | (_, Some("ModelTimeoutException")) => Self::Timeout(text),
            (_, Some("ModelNotReadyException")) => Self::NotReady(text),
            // The body was short or was not JSON.
            (SdkError::ResponseError(_), _) => Self::Broken(text),
            _ => Self::Unavailable(text),
        }
    }
}

impl From<ReplyError> for ModelFailure {
    fn from(error: ReplyError) -> Self {
        Self::BadReply(error)
    }
}

impl fmt::Display for ModelFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(reason) => write!(f, "model timeout: {reason}"),
            Self::Broken(reason) => write!(f, "model answer broke off: {reason}"),
            Self::NotReady(reason) => write!(f, "model not ready: {reason}"),
            Self::Unavailable(reason) => write!(f, "model unavailable: {reason}"),
            Self::BadReply(error) => write!(f, "bad reply: {error}"),
        }
    }
}

impl Error for ModelFailure {}
