//! The events of an archive.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;
use crate::kernel::store::{Book, Kept, Single};
use crate::wire::blob;

/// Each event is kept as a record of its own.
#[derive(Clone, Default)]
pub struct Stored {
    /// By the time in the event, and then as they came.
    by_time: Kept<Place, Archived>,
    so_far: Single<u64>,
    /// When each came, and its place: the oldest first. Follows from the events, as their size does.
    by_age: VecDeque<(Timestamp, Place)>,
    bytes: u64,
}

/// Where an event is in an archive.
pub type Place = (Timestamp, u64);

#[derive(Clone, Serialize, Deserialize)]
struct Archived {
    came: Timestamp,
    #[serde(with = "blob::plain")]
    event: Bytes,
}

impl Stored {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("event", &mut self.by_time);
        book.value("events_so_far", &mut self.so_far);
        if book.reads() {
            let mut by_age: Vec<_> = self.by_time.iter().map(|(place, archived)| (archived.came, *place)).collect();
            by_age.sort_unstable_by_key(|(_, (_, number))| *number);
            self.by_age = by_age.into();
            self.bytes = self.by_time.values().map(|archived| archived.event.len() as u64).sum();
        }
    }

    pub fn add(&mut self, time: Timestamp, event: Bytes, now: Timestamp) {
        let place = (time, *self.so_far);
        *self.so_far += 1;
        self.bytes += event.len() as u64;
        self.by_time.insert(place, Archived { came: now, event });
        self.by_age.push_back((now, place));
    }

    /// When the oldest came.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.by_age.front().map(|(came, _)| *came)
    }

    /// Drops what came by then.
    pub fn forget(&mut self, horizon: Timestamp) {
        while let Some((_, place)) = self.by_age.pop_front_if(|(came, _)| *came <= horizon) {
            let size = self.by_time.remove(&place).map_or(0, |archived| archived.event.len() as u64);
            self.bytes -= size;
        }
    }

    /// How many there are, and how many bytes they have together.
    pub fn size(&self) -> (usize, u64) {
        (self.by_time.len(), self.bytes)
    }

    /// The next events from `from` on, of one minute, up to `max` of them, none later than `until`, each with its place.
    pub fn batch(&self, from: Place, until: Timestamp, max: usize) -> Vec<(Place, Bytes)> {
        let mut range = self.by_time.range(from..=(until, u64::MAX)).peekable();
        let Some(((first, _), _)) = range.peek() else { return Vec::new() };
        let minute = |time: Timestamp| time.as_secs().div_euclid(60);
        let first = minute(*first);
        range
            .take_while(|((time, _), _)| minute(*time) == first)
            .take(max)
            .map(|(at, archived)| (*at, archived.event.clone()))
            .collect()
    }
}
