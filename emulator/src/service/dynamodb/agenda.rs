//! When which table has work to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::Timestamp;

/// The next due moment of each table, in order.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    by_time: BTreeSet<(Timestamp, String)>,
    by_table: BTreeMap<String, Timestamp>,
}

impl Agenda {
    pub fn next_due(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(due, _)| *due)
    }

    /// Takes the next table that is due by `now`.
    pub fn take_due(&mut self, now: Timestamp) -> Option<String> {
        let (due, table) = self.by_time.first().filter(|(due, _)| *due <= now)?.clone();
        self.by_time.remove(&(due, table.clone()));
        self.by_table.remove(&table);
        Some(table)
    }

    pub fn plan(&mut self, table: &str, due: Option<Timestamp>) {
        let old = self.by_table.get(table).copied();
        if old == due {
            return;
        }
        if let Some(old) = old {
            self.by_time.remove(&(old, table.to_owned()));
            self.by_table.remove(table);
        }
        if let Some(due) = due {
            self.by_time.insert((due, table.to_owned()));
            self.by_table.insert(table.to_owned(), due);
        }
    }
}
