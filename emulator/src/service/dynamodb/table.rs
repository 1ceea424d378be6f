//! A table: its key, its status and its items.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::{Author, Change};
use super::control::Control;
use super::expiry;
use super::index::{Index, IndexKind, IndexStatus, Touched};
use super::key::{Key, KeyRange, KeySchema};
use super::kinesis_record;
use super::past::Past;
use super::settings::Settings;
use super::store::{Items, Memory, Store};
use super::stored_item::StoredItem;
use super::table_class::TableClass;
use super::table_streams::TableStreams;
use super::throughput::Units;
use super::value::Item;
use crate::kernel::store::Single;
use crate::kernel::{ApiError, Arn, Call, EventId, Timestamp};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Becomes active at that moment; with the event that asked for it.
    Creating(Timestamp, EventId),
    #[default]
    Active,
    /// Is active again at that moment. Its items are served meanwhile.
    Updating(Timestamp, EventId, Update),
    /// Is gone at that moment.
    Deleting(Timestamp, EventId),
}

/// What changes while a table is updating. What is in it takes effect at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Update {
    Throughput(Units),
    Billing,
    Class(TableClass),
    Stream,
    Indexes,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Creating(..) => "CREATING",
            Self::Active => "ACTIVE",
            Self::Updating(..) => "UPDATING",
            Self::Deleting(..) => "DELETING",
        }
    }

    /// When it ends by itself.
    pub fn ends(self) -> Option<Timestamp> {
        match self {
            Self::Creating(until, _) | Self::Updating(until, ..) | Self::Deleting(until, _) => Some(until),
            Self::Active => None,
        }
    }

    /// Whether items can be read and written.
    pub fn serves_items(self) -> bool {
        matches!(self, Self::Active | Self::Updating(..))
    }
}

/// A clone is another table with the same items, which the two share until one changes.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub id: String,
    pub arn: Arn,
    pub created: Timestamp,
    pub status: Single<Status>,
    pub schema: KeySchema,
    pub control: Single<Control>,
    /// The attribute that holds the expiry, while time to live is enabled.
    pub ttl_attribute: Single<Option<String>>,
    /// By name. What they hold follows from the items.
    pub indexes: Single<Vec<Index>>,
    pub streams: TableStreams,
    pub(super) settings: Settings,
    pub(super) items: Box<dyn Store>,
    bytes: usize,
    /// The items that will be swept, in order.
    expiring: Arc<BTreeSet<(Timestamp, Key)>>,
    /// When the service's agenda has work for this table.
    pub planned: Option<Timestamp>,
    /// Not kept: see [`past`](super::past).
    past: Past,
}

/// What a write did.
#[derive(Debug)]
pub struct Written {
    pub before: Option<Arc<StoredItem>>,
    pub after: Option<Arc<StoredItem>>,
    /// What it did to each index, by name.
    pub touched: Vec<(IndexKind, String, Touched)>,
}

/// What a table begins with.
pub struct Blueprint {
    pub name: String,
    pub id: String,
    pub arn: Arn,
    pub created: Timestamp,
    pub status: Status,
    pub schema: KeySchema,
    pub indexes: Vec<Index>,
    pub control: Control,
}

