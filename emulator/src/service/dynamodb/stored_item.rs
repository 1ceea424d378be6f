//! An item as it lies in its table, and as answers show it.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::attribute_json::{self, RawAttributes};
use super::change_in_part::ChangeInPart;
use super::expression::evaluation;
use super::expression::projection::Projection;
use super::expression::tree::Condition;
use super::item_record::Attributes;
use super::value::{Item, item_size};
use crate::kernel::{EventId, Timestamp};

/// An item in its table. Never changed: a write puts another in its place.
///
/// It lies there as the JSON in which it is answered: a read copies it, and it
/// takes about the memory of its bytes. Who needs its attributes reads them.
#[derive(Debug)]
pub struct StoredItem {
    json: Box<RawValue>,
    pub bytes: usize,
    /// The event that wrote it.
    pub writer: EventId,
    /// When it is swept, if nothing writes it before.
    pub sweep_at: Option<Timestamp>,
}

impl StoredItem {
    pub fn new(item: &Item, writer: EventId, sweep_at: Option<Timestamp>) -> Self {
        let json = serde_json::value::to_raw_value(item).expect("an item is plain data with text keys");
        Self { json, bytes: item_size(item), writer, sweep_at }
    }

    /// The same item, to be swept at another moment.
    pub fn due_at(&self, sweep_at: Option<Timestamp>) -> Self {
        Self { json: self.json.clone(), bytes: self.bytes, writer: self.writer, sweep_at }
    }

    /// What an update has made of an item that is not swept.
    pub fn changed(change: ChangeInPart, writer: EventId) -> Self {
        Self { json: change.json, bytes: change.bytes, writer, sweep_at: None }
    }

    /// Its attributes, found and not read.
    pub fn raw_attributes(&self) -> RawAttributes<'_> {
        serde_json::from_str(self.json.get()).expect("it was written by us")
    }

    pub fn attributes(&self) -> Item {
        self.attributes_where(&|_| true)
    }

    /// Those of its attributes whose names are wanted.
    pub fn attributes_where(&self, wanted: &dyn Fn(&str) -> bool) -> Item {
        attribute_json::stored(self.json.get(), wanted)
    }

    /// What it has of what a projection asks for.
    pub fn projected(&self, projection: &Projection) -> Item {
        projection.of_item(&self.attributes_where(&|name| projection.asks_for(name)))
    }

    pub fn satisfies(&self, condition: &Condition) -> bool {
        let names = condition.attributes();
        evaluation::holds(condition, &self.attributes_where(&|name| names.contains(&name)))
    }

    /// Whether both hold the same attributes.
    pub fn same_attributes(&self, other: &Self) -> bool {
        // Items are written in one form: names sorted, numbers and sets normalised.
        self.json.get() == other.json.get()
    }
}

impl Serialize for StoredItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

/// As a record of a stream has it: who wrote it is said there.
impl<'de> Deserialize<'de> for StoredItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Attributes(item) = Attributes::deserialize(deserializer)?;
        Ok(Self::new(&item, EventId(0), None))
    }
}

/// An item as answers show it: the whole without a copy, or a part.
#[derive(Clone, Debug)]
pub enum Image {
    Whole(Arc<StoredItem>),
    Part(Item),
}

impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(stored) => stored.serialize(serializer),
            Self::Part(item) => item.serialize(serializer),
        }
    }
}
