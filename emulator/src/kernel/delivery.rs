//! Something on its way to an ARN, how hard the bus tries, and what becomes of it when it cannot arrive.
//!
//! One mechanism for all that is sent without a caller waiting for it:
//! EventBridge's targets, schedules, SQS's redrive, a table's changes.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ApiError, Arn, Scope, Timestamp};
use crate::wire;

/// Something on its way to an ARN.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// Who sends: the ARN of a rule, say.
    pub from: Arn,
    pub to: Arn,
    #[serde(with = "wire::blob::plain")]
    pub body: Bytes,
    /// The partition key, message group or the like, where the sender gives one.
    pub key: Option<String>,
    /// Message attributes, all of them strings, for receivers that have such.
    pub attributes: Vec<(String, String)>,
    /// The operation that `body` is the JSON request of. Without one, the receiver knows what to do with what it is sent.
    pub request: Option<RequestOf>,
    pub enclosure: Option<Enclosure>,
    /// The body speaks of the number of the attempt: the sender's service writes it ([`super::Service::number`]).
    pub numbered: bool,
    /// Without one, it is tried once.
    pub effort: Option<Arc<Effort>>,
}

/// An AWS operation as the receiver of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestOf {
    /// The service's signing name: `sqs`.
    pub service: String,
    /// AWS's name for it: `SendMessage`.
    pub operation: String,
}

/// What a sender encloses for a receiver of its own kind, such as a whole message of a queue for another queue.
pub trait Enclosed: Serialize + DeserializeOwned {
    /// Tells it from what others enclose.
    const KIND: &'static str;
}

/// Something enclosed, as it can be kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enclosure {
    kind: String,
    value: Arc<Value>,
}

/// How hard the bus tries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Effort {
    /// Nothing is tried when this much time has passed since it was sent.
    pub max_age: Duration,
    /// How often it is tried after the first time.
    pub max_retries: u32,
    pub dead_letter: Option<DeadLetter>,
}

/// The letter to write when something cannot be delivered. What went wrong is added to its attributes in the words of
/// the sender's service ([`super::Service::explain`]).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeadLetter {
    pub queue: Arn,
    #[serde(with = "wire::blob::plain")]
    pub body: Bytes,
    /// Message attributes that are known from the start.
    pub attributes: Vec<(String, String)>,
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
            numbered: false,
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

    pub fn enclosing<T: Enclosed>(mut self, enclosed: &T) -> Self {
        let value = serde_json::to_value(enclosed).expect("what is enclosed is plain data with text keys");
        self.enclosure = Some(Enclosure { kind: T::KIND.to_owned(), value: Arc::new(value) });
        self
    }

    /// Itself as it is sent in that attempt, by who knows how its sender numbers.
    pub fn in_attempt(&self, attempt: u32, number: impl FnOnce(&Bytes, u32) -> Bytes) -> Cow<'_, Self> {
        if !self.numbered {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self { body: number(&self.body, attempt), ..self.clone() })
    }

    /// Where it is to be found on the timeline: an operation is run where the sender is.
    pub fn scope(&self) -> &Scope {
        if self.request.is_some() { &self.from.scope } else { &self.to.scope }
    }

    /// What is enclosed, if it is of that type.
    pub fn enclosed<T: Enclosed>(&self) -> Option<T> {
        let Enclosure { kind, value } = self.enclosure.as_ref()?;
        if *kind != T::KIND {
            return None;
        }
        T::deserialize(&**value).ok()
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
