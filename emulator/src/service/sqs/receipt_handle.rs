//! Receipt handles: which message of which queue, and the how-manieth receive of it.

use serde::{Deserialize, Serialize};

use super::queue::Queue;
use super::refusal::missing;
use crate::kernel::{ApiError, Timestamp, opaque};

const KIND: &str = "receipt handle";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptHandle {
    queue: String,
    /// Tells apart queues that had the same name one after the other.
    created: Timestamp,
    pub number: u64,
    pub receive: u32,
}

impl ReceiptHandle {
    pub fn new(queue: &Queue, number: u64, receive: u32) -> Self {
        Self { queue: queue.name.clone(), created: queue.created, number, receive }
    }

    pub fn encode(&self) -> String {
        opaque::seal(KIND, self)
    }

    /// Reads a handle that must be one of this queue.
    pub fn parse(text: Option<&str>, queue: &Queue) -> Result<Self, ApiError> {
        let text = text.ok_or_else(|| missing("ReceiptHandle"))?;
        let refused = |message: String| ApiError::new("ReceiptHandleIsInvalid", message);
        let handle: Self = opaque::open(KIND, text)
            .ok_or_else(|| refused(format!("The input receipt handle \"{text}\" is not a valid receipt handle.")))?;
        if handle.queue != queue.name || handle.created != queue.created {
            return Err(refused(format!("The receipt handle \"{text}\" is not valid for this queue.")));
        }
        Ok(handle)
    }
}
