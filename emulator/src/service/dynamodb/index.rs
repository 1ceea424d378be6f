//! A secondary index: the items of a table that have its key, in the order of that key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html>

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::key::{Key, KeyRange, KeySchema};
use super::stored_item::StoredItem;
use super::value::Item;
use crate::kernel::{ApiError, EventId, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// With the partition key of its table; made with the table and never removed.
    Local,
    Global,
}

/// Which attributes an index holds beside the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Projected {
    All,
    KeysOnly,
    Include(BTreeSet<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexStatus {
    /// Is filled from the table and becomes active at that moment; with the event that asked for it.
    Creating(Timestamp, EventId),
    Active,
    Updating(Timestamp, EventId),
    /// Is gone at that moment.
    Deleting(Timestamp, EventId),
}

#[derive(Debug)]
pub struct Index {
    pub name: String,
    pub kind: IndexKind,
    pub schema: KeySchema,
    pub projected: Projected,
    pub status: IndexStatus,
    /// Of a global index with provisioned throughput: read and write units.
    pub throughput: Option<(i64, i64)>,
    entries: BTreeMap<Place, Arc<StoredItem>>,
    bytes: usize,
}

/// Where an entry stands: several items may share an index key, so the key of the table tells them apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub key: Key,
    pub among: Among,
}

/// A place among the entries of one index key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Among {
    First,
    Item(Key),
    Last,
}

/// What a write did to an index, for its capacity units: the entries removed and put, by their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub removed: Option<usize>,
    pub put: Option<usize>,
    /// The entry kept its place: one write did both.
    pub in_place: bool,
}

/// An item on its way into an index.
struct Entry {
    place: Place,
    item: Arc<StoredItem>,
}

impl Index {
    pub fn new(name: String, kind: IndexKind, schema: KeySchema, projected: Projected, status: IndexStatus) -> Self {
        Self { name, kind, schema, projected, status, throughput: None, entries: BTreeMap::new(), bytes: 0 }
    }

    pub fn item_count(&self) -> usize {
        self.entries.len()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether the index holds whole items.
    pub fn holds_all(&self) -> bool {
        self.projected == Projected::All
    }

    /// Whether the index holds this attribute.
    pub fn holds(&self, name: &str, table: &KeySchema) -> bool {
        match &self.projected {
            Projected::All => true,
            Projected::KeysOnly => self.schema.contains(name) || table.contains(name),
            Projected::Include(names) => self.schema.contains(name) || table.contains(name) || names.contains(name),
        }
    }

    /// Refuses an item that has an attribute of the key with another type: it may lack it, but not so.
    pub fn check(&self, item: &Item) -> Result<(), ApiError> {
        for attribute in self.schema.attributes() {
            let Some(value) = item.get(&attribute.name) else { continue };
            if value.type_name() != attribute.kind.name() {
                return Err(ApiError::validation(format!(
                    "One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} Actual: {} \
                     IndexName: {}",
                    attribute.name,
                    attribute.kind.name(),
                    value.type_name(),
                    self.name
                )));
            }
        }
        Ok(())
    }

    /// Follows a write of the table. `before` and `after` are the item with its attributes read.
    pub fn follow(
        &mut self,
        table: &KeySchema,
        key: &Key,
        before: Option<&(Item, Arc<StoredItem>)>,
        after: Option<&(Item, Arc<StoredItem>)>,
    ) -> Touched {
        let old = before.and_then(|(item, _)| self.place_of(item, key));
        let new = after.and_then(|(item, stored)| self.entry(table, key, item, stored));
        let mut touched = Touched::default();
        if let (Some(place), Some(entry)) = (&old, &new)
            && *place == entry.place
            && let Some(standing) = self.entries.get(place)
        {
            touched.in_place = true;
            if standing.same_attributes(&entry.item) {
                // Nothing the index shows has changed; the new one carries who wrote it.
                self.put(new.expect("it was just looked at"));
                return touched;
            }
        }
        touched.removed = old.and_then(|place| self.remove(&place));
        touched.put = new.map(|entry| self.put(entry));
        touched
    }

    /// The entries of a range, in order; with `after`, only those beyond that place, in the direction of reading.
    pub fn range(
        &self,
        range: KeyRange,
        after: Option<&Place>,
        forward: bool,
    ) -> impl DoubleEndedIterator<Item = &Arc<StoredItem>> {
        let (start, end) = range;
        let mut start = match start {
            Bound::Included(key) => Bound::Included(Place { key, among: Among::First }),
            Bound::Excluded(key) => Bound::Excluded(Place { key, among: Among::Last }),
            Bound::Unbounded => Bound::Unbounded,
        };
        let mut end = match end {
            Bound::Included(key) => Bound::Included(Place { key, among: Among::Last }),
            Bound::Excluded(key) => Bound::Excluded(Place { key, among: Among::First }),
            Bound::Unbounded => Bound::Unbounded,
        };
        if let Some(place) = after {
            if forward {
                start = Bound::Excluded(place.clone());
            } else {
                end = Bound::Excluded(place.clone());
            }
        }
        let is_empty = match (&start, &end) {
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (Bound::Included(start) | Bound::Excluded(start), Bound::Included(end) | Bound::Excluded(end)) => {
                start >= end
            }
        };
        let entries = (!is_empty).then(|| self.entries.range((start, end)));
        entries.into_iter().flatten().map(|(_, item)| item)
    }

    /// Where an item would stand; `None` if it lacks the key: the index is sparse.
    fn place_of(&self, item: &Item, key: &Key) -> Option<Place> {
        Some(Place { key: self.schema.key_if_any(item)?, among: Among::Item(key.clone()) })
    }

    fn entry(&self, table: &KeySchema, key: &Key, item: &Item, stored: &Arc<StoredItem>) -> Option<Entry> {
        let place = self.place_of(item, key)?;
        if self.holds_all() {
            return Some(Entry { place, item: Arc::clone(stored) });
        }
        let held = item.iter().filter(|(name, _)| self.holds(name, table));
        let held: Item = held.map(|(name, value)| (name.clone(), value.clone())).collect();
        Some(Entry { place, item: Arc::new(StoredItem::new(&held, stored.writer, None)) })
    }

    fn put(&mut self, Entry { place, item }: Entry) -> usize {
        let bytes = item.bytes;
        self.bytes += bytes;
        if let Some(old) = self.entries.insert(place, item) {
            self.bytes -= old.bytes;
        }
        bytes
    }

    fn remove(&mut self, place: &Place) -> Option<usize> {
        let removed = self.entries.remove(place)?;
        self.bytes -= removed.bytes;
        Some(removed.bytes)
    }
}
