//! One thing that happened, and what it came from.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::kernel::{Caller, Scope};

/// Numbers events from 1 in the order in which they began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An AWS call arrived.
    Request,
    /// Something arrived that is no AWS call we know.
    Refused,
    /// A service sent something to another over the bus.
    Hop,
    /// A service sent something to a caller that listens.
    Push,
    /// Work that fell due on the clock.
    Timer,
    /// The scripted model was asked.
    Model,
    /// Somebody changed the world from outside: clock, faults, script, reset.
    Control,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Outcome {
    /// No answer yet.
    Pending,
    Done,
    /// Refused with an AWS error.
    Error {
        code: String,
        message: String,
    },
    /// A fault took its place or followed it: `hung`, `reset`, `response lost`.
    Fault {
        what: String,
    },
    /// The emulator itself failed.
    Panic {
        message: String,
    },
}

/// How an event knows its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// The cause made this happen: a hop, a timer, a model call.
    Made,
    /// The cause wrote what this read.
    Read,
    /// The same logical call, one attempt earlier.
    Retry,
    /// The caller said so in `X-Amzn-Trace-Id`.
    Traced,
    /// The cause was the last to hand work to the same caller. Inferred, and
    /// exact as long as a caller works on one thing at a time.
    Handed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    pub event: EventId,
    pub link: Link,
}

/// Kept by the thousand and made for every request: what most events share is not copied into each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    pub id: EventId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Milliseconds since the timeline began.
    pub at_ms: u64,
    pub kind: Kind,
    pub service: Cow<'static, str>,
    /// The operation, or what else was done.
    pub action: Cow<'static, str>,
    /// What it was done to: a table, a stream, a model.
    pub resource: String,
    /// What is worth saying besides: `1 record`, `rule refund`.
    pub detail: String,
    pub outcome: Outcome,
    #[serde(serialize_with = "shared_text")]
    pub account: Arc<str>,
    #[serde(serialize_with = "shared_text")]
    pub region: Arc<str>,
    /// The caller's application name, where it gave one.
    #[serde(serialize_with = "shared_text")]
    pub app: Arc<str>,
    /// Which attempt of a logical call this is, as the SDK says.
    pub attempt: u32,
    /// Nothing came of it (an empty poll): kept, but left out of the text.
    pub quiet: bool,
}

/// Bytes that are kept of each text. Names of AWS are shorter; what a caller sends instead of one may be megabytes.
const TEXT_BYTES_MAX: usize = 1024;

impl Event {
    /// Cuts every text to what is kept of it.
    pub(super) fn clip(&mut self) {
        if let Cow::Owned(action) = &mut self.action {
            clip(action);
        }
        clip(&mut self.resource);
        clip(&mut self.detail);
        match &mut self.outcome {
            Outcome::Pending | Outcome::Done => {}
            Outcome::Error { code, message } => {
                clip(code);
                clip(message);
            }
            Outcome::Fault { what: text } | Outcome::Panic { message: text } => clip(text),
        }
    }
}

fn clip(text: &mut String) {
    if text.len() <= TEXT_BYTES_MAX {
        return;
    }
    text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
    text.push('…');
    text.shrink_to_fit();
}

fn shared_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// What is known of an event when it begins.
#[derive(Clone, Debug)]
pub struct Beginning {
    pub kind: Kind,
    pub service: Cow<'static, str>,
    pub action: Cow<'static, str>,
    pub resource: String,
    pub detail: String,
    pub cause: Option<Cause>,
    pub scope: Scope,
    pub caller: Caller,
    pub attempt: u32,
}

impl Beginning {
    pub fn new(
        kind: Kind,
        service: impl Into<Cow<'static, str>>,
        action: impl Into<Cow<'static, str>>,
        resource: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            service: service.into(),
            action: action.into(),
            resource: resource.into(),
            detail: String::new(),
            cause: None,
            scope: Scope::default(),
            caller: Caller::default(),
            attempt: 1,
        }
    }

    pub fn because_of(mut self, event: EventId, link: Link) -> Self {
        self.cause = Some(Cause { event, link });
        self
    }

    pub fn in_scope(mut self, scope: &Scope) -> Self {
        self.scope = scope.clone();
        self
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Pending => f.write_str("no answer yet"),
            Outcome::Done => Ok(()),
            Outcome::Error { code, message } => write!(f, "{code}: {message}"),
            Outcome::Fault { what } => f.write_str(what),
            Outcome::Panic { message } => write!(f, "REHEARSAL PANICKED: {message}"),
        }
    }
}
