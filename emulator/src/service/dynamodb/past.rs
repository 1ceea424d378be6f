//! What tables held a short while ago, for reads that lag behind.
//!
//! A table remembers what its writes replace only as long as a fault rule makes
//! reads stale, and as far back as the stalest of them reaches: without one, a
//! write costs nothing here. So the past begins with the rule.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;

use super::DynamoDb;
use super::held::Held;
use super::key::Key;
use super::stored_item::StoredItem;
use super::table::Table;
use crate::kernel::{ApiError, Call, Timestamp};

/// What writes have replaced, oldest first. It is not kept beyond the process: the fault rules that look back are not.
#[derive(Clone, Debug, Default)]
pub struct Past(VecDeque<Replaced>);

/// What stood at a key until a moment.
#[derive(Clone, Debug)]
pub struct Replaced {
    pub at: Timestamp,
    pub key: Key,
    pub before: Option<Arc<StoredItem>>,
}

impl Past {
    /// Remembers what a write replaces, if reads may ask for it, and forgets what none can ask for any more.
    pub fn remember(&mut self, key: &Key, before: Option<&Arc<StoredItem>>, call: &Call<'_>) {
        let Some(reach) = call.kernel.faults.reach() else {
            self.0.clear();
            return;
        };
        while self.0.front().is_some_and(|oldest| oldest.at <= call.now - reach) {
            self.0.pop_front();
        }
        self.0.push_back(Replaced { at: call.now, key: key.clone(), before: before.cloned() });
    }

    /// What was replaced after a moment, newest first: the way back to it.
    pub fn back_to(&self, moment: Timestamp) -> impl Iterator<Item = &Replaced> {
        self.0.iter().rev().take_while(move |replaced| replaced.at > moment)
    }
}

/// A table to read from: as it is, or as it was.
pub enum Readable<'s> {
    Now(Held<'s>),
    Then(Box<Table>),
}

impl<'s> Readable<'s> {
    /// The active table of that name as a read of that consistency sees it.
    pub fn active(state: &'s DynamoDb, given: &str, consistent: bool, call: &Call<'s>) -> Result<Self, ApiError> {
        let table = state.active(given, call)?;
        Ok(match lagging(&table, consistent, call) {
            Some(then) => Self::Then(then),
            None => Self::Now(table),
        })
    }
}

impl Deref for Readable<'_> {
    type Target = Table;

    fn deref(&self) -> &Table {
        match self {
            Self::Now(held) => held,
            Self::Then(table) => table,
        }
    }
}

/// The table as it stood, if that is what this call reads.
pub fn lagging(table: &Table, consistent: bool, call: &Call<'_>) -> Option<Box<Table>> {
    let by = call.circumstances.stale.filter(|_| !consistent)?;
    Some(Box::new(table.as_of(call.now - by)))
}
