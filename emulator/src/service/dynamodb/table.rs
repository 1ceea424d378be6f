//! A table: its key, its status and its items.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::change::{Author, Change};
use super::control::Control;
use super::expiry;
use super::index::{Index, IndexKind, Touched};
use super::key::{Key, KeyRange, KeySchema};
use super::kinesis_record;
use super::settings::Settings;
use super::store::{Items, Memory, Store};
use super::stored_item::StoredItem;
use super::table_class::TableClass;
use super::throughput::Units;
use super::value::Item;
use crate::kernel::{ApiError, Arn, Call, EventId, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Becomes active at that moment; with the event that asked for it.
    Creating(Timestamp, EventId),
    Active,
    /// Is active again at that moment. Its items are served meanwhile.
    Updating(Timestamp, EventId, Update),
    /// Is gone at that moment.
    Deleting(Timestamp, EventId),
}

/// What changes while a table is updating. What is in it takes effect at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    Throughput(Units),
    Billing,
    Class(TableClass),
    Stream,
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

#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub id: String,
    pub arn: Arn,
    pub created: Timestamp,
    pub status: Status,
    pub schema: KeySchema,
    pub control: Control,
    /// The attribute that holds the expiry, while time to live is enabled.
    pub ttl_attribute: Option<String>,
    pub indexes: Vec<Index>,
    settings: Settings,
    items: Box<dyn Store>,
    bytes: usize,
    /// The items that will be swept, in order.
    expiring: BTreeSet<(Timestamp, Key)>,
    /// When the service's agenda has work for this table.
    pub planned: Option<Timestamp>,
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
        let Blueprint { name, id, arn, created, status, schema, indexes, control } = blueprint;
        Self {
            name,
            id,
            arn,
            created,
            status,
            schema,
            control,
            ttl_attribute: None,
            indexes,
            settings,
            items: Box::new(Memory::default()),
            bytes: 0,
            expiring: BTreeSet::new(),
            planned: None,
        }
    }

    pub fn get(&self, key: &Key) -> Option<&Arc<StoredItem>> {
        self.items.get(key)
    }

    /// Puts an item in place of what stands at its key.
    pub fn put(&mut self, key: Key, item: Item, call: &mut Call<'_>) -> Written {
        let ttl = self.ttl_attribute.as_deref();
        let sweep_at = expiry::sweep_at(&item, ttl, self.settings.sweep_lag, call.now, call.ids());
        let after = Arc::new(StoredItem::new(&item, call.event, sweep_at));
        let before = self.items.insert(key.clone(), Arc::clone(&after));
        self.bytes += after.bytes;
        if let Some(before) = &before {
            self.forget(&key, before);
        }
        if let Some(sweep_at) = sweep_at {
            self.expiring.insert((sweep_at, key.clone()));
        }
        let change = Change { before, after: Some(after), author: Author::Caller };
        self.changed(&key, change, Some(item), call)
    }

    /// Removes the item at a key, if there is one.
    pub fn remove(&mut self, key: &Key, author: Author, call: &mut Call<'_>) -> Written {
        let before = self.items.remove(key);
        if let Some(before) = &before {
            self.forget(key, before);
        }
        self.changed(key, Change { before, after: None, author }, None, call)
    }

    /// Tells a change to all that follow this table. `item` is what stands there now.
    fn changed(&mut self, key: &Key, change: Change, item: Option<Item>, call: &mut Call<'_>) -> Written {
        kinesis_record::send(self, &change, call);
        let mut touched = Vec::new();
        if !self.indexes.is_empty() {
            let before = change.before.as_ref().map(|stored| (stored.attributes(), Arc::clone(stored)));
            let after = item.zip(change.after.clone());
            for index in &mut self.indexes {
                let follow = index.follow(&self.schema, key, before.as_ref(), after.as_ref());
                touched.push((index.kind, index.name.clone(), follow));
            }
        }
        let Change { before, after, .. } = change;
        Written { before, after, touched }
    }

    /// Takes an item that no longer stands in the table out of the counts.
    fn forget(&mut self, key: &Key, item: &StoredItem) {
        self.bytes -= item.bytes;
        if let Some(sweep_at) = item.sweep_at {
            self.expiring.remove(&(sweep_at, key.clone()));
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

    /// Refuses an item whose attributes do not fit the key of an index.
    pub fn check_index_keys(&self, item: &Item) -> Result<(), ApiError> {
        self.indexes.iter().try_for_each(|index| index.check(item))
    }

    pub fn item_count(&self) -> usize {
        self.items.count()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Sets anew when which item is swept; for a change of the table's time to live.
    pub fn reschedule(&mut self, call: &Call<'_>) {
        self.expiring.clear();
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
            if let Some(due) = stored.sweep_at {
                self.expiring.insert((due, key.clone()));
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
        self.status.ends().into_iter().chain(sweep).chain(self.control.next_due()).min()
    }
}
