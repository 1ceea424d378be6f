//! A log stream: events of one source, in the order of their own time.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::event_id::EventId;
use super::log_event::LogEvent;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Timestamp};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogStream {
    pub created: Timestamp,
    pub last_ingestion: Option<Timestamp>,
    pub upload_sequence_token: Option<String>,
    #[serde(skip)]
    events: Kept<EventId, LogEvent>,
}

impl LogStream {
    pub fn new(created: Timestamp) -> Self {
        Self { created, last_ingestion: None, upload_sequence_token: None, events: Kept::default() }
    }

    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("event", &mut self.events);
    }

    pub fn add(&mut self, events: Vec<LogEvent>) {
        for event in events {
            self.events.insert(event.id, event);
        }
    }

    pub fn oldest(&self) -> Option<&LogEvent> {
        self.events.first_key_value().map(|(_, event)| event)
    }

    pub fn newest(&self) -> Option<&LogEvent> {
        self.events.last_key_value().map(|(_, event)| event)
    }

    /// The events whose ids lie in the range.
    pub fn within(&self, range: Range<EventId>) -> impl DoubleEndedIterator<Item = &LogEvent> {
        self.events.range(range.start.min(range.end)..range.end).map(|(_, event)| event)
    }

    pub fn bytes(&self) -> u64 {
        self.events.values().map(|event| event.bytes() as u64).sum()
    }

    /// Forgets what is older; returns how many events and bytes.
    pub fn trim(&mut self, horizon: u64) -> (usize, u64) {
        let (mut count, mut bytes) = (0, 0);
        while self.oldest().is_some_and(|oldest| oldest.millis() < horizon)
            && let Some((_, event)) = self.events.pop_first()
        {
            count += 1;
            bytes += event.bytes() as u64;
        }
        (count, bytes)
    }
}

pub fn not_found() -> ApiError {
    ApiError::new("ResourceNotFoundException", "The specified log stream does not exist.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel;

    fn events(ids: &[(i64, u64)]) -> Vec<LogEvent> {
        let event = |(millis, number): &(i64, u64)| LogEvent {
            id: EventId::new(*millis, *number),
            ingested: Timestamp::default(),
            message: "x".into(),
            writer: kernel::EventId(0),
        };
        ids.iter().map(event).collect()
    }

    fn times(stream: &LogStream, range: Range<EventId>) -> Vec<(u64, u64)> {
        stream.within(range).map(|event| (event.millis(), event.id.number)).collect()
    }

    #[test]
    fn events_are_in_the_order_of_their_time_and_then_of_their_coming() {
        let mut stream = LogStream::new(Timestamp::default());
        stream.add(events(&[(10, 1), (20, 2), (30, 3)]));
        stream.add(events(&[(5, 4), (20, 5), (25, 6), (40, 7)]));
        stream.add(events(&[(40, 8)]));
        let all = EventId::default()..EventId::new(i64::MAX, 0);
        let expected = [(5, 4), (10, 1), (20, 2), (20, 5), (25, 6), (30, 3), (40, 7), (40, 8)];
        assert_eq!(times(&stream, all.clone()), expected);
        assert_eq!(times(&stream, EventId::new(20, 0)..EventId::new(30, 0)), [(20, 2), (20, 5), (25, 6)]);
        assert_eq!(times(&stream, EventId::new(20, 2).behind()..EventId::new(25, 6)), [(20, 5)]);
        assert_eq!(times(&stream, EventId::new(30, 0)..EventId::new(20, 0)), []);
        assert_eq!(stream.trim(20), (2, 54));
        assert_eq!(times(&stream, all), expected[2..]);
    }
}