impl Table {
    pub fn new(blueprint: Blueprint, settings: Settings) -> Self {
        let Blueprint { name, id, arn, created, status, schema, mut indexes, control } = blueprint;
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            name,
            id,
            arn,
            created,
            status: status.into(),
            schema,
            control: control.into(),
            ttl_attribute: Single::default(),
            indexes: indexes.into(),
            streams: TableStreams::default(),
            settings,
            items: Box::new(Memory::default()),
            bytes: 0,
            expiring: Arc::default(),
            planned: None,
            past: Past::default(),
        }
    }

    pub fn get(&self, key: &Key) -> Option<&Arc<StoredItem>> {
        self.items.get(key)
    }

    /// Puts an item in place of what stands at its key.
    pub fn put(&mut self, key: Key, item: Item, call: &mut Call<'_>) -> Written {
        let ttl = self.ttl_attribute.as_deref();
        let sweep_at = expiry::sweep_at(&item, ttl, self.settings.sweep_lag, call.now, call.ids());
        let after = StoredItem::new(&item, call.event, sweep_at);
        self.replace(key, after, Some(item), call)
    }

    /// Whether something looks at all attributes of an item that changes.
    pub fn follows_whole_items(&self) -> bool {
        self.ttl_attribute.is_some() || !self.indexes.is_empty() || self.streams.enabled().is_some()
    }

    /// Puts an item that nothing looks at whole.
    pub fn put_stored(&mut self, key: Key, after: StoredItem, call: &mut Call<'_>) -> Written {
        self.replace(key, after, None, call)
    }

    fn replace(&mut self, key: Key, after: StoredItem, item: Option<Item>, call: &mut Call<'_>) -> Written {
        let after = Arc::new(after);
        let before = self.items.insert(key.clone(), Arc::clone(&after));
        self.bytes += after.bytes;
        if let Some(before) = &before {
            self.forget(&key, before);
        }
        self.will_sweep(&key, &after);
        let change = Change { before, after: Some(after), author: Author::Caller };
        self.changed(&key, change, item, call)
    }

    /// Removes the item at a key, if there is one.
    pub fn remove(&mut self, key: &Key, author: Author, call: &mut Call<'_>) -> Written {
        let before = self.items.remove(key);
        if let Some(before) = &before {
            self.forget(key, before);
        }
        self.changed(key, Change { before, after: None, author }, None, call)
    }

    /// Tells a change to all that follow this table. `item` is what stands there now, if any of them looks at it whole.
    fn changed(&mut self, key: &Key, change: Change, item: Option<Item>, call: &mut Call<'_>) -> Written {
        kinesis_record::send(self, &change, call);
        self.stream_change(&change, item.as_ref(), call);
        self.past.remember(key, change.before.as_ref(), call);
        let mut touched = Vec::new();
        if !self.indexes.is_empty() {
            let before = change.before.as_ref().map(|stored| (stored.attributes(), Arc::clone(stored)));
            let after = item.zip(change.after.clone());
            for index in self.indexes.untouched() {
                let follow = index.follow(&self.schema, key, before.as_ref(), after.as_ref());
                touched.push((index.kind, index.name.clone(), follow));
            }
        }
        let Change { before, after, .. } = change;
        Written { before, after, touched }
    }

    /// The table and its indexes as they stood at a moment, for a read that lags behind: made anew for it, since only
    /// faults make reads so.
    pub fn as_of(&self, moment: Timestamp) -> Self {
        let empty = |index: &Index| {
            Index::new(index.name.clone(), index.kind, index.schema.clone(), index.projected.clone(), index.status)
        };
        let blueprint = Blueprint {
            name: self.name.clone(),
            id: self.id.clone(),
            arn: self.arn.clone(),
            created: self.created,
            status: *self.status,
            schema: self.schema.clone(),
            indexes: self.indexes.iter().map(empty).collect(),
            control: (*self.control).clone(),
        };
        let mut then = Self::new(blueprint, self.settings);
        let everything = || (std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
        for (key, stored) in self.items.range(everything()) {
            then.items.insert(key.clone(), Arc::clone(stored));
        }
        for replaced in self.past.back_to(moment) {
            match &replaced.before {
                Some(stored) => then.items.insert(replaced.key.clone(), Arc::clone(stored)),
                None => then.items.remove(&replaced.key),
            };
        }
        for index in then.indexes.iter_mut() {
            for (key, stored) in then.items.range(everything()) {
                index.follow(&then.schema, key, None, Some(&(stored.attributes(), Arc::clone(stored))));
            }
        }
        then
    }

    /// Puts an item that was kept into a table that is read back.
    pub(super) fn take_in(&mut self, key: Key, item: Item, stored: Arc<StoredItem>) {
        self.bytes += stored.bytes;
        self.will_sweep(&key, &stored);
        let after = (item, Arc::clone(&stored));
        for index in self.indexes.untouched() {
            index.follow(&self.schema, &key, None, Some(&after));
        }
        self.items.insert(key, stored);
    }

    fn will_sweep(&mut self, key: &Key, item: &StoredItem) {
        if let Some(sweep_at) = item.sweep_at {
            Arc::make_mut(&mut self.expiring).insert((sweep_at, key.clone()));
        }
    }

    /// Takes an item that no longer stands in the table out of the counts.
    fn forget(&mut self, key: &Key, item: &StoredItem) {
        self.bytes -= item.bytes;
        if let Some(sweep_at) = item.sweep_at {
            Arc::make_mut(&mut self.expiring).remove(&(sweep_at, key.clone()));
        }
    }

    /// The items of a range, in order.
    pub fn range(&self, range: KeyRange) -> Items<'_> {
        self.items.range(range)
    }

    /// The index of that name.
    pub fn index(&self, name: &str) -> Result<&Index, ApiError> {
        let index = self.indexes.iter().find(|index| index.name == name);
        index.ok_or_else(|| ApiError::validation(format!("The table does not have the specified index: {name}")))
    }

    /// The indexes that follow writes and whose keys items must fit.
    pub fn living_indexes(&self) -> impl Iterator<Item = &Index> {
        self.indexes.iter().filter(|index| !matches!(index.status, IndexStatus::Deleting(..)))
    }

    /// Adds an index and fills it from the items. Those that do not fit its key are left out, as AWS leaves them out.
    pub fn add_index(&mut self, mut index: Index) {
        let everything = (std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
        for (key, stored) in self.items.range(everything) {
            index.follow(&self.schema, key, None, Some(&(stored.attributes(), Arc::clone(stored))));
        }
        let place = self.indexes.partition_point(|other| other.name < index.name);
        self.indexes.insert(place, index);
    }

    pub fn item_count(&self) -> usize {
        self.items.count()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Sets anew when which item is swept; for a change of the table's time to live.
    pub fn reschedule(&mut self, call: &Call<'_>) {
        self.expiring = Arc::default();
        let everything = (std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
        let ttl = self.ttl_attribute.as_deref();
        let due = |stored: &StoredItem| {
            // Without time to live, nothing needs to be looked at.
            expiry::sweep_at(&ttl.map(|_| stored.attributes())?, ttl, self.settings.sweep_lag, call.now, call.ids())
        };
        let planned: Vec<_> = self
            .items
            .range(everything)
            .map(|(key, stored)| (key, due(stored), stored))
            .filter(|(_, due, stored)| due.is_some() || stored.sweep_at.is_some())
            .map(|(key, due, stored)| (key.clone(), Arc::new(stored.due_at(due))))
            .collect();
        for (key, stored) in planned {
            self.will_sweep(&key, &stored);
            let item = (stored.attributes(), Arc::clone(&stored));
            for index in self.indexes.untouched().iter_mut().filter(|index| index.holds_all()) {
                // It shares the item with the table, and would keep the older copy of it.
                index.follow(&self.schema, &key, Some(&item), Some(&item));
            }
            self.items.insert(key, stored);
        }
    }

    /// The key of the next item whose sweep is due by `now`, and the item.
    pub fn next_expired(&self, now: Timestamp) -> Option<(Key, Arc<StoredItem>)> {
        let (_, key) = self.expiring.first().filter(|(due, _)| *due <= now)?.clone();
        let stored = Arc::clone(self.items.get(&key)?);
        Some((key, stored))
    }

    /// When something happens to this table by itself.
    pub fn next_due(&self) -> Option<Timestamp> {
        let sweep = self.expiring.first().map(|(due, _)| *due);
        let indexes = self.indexes.iter().filter_map(|index| index.status.ends());
        let own = self.status.ends().into_iter().chain(sweep).chain(indexes);
        own.chain(self.control.next_due()).chain(self.streams.next_due()).min()
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use super::*;
    use crate::kernel::clock::Clock;
    use crate::kernel::{Caller, Kernel, Operation, Scope};
    use crate::service::dynamodb::attribute_json;
    use crate::service::dynamodb::{DynamoDb, create_table};

    const TABLE: &str = r#"{"TableName": "things", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "e",
        "AttributeType": "N"}],
        "GlobalSecondaryIndexes": [{"IndexName": "whole", "KeySchema": [{"AttributeName": "e", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}}]}"#;

    #[tokio::test(start_paused = true)]
    async fn an_index_of_everything_shares_the_items_of_its_table() {
        let kernel = Kernel::new(Clock::fitting_the_runtime(), 0);
        let (scope, caller) = (Scope::default(), Caller::default());
        let mut call = Call::new(&kernel, kernel.clock.now(), &scope, &caller, EventId(0));
        let mut state = DynamoDb::default();
        create_table::CreateTable::run(serde_json::from_str(TABLE).unwrap(), &mut state, &mut call).unwrap();
        let mut table = state.existing("things", &call).unwrap();
        let item = format!(r#"{{"id": {{"S": "a"}}, "e": {{"N": "{}"}}}}"#, call.now.as_secs());
        let item = attribute_json::item(serde_json::from_str(&item).unwrap()).unwrap();
        let key = table.schema.key_of_item(&item).unwrap();
        table.put(key.clone(), item, &mut call);
        for ttl in [Some("e".to_owned()), None] {
            *table.ttl_attribute = ttl;
            table.reschedule(&call);
            let stored = table.get(&key).unwrap();
            assert_eq!(stored.sweep_at.is_some(), table.ttl_attribute.is_some());
            let index = table.index("whole").unwrap();
            let (_, entry) = index.range((Bound::Unbounded, Bound::Unbounded), None, true).next().unwrap();
            assert!(Arc::ptr_eq(entry, stored));
            assert_eq!((index.item_count(), index.bytes()), (1, table.bytes()));
        }
    }
}
