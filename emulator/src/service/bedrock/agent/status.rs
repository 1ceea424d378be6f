//! In what state an agent or an alias is, and when that changes by itself.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{Call, EventId, Timestamp};

/// Of an agent; an alias has some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Creating,
    NotPrepared,
    Preparing,
    Prepared,
    Updating,
    Versioning,
    Failed,
    Deleting,
}

/// A state with the change that is under way, if any.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Progress {
    pub now: Status,
    change: Option<Change>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Change {
    at: Timestamp,
    to: Status,
    cause: EventId,
}

/// assumed: how long AWS takes. It takes seconds, and more of them to prepare than to do the rest.
const PREPARING: Duration = Duration::from_secs(5);
const ANYTHING_ELSE: Duration = Duration::from_secs(2);

impl Status {
    /// In AWS's messages: `Preparing`.
    pub fn title(self) -> &'static str {
        match self {
            Status::Creating => "Creating",
            Status::NotPrepared => "NotPrepared",
            Status::Preparing => "Preparing",
            Status::Prepared => "Prepared",
            Status::Updating => "Updating",
            Status::Versioning => "Versioning",
            Status::Failed => "Failed",
            Status::Deleting => "Deleting",
        }
    }
}

impl Progress {
    pub fn at_rest(now: Status) -> Self {
        Self { now, change: None }
    }

    /// From `now` to another state, in AWS's time.
    pub fn begun(now: Status, to: Status, call: &Call<'_>) -> Self {
        let takes = if now == Status::Preparing { PREPARING } else { ANYTHING_ELSE };
        Self { now, change: Some(Change { at: call.now + takes, to, cause: call.event }) }
    }

    /// Whether nothing is under way.
    pub fn is_at_rest(&self) -> bool {
        self.change.is_none()
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.change.as_ref().map(|change| change.at)
    }

    /// Ends the change that is due. Says what caused it.
    pub fn end_due(&mut self, now: Timestamp) -> Option<EventId> {
        let change = self.change.take_if(|change| change.at <= now)?;
        self.now = change.to;
        Some(change.cause)
    }
}
