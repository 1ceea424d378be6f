//! An item as it is kept beyond the process.

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::stored_item::StoredItem;
use super::value::Item;
use crate::kernel::{EventId, Timestamp};

/// `{"item":{"id":{"S":"a"}},"writer":7,"sweep_at_ms":1767225600000}`
#[derive(Debug, Serialize, Deserialize)]
pub struct ItemRecord<I> {
    item: I,
    writer: EventId,
    /// In milliseconds: seconds, as the wire has them, are not exact of a moment far away.
    #[serde(skip_serializing_if = "Option::is_none")]
    sweep_at_ms: Option<i64>,
}

/// Attributes that are read back. They may have been edited, so they are checked as a request's are.
#[derive(Debug, Deserialize)]
#[serde(try_from = "GivenItem")]
pub struct Attributes(pub Item);

impl TryFrom<GivenItem> for Attributes {
    type Error = String;

    fn try_from(given: GivenItem) -> Result<Self, String> {
        attribute_json::item(given).map(Self).map_err(|refusal| refusal.message)
    }
}

impl<'i> ItemRecord<&'i StoredItem> {
    pub fn of(stored: &'i StoredItem) -> Self {
        let sweep_at_ms = stored.sweep_at.map(Timestamp::as_millis);
        Self { item: stored, writer: stored.writer, sweep_at_ms }
    }
}

impl ItemRecord<Attributes> {
    /// The item with its attributes read, and as it lies in its table.
    pub fn read(self) -> (Item, StoredItem) {
        let Attributes(item) = self.item;
        let stored = StoredItem::new(&item, self.writer, self.sweep_at_ms.map(Timestamp::from_millis));
        (item, stored)
    }
}
