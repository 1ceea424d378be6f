//! A log event as it is kept.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event_id::EventId;
use crate::kernel::{self, Timestamp};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogEvent {
    /// Holds the event's own time.
    pub id: EventId,
    pub ingested: Timestamp,
    pub message: Arc<str>,
    /// What wrote it, on the timeline.
    pub writer: kernel::EventId,
}

/// What AWS counts for each event beside its message.
pub const OVERHEAD_BYTES: usize = 26;

impl LogEvent {
    pub fn millis(&self) -> u64 {
        self.id.millis
    }

    pub fn bytes(&self) -> usize {
        self.message.len() + OVERHEAD_BYTES
    }
}
