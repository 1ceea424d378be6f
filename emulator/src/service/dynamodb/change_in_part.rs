//! An update of an item of which no more is read than it names: the rest is written back as it lies.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::attribute_json::{self, RawAttributes};
use super::expression::application;
use super::expression::tree::Update;
use super::stored_item::StoredItem;
use super::value::{AttributeValue, ITEM_BYTES_MAX, Item, check_nesting, item_size};
use crate::kernel::ApiError;

/// What such an update makes of an item.
#[derive(Debug)]
pub struct ChangeInPart {
    /// The attributes that the update names, as they are then.
    pub named: Item,
    /// The whole item.
    pub json: Box<RawValue>,
    pub bytes: usize,
}

/// An attribute on its way into the JSON of an item.
enum Attribute<'a> {
    Kept(&'a RawValue),
    Named(&'a AttributeValue),
}

impl Serialize for Attribute<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Kept(json) => json.serialize(serializer),
            Self::Named(value) => value.serialize(serializer),
        }
    }
}

impl ChangeInPart {
    pub fn of(stored: &StoredItem, update: &Update) -> Result<Self, ApiError> {
        let names = update.attributes();
        let RawAttributes(attributes) = stored.raw_attributes();
        let (named, kept): (Vec<_>, Vec<_>) = attributes.into_iter().partition(|(name, _)| names.contains(&&**name));
        let before: Item =
            named.into_iter().map(|(name, json)| (name.into_owned(), attribute_json::stored_value(json))).collect();
        let others = stored.bytes - item_size(&before);
        let named = application::apply(update, before)?;
        let bytes = others + item_size(&named);
        check_updated(&named, bytes)?;
        let kept = kept.iter().map(|(name, json)| (&**name, Attribute::Kept(json)));
        let anew = named.iter().map(|(name, value)| (name.as_str(), Attribute::Named(value)));
        let mut whole: Vec<_> = kept.chain(anew).collect();
        // In the order of their names, as an item is always written.
        whole.sort_unstable_by_key(|(name, _)| *name);
        let json = serde_json::value::to_raw_value(&InOrder(whole)).expect("an item is plain data with text keys");
        Ok(Self { named, json, bytes })
    }
}

/// Attributes that are written as a map.
struct InOrder<'a>(Vec<(&'a str, Attribute<'a>)>);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Refuses what an update has made of an item if no item may be so.
pub fn check_updated(changed: &Item, bytes: usize) -> Result<(), ApiError> {
    if bytes > ITEM_BYTES_MAX {
        return Err(ApiError::validation("Item size to update has exceeded the maximum allowed size"));
    }
    check_nesting(changed).map_err(ApiError::validation)
}
