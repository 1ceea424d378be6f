//! Something that happens to a table by itself at a moment.

use serde::{Deserialize, Serialize};

use crate::kernel::{EventId, Timestamp};

/// What will be, when, and the event that set it in motion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due<T> {
    pub at: Timestamp,
    pub cause: EventId,
    pub then: T,
}

/// Takes it if it is due.
pub fn take<T>(slot: &mut Option<Due<T>>, now: Timestamp) -> Option<Due<T>> {
    slot.take_if(|due| due.at <= now)
}
