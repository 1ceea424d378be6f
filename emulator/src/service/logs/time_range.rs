//! The events that a reader asks for by their time, as a range of ids, without what is past retention.

use std::ops::Range;

use super::event_id::EventId;
use super::log_group::LogGroup;
use crate::kernel::Timestamp;

/// From `start` on, and before `end`, both in milliseconds.
pub fn ids(group: &LogGroup, start: Option<i64>, end: Option<i64>, now: Timestamp) -> Range<EventId> {
    let horizon = EventId { millis: group.horizon(now), number: 0, beside: 0 };
    let start = EventId::new(start.unwrap_or(0), 0).max(horizon);
    start..end.map_or(LAST, |end| EventId::new(end, 0))
}

/// Behind all events.
const LAST: EventId = EventId { millis: u64::MAX, number: u64::MAX, beside: u64::MAX };
