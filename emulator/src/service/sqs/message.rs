//! A message: what its sender said, and how it has fared in its queue.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::message_attributes::Attributes;
use crate::kernel::{Arn, EventId, Timestamp};

/// What a message is wherever it goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Content {
    pub id: String,
    pub body: String,
    pub body_md5: String,
    pub attributes: Attributes,
    pub trace_header: Option<String>,
    pub group: Option<String>,
    /// As the sender gave it, or as it follows from the body.
    pub deduplication: Option<String>,
    pub sender: String,
}

/// A message in a queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    pub content: Arc<Content>,
    /// Of messages in FIFO queues.
    pub sequence_number: Option<String>,
    pub sent: Timestamp,
    pub receives: u32,
    /// How many of the receives were in queues before this one.
    pub receives_elsewhere: u32,
    pub first_received: Option<Timestamp>,
    /// When it was received last: how long it may be invisible counts from here.
    pub received: Timestamp,
    pub state: State,
    /// The queue that it was received from too often.
    pub source: Option<Arn>,
    /// The event that sent it, or brought it here.
    pub writer: EventId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    Ready,
    /// Not received before this moment.
    Delayed(Timestamp),
    /// Received, and visible again at this moment.
    InFlight(Timestamp),
}

impl Message {
    pub fn new(content: Content, sent: Timestamp, writer: EventId) -> Self {
        Self {
            content: Arc::new(content),
            sequence_number: None,
            sent,
            receives: 0,
            receives_elsewhere: 0,
            first_received: None,
            received: sent,
            state: State::Ready,
            source: None,
            writer,
        }
    }

    pub fn is_in_flight(&self) -> bool {
        matches!(self.state, State::InFlight(_))
    }
}
