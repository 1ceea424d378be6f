//! Something on its way to an ARN, how hard the bus tries, and what becomes of it when it cannot arrive.
//!
//! One mechanism for all that is sent without a caller waiting for it:
//! EventBridge's targets, schedules, SQS's redrive, a table's changes.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::{ApiError, Arn, Scope, Timestamp};

/// Something on its way to an ARN.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Who sends: the ARN of a rule, say.
    pub from: Arn,
    pub to: Arn,
    pub body: Bytes,
    /// The partition key, message group or the like, where the sender gives one.
    pub key: Option<String>,
    /// Message attributes, all of them strings, for receivers that have such.
    pub attributes: Vec<(String, String)>,
    /// The operation that `body` is the JSON request of. Without one, the receiver knows what to do with what it is sent.
    pub request: Option<RequestOf>,
    pub enclosure: Option<Enclosure>,
    /// Writes the number of the attempt into a body that speaks of it, counted from 1.
    pub numbering: Option<fn(&Bytes, u32) -> Bytes>,
    /// Without one, it is tried once.
    pub effort: Option<Arc<Effort>>,
}

/// An AWS operation as the receiver of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOf {
    /// The service's signing name: `sqs`.
    pub service: String,
    /// AWS's name for it: `SendMessage`.
    pub operation: String,
}

/// What a sender encloses for a receiver of its own kind, such as a whole message of a queue for another queue.
#[derive(Clone)]
pub struct Enclosure(pub Arc<dyn Any + Send + Sync>);

/// How hard the bus tries.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Nothing is tried when this much time has passed since it was sent.
    pub max_age: Duration,
    /// How often it is tried after the first time.
    pub max_retries: u32,
    pub dead_letter: Option<DeadLetter>,
}

/// The letter to write when something cannot be delivered.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    pub queue: Arn,
    pub body: Bytes,
    /// Message attributes that are known from the start.
    pub attributes: Vec<(String, String)>,
    /// Message attributes that say what went wrong, in the sender's words.
    pub explain: fn(&Failure) -> Vec<(&'static str, String)>,
}

/// Why something could not be delivered.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What the last attempt ended with.
    pub error: ApiError,
    /// How often it was tried after the first time.
    pub retries: u32,
    /// What made the bus give up; nothing, if the error is one that no retry mends.
    pub exhausted: Option<Exhausted>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    MaximumRetryAttempts,
    MaximumEventAge,
}

/// What a receiver says to a delivery that it does not refuse.
pub enum Receipt {
    Taken,
    /// Not before this moment: the receiver's own pace. It does not count as an attempt.
    NotBefore(Timestamp),
    /// It is taken when this has come to a good end.
    Errand(Errand),
}

/// Work outside this world, such as a call to somebody's web server. It may block; no state is held meanwhile.
/// Says what the timeline is to say of it.
pub type Errand = Box<dyn FnOnce() -> Result<String, ApiError> + Send>;

impl Delivery {
    pub fn new(from: Arn, to: Arn, body: impl Into<Bytes>) -> Self {
        Self {
            from,
            to,
            body: body.into(),
            key: None,
            attributes: Vec::new(),
            request: None,
            enclosure: None,
            numbering: None,
            effort: None,
        }
    }

    pub fn with_key(mut self, key: Option<String>) -> Self {
        self.key = key;
        self
    }

    pub fn with_effort(mut self, effort: Option<Arc<Effort>>) -> Self {
        self.effort = effort;
        self
    }

    pub fn enclosing(mut self, enclosed: impl Any + Send + Sync) -> Self {
        self.enclosure = Some(Enclosure(Arc::new(enclosed)));
        self
    }

    /// Itself as it is sent in that attempt.
    pub fn in_attempt(&self, attempt: u32) -> Cow<'_, Self> {
        match self.numbering {
            Some(number) => Cow::Owned(Self { body: number(&self.body, attempt), ..self.clone() }),
            None => Cow::Borrowed(self),
        }
    }

    /// Where it is to be found on the timeline: an operation is run where the sender is.
    pub fn scope(&self) -> &Scope {
        if self.request.is_some() { &self.from.scope } else { &self.to.scope }
    }

    /// What is enclosed, if it is of that type.
    pub fn enclosed<T: Any>(&self) -> Option<&T> {
        self.enclosure.as_ref()?.0.downcast_ref()
    }
}

impl fmt::Debug for Enclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enclosure")
    }
}

impl Exhausted {
    /// In the words of dead-letter queues' `EXHAUSTED_RETRY_CONDITION`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MaximumRetryAttempts => "MaximumRetryAttempts",
            Self::MaximumEventAge => "MaximumEventAgeInSeconds",
        }
    }
}
