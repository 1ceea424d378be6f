//! A secondary index: the items of a table that have its key, in the order of that key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/SecondaryIndexes.html>

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::key::{Key, KeyRange, KeySchema};
use super::store::Items;
use super::stored_item::StoredItem;
use super::throughput::{Throughput, Units};
use super::value::Item;
use crate::kernel::{EventId, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndexKind {
    /// With the partition key of its table; made with the table and never removed.
    Local,
    Global,
}

/// Which attributes an index holds beside the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Projected {
    All,
    KeysOnly,
    Include(BTreeSet<String>),
}

/// Where an index stands in its life. What lasts a while ends at that moment; with the event that asked for it.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndexStatus {
    /// CREATING, "resource allocation": `Backfilling` is false.
    Allocating(Timestamp, EventId),
    /// CREATING, filled from the table: `Backfilling` is true.
    Backfilling(Timestamp, EventId),
    Active,
    /// Gets this throughput.
    Updating(Timestamp, EventId, Units),
    Deleting(Timestamp, EventId),
}

impl IndexStatus {
    pub fn name(self) -> &'static str {
        match self {
            Self::Allocating(..) | Self::Backfilling(..) => "CREATING",
            Self::Active => "ACTIVE",
            Self::Updating(..) => "UPDATING",
            Self::Deleting(..) => "DELETING",
        }
    }

    /// When it ends by itself.
    pub fn ends(self) -> Option<Timestamp> {
        match self {
            Self::Active => None,
            Self::Allocating(until, _)
            | Self::Backfilling(until, _)
            | Self::Updating(until, ..)
            | Self::Deleting(until, _) => Some(until),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Index {
    pub name: String,
    pub kind: IndexKind,
    pub schema: KeySchema,
    pub projected: Projected,
    pub status: IndexStatus,
    /// Of a global index: nothing, unless its table's is provisioned.
    pub throughput: Throughput,
    /// Not kept: it follows from the items. Clones share it until one changes.
    #[serde(skip)]
    entries: Arc<BTreeMap<Place, Arc<StoredItem>>>,
    #[serde(skip)]
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
        Self {
            name,
            kind,
            schema,
            projected,
            status,
            throughput: Throughput::default(),
            entries: Arc::default(),
            bytes: 0,
        }
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

    /// The entries of a range in order, each with its key in the table; with `after`, only those beyond that place, in
    /// the direction of reading.
    pub fn range(&self, range: KeyRange, after: Option<&Place>, forward: bool) -> Items<'_> {
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
        if is_empty {
            return Box::new(std::iter::empty());
        }
        Box::new(self.entries.range((start, end)).filter_map(|(place, item)| match &place.among {
            Among::Item(key) => Some((key, item)),
            Among::First | Among::Last => None,
        }))
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
        if let Some(old) = Arc::make_mut(&mut self.entries).insert(place, item) {
            self.bytes -= old.bytes;
        }
        bytes
    }

    fn remove(&mut self, place: &Place) -> Option<usize> {
        let removed = Arc::make_mut(&mut self.entries).remove(place)?;
        self.bytes -= removed.bytes;
        Some(removed.bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::clock::Clock;
    use crate::kernel::{Call, Caller, Kernel, Operation, Scope};
    use crate::service::dynamodb::change::Author;
    use crate::service::dynamodb::number::Number;
    use crate::service::dynamodb::value::AttributeValue;
    use crate::service::dynamodb::{DynamoDb, create_table};

    const TABLE: &str = r#"{"TableName": "things", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}],
        "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s",
        "AttributeType": "N"}, {"AttributeName": "x", "AttributeType": "S"}, {"AttributeName": "y",
        "AttributeType": "N"}],
        "LocalSecondaryIndexes": [{"IndexName": "local", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
        {"AttributeName": "x", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}],
        "GlobalSecondaryIndexes": [{"IndexName": "pair", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"},
        {"AttributeName": "y", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["z"]}}, {"IndexName": "whole", "KeySchema": [{"AttributeName": "y", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}}]}"#;

    fn texts(of: &'static [&'static str]) -> BoxedStrategy<AttributeValue> {
        prop::sample::select(of).prop_map(|text| AttributeValue::S(text.to_owned())).boxed()
    }

    fn numbers(of: &'static [&'static str]) -> BoxedStrategy<AttributeValue> {
        let number = |text: &str| AttributeValue::N(Number::parse(text).expect("it is a number"));
        prop::sample::select(of).prop_map(number).boxed()
    }

    /// An item to put, or one whose key is to be removed.
    fn write() -> impl Strategy<Value = (Item, bool)> {
        let key = (texts(&["a", "b"]), numbers(&["-1", "0", "2E1"]));
        let x = prop::option::of(texts(&["u", "v"]));
        let y = prop::option::of(numbers(&["-2", "1", "10"]));
        let others = (prop::option::of(texts(&["m", "n"])), prop::option::of(texts(&["", "o"])));
        (key, x, y, others, prop::bool::weighted(0.2)).prop_map(|((p, s), x, y, (z, other), removes)| {
            let all = [("p", Some(p)), ("s", Some(s)), ("x", x), ("y", y), ("z", z), ("other", other)];
            let there = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
            (there.collect(), removes)
        })
    }

    /// What an index should hold, from the items alone.
    fn expected(index: &Index, table: &KeySchema, items: &BTreeMap<Key, Item>) -> Vec<Item> {
        let mut entries = BTreeMap::new();
        for (key, item) in items {
            if let Some(place) = index.schema.key_if_any(item) {
                let held = item.iter().filter(|(name, _)| index.holds(name, table));
                let held: Item = held.map(|(name, value)| (name.clone(), value.clone())).collect();
                entries.insert((place, key.clone()), held);
            }
        }
        entries.into_values().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_index_is_what_its_table_says(writes in prop::collection::vec(write(), 0..40)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
            let _entered = runtime.as_ref().expect("a runtime starts").enter();
            let kernel = Kernel::new(Clock::fitting_the_runtime(), 0);
            let (scope, caller) = (Scope::default(), Caller::default());
            let mut call = Call::new(&kernel, kernel.clock.now(), &scope, &caller, EventId(0));
            let mut state = DynamoDb::default();
            create_table::CreateTable::run(serde_json::from_str(TABLE).unwrap(), &mut state, &mut call).unwrap();
            let mut table = state.existing("things", &call).unwrap();
            let mut items = BTreeMap::new();
            for (item, removes) in writes {
                let key = table.schema.key_of_item(&item).expect("it has a key");
                if removes {
                    table.remove(&key, Author::Caller, &mut call);
                    items.remove(&key);
                } else {
                    table.put(key.clone(), item.clone(), &mut call);
                    items.insert(key, item);
                }
                for index in table.indexes.iter() {
                    let expected = expected(index, &table.schema, &items);
                    let found = index.range((Bound::Unbounded, Bound::Unbounded), None, true);
                    let found: Vec<Item> = found.map(|(_, stored)| stored.attributes()).collect();
                    prop_assert_eq!(&found, &expected, "{}", index.name);
                    let bytes: usize = expected.iter().map(crate::service::dynamodb::value::item_size).sum();
                    prop_assert_eq!((index.item_count(), index.bytes()), (expected.len(), bytes), "{}", index.name);
                }
            }
        }
    }
}
