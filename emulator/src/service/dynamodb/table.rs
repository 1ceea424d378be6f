//! A table: its key, its status and its items.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::key::{Key, KeyRange, KeySchema};
use super::value::{Item, item_size};
use crate::kernel::{ApiError, Arn, EventId, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Becomes active at that moment; with the event that asked for it.
    Creating(Timestamp, EventId),
    Active,
    /// Is gone at that moment.
    Deleting(Timestamp, EventId),
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Creating(..) => "CREATING",
            Self::Active => "ACTIVE",
            Self::Deleting(..) => "DELETING",
        }
    }

    /// When it ends by itself.
    pub fn ends(self) -> Option<Timestamp> {
        match self {
            Self::Creating(until, _) | Self::Deleting(until, _) => Some(until),
            Self::Active => None,
        }
    }
}

/// How reads and writes are paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    PayPerRequest { since: Timestamp },
    Provisioned { read_units: i64, write_units: i64 },
}

/// An item in its table. Never changed: a write puts another in its place.
#[derive(Debug)]
pub struct StoredItem {
    pub attributes: Item,
    pub bytes: usize,
    /// The event that wrote it.
    pub writer: EventId,
    /// When it is swept, if nothing writes it before.
    pub sweep_at: Option<Timestamp>,
}

#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub id: String,
    pub arn: Arn,
    pub created: Timestamp,
    pub status: Status,
    pub schema: KeySchema,
    pub billing: Billing,
    /// `None` where CreateTable did not say.
    pub class: Option<String>,
    pub deletion_protection: bool,
    /// The attribute that holds the expiry, while time to live is enabled.
    pub ttl_attribute: Option<String>,
    items: BTreeMap<Key, Arc<StoredItem>>,
    bytes: usize,
    /// The items that will be swept, in order.
    expiring: BTreeSet<(Timestamp, Key)>,
}

/// What a table begins with.
pub struct Blueprint {
    pub name: String,
    pub id: String,
    pub arn: Arn,
    pub created: Timestamp,
    pub status: Status,
    pub schema: KeySchema,
    pub billing: Billing,
    pub class: Option<String>,
    pub deletion_protection: bool,
}

impl Table {
    pub fn new(blueprint: Blueprint) -> Self {
        let Blueprint { name, id, arn, created, status, schema, billing, class, deletion_protection } = blueprint;
        Self {
            name,
            id,
            arn,
            created,
            status,
            schema,
            billing,
            class,
            deletion_protection,
            ttl_attribute: None,
            items: BTreeMap::new(),
            bytes: 0,
            expiring: BTreeSet::new(),
        }
    }

    pub fn get(&self, key: &Key) -> Option<&Arc<StoredItem>> {
        self.items.get(key)
    }

    /// Puts an item, and answers what stood there.
    pub fn put(
        &mut self,
        key: Key,
        attributes: Item,
        writer: EventId,
        sweep_at: Option<Timestamp>,
    ) -> (Option<Arc<StoredItem>>, Arc<StoredItem>) {
        let before = self.remove(&key);
        let bytes = item_size(&attributes);
        self.bytes += bytes;
        if let Some(sweep_at) = sweep_at {
            self.expiring.insert((sweep_at, key.clone()));
        }
        let stored = Arc::new(StoredItem { attributes, bytes, writer, sweep_at });
        self.items.insert(key, Arc::clone(&stored));
        (before, stored)
    }

    pub fn remove(&mut self, key: &Key) -> Option<Arc<StoredItem>> {
        let stored = self.items.remove(key)?;
        self.bytes -= stored.bytes;
        if let Some(sweep_at) = stored.sweep_at {
            self.expiring.remove(&(sweep_at, key.clone()));
        }
        Some(stored)
    }

    /// The items of a range, in order.
    pub fn range(&self, range: KeyRange) -> impl DoubleEndedIterator<Item = (&Key, &Arc<StoredItem>)> {
        self.items.range(range)
    }

    /// Reading an index: no table has one yet, so AWS's refusal of one that is not there fits every name.
    pub fn check_index(&self, index: Option<&str>) -> Result<(), ApiError> {
        match index {
            Some(index) => Err(ApiError::validation(format!("The table does not have the specified index: {index}"))),
            None => Ok(()),
        }
    }

    pub fn item_count(&self) -> usize {
        self.items.len()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Sets anew when which item is swept; for a change of the table's time to live.
    pub fn reschedule(&mut self, sweep_at: impl Fn(&Item) -> Option<Timestamp>) {
        self.expiring.clear();
        for (key, stored) in &mut self.items {
            let due = sweep_at(&stored.attributes);
            if due != stored.sweep_at {
                let StoredItem { attributes, bytes, writer, .. } = &**stored;
                let attributes = attributes.clone();
                *stored = Arc::new(StoredItem { attributes, bytes: *bytes, writer: *writer, sweep_at: due });
            }
            if let Some(due) = due {
                self.expiring.insert((due, key.clone()));
            }
        }
    }

    /// Takes the next item whose sweep is due by `now`.
    pub fn take_expired(&mut self, now: Timestamp) -> Option<Arc<StoredItem>> {
        let (_, key) = self.expiring.first().filter(|(due, _)| *due <= now)?.clone();
        self.remove(&key)
    }

    /// When something happens to this table by itself.
    pub fn next_due(&self) -> Option<Timestamp> {
        let sweep = self.expiring.first().map(|(due, _)| *due);
        self.status.ends().into_iter().chain(sweep).min()
    }
}

/// An item as answers show it: the whole without a copy, or a part.
#[derive(Clone, Debug)]
pub enum Image {
    Whole(Arc<StoredItem>),
    Part(Item),
}

impl Image {
    pub fn attributes(&self) -> &Item {
        match self {
            Self::Whole(stored) => &stored.attributes,
            Self::Part(item) => item,
        }
    }
}

impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.attributes().serialize(serializer)
    }
}
