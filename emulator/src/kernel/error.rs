//! What a caller did wrong, in AWS's words.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An error that AWS would answer: the code SDKs match on, the exact message,
/// the HTTP status, and the extra members some errors carry.
///
/// Built by named constructors next to the code that knows the wording. A bug
/// of ours is a panic, never one of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiError {
    pub code: String,
    pub message: String,
    pub status: u16,
    /// Members beside the message, such as `CancellationReasons` or `Item`.
    pub members: Box<Map<String, Value>>,
    /// Headers beside the usual ones, such as `x-amz-retry-after`.
    #[serde(skip)]
    pub headers: Vec<(&'static str, String)>,
}

impl ApiError {
    /// A caller's mistake: HTTP 400.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self::with_status(400, code, message)
    }

    pub fn with_status(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status, members: Box::default(), headers: Vec::new() }
    }

    pub fn with_member(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A request that breaks the service's model or rules, where the code is `ValidationException`.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// A body that is not what the protocol says.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }

    /// Something AWS has and this emulator does not. 501 is not retried by SDKs.
    pub fn not_implemented(what: impl fmt::Display) -> Self {
        Self::with_status(
            501,
            "NotImplemented",
            format!("rehearsal does not implement {what} yet; COVERAGE.md lists what it does"),
        )
    }

    /// AWS has no such operation.
    pub fn unknown_operation(message: impl Into<String>) -> Self {
        Self::new("UnknownOperationException", message)
    }

    /// Whether the same call may succeed later: the service failed, or was busy.
    pub fn is_transient(&self) -> bool {
        const BUSY: [&str; 5] = ["Throttl", "Throughput", "TooManyRequests", "RequestLimitExceeded", "SlowDown"];
        let not_implemented = self.status == 501;
        let failed = self.status >= 500 || self.status == 429;
        !not_implemented && (failed || BUSY.iter().any(|busy| self.code.contains(busy)))
    }

    /// How long the one who failed asks to be left alone (HTTP's `Retry-After`, in seconds).
    pub fn retry_after(&self) -> Option<Duration> {
        let (_, seconds) = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
        seconds.parse().ok().map(Duration::from_secs)
    }

    /// Our mistake, as the caller sees it.
    pub fn internal() -> Self {
        Self::with_status(
            500,
            "InternalFailure",
            "rehearsal failed on this request: see the timeline and the server's log",
        )
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ApiError {}
