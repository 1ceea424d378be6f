//! What is to be invoked when. Each schedule has at most one entry: its next occurrence.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;

/// A schedule among all of an account and region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    pub group: Arc<str>,
    pub name: Arc<str>,
}

/// By due time, and then in the order in which the schedules were made.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    entries: BTreeMap<(Timestamp, u64), Key>,
}

/// An entry of the agenda.
pub type Entry = ((Timestamp, u64), Key);

impl FromIterator<Entry> for Agenda {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

impl Agenda {
    pub fn add(&mut self, due: Timestamp, id: u64, key: Key) {
        self.entries.insert((due, id), key);
    }

    pub fn remove(&mut self, due: Timestamp, id: u64) {
        self.entries.remove(&(due, id));
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.entries.keys().next().map(|(due, _)| *due)
    }

    pub fn take_due(&mut self, now: Timestamp) -> Option<(u64, Key)> {
        let first = self.entries.first_entry()?;
        if first.key().0 > now {
            return None;
        }
        let ((_, id), key) = first.remove_entry();
        Some((id, key))
    }
}
