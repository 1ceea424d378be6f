//! One write of one item: looked at first, then done.
//!
//! PutItem, UpdateItem and DeleteItem do both at once; a batch does many; a
//! transaction looks at all of its writes before it does any.

use std::sync::Arc;

use super::change::Author;
use super::change_in_part::{ChangeInPart, check_updated};
use super::condition_check;
use super::expression::application;
use super::expression::tree::{Condition, Path, Update};
use super::index_key;
use super::key::{Key, KeySchema};
use super::stored_item::StoredItem;
use super::table::{Table, Written};
use super::value::{ITEM_BYTES_MAX, Item, item_size};
use crate::kernel::{ApiError, Call};

/// A write that fits its table.
#[derive(Debug)]
pub struct Write {
    pub key: Key,
    action: Action,
    condition: Option<Condition>,
}

#[derive(Debug)]
enum Action {
    Put(Item),
    /// With the attributes of the key, which a new item begins with.
    Update(Item, Update),
    Delete,
    /// A condition and nothing else.
    Check,
}

/// A write that was looked at and can be done.
#[derive(Debug)]
pub struct Planned {
    pub key: Key,
    effect: Effect,
}

#[derive(Debug)]
enum Effect {
    Put(Item),
    /// Other attributes in the place of some of what stands there.
    Change(ChangeInPart),
    Remove,
    Nothing,
}

impl Write {
    pub fn put(table: &Table, item: Item, condition: Option<Condition>) -> Result<Self, ApiError> {
        let key = table.schema.key_of_item(&item)?;
        index_key::check_item(table.living_indexes(), &item)?;
        Ok(Self { key, action: Action::Put(item), condition })
    }

    pub fn update(table: &Table, key: Item, update: Update, condition: Option<Condition>) -> Result<Self, ApiError> {
        check_targets(&update, &table.schema)?;
        index_key::check_update(table.living_indexes(), &update)?;
        let place = table.schema.key_of_request(&key)?;
        Ok(Self { key: place, action: Action::Update(key, update), condition })
    }

    pub fn delete(table: &Table, key: &Item, condition: Option<Condition>) -> Result<Self, ApiError> {
        Ok(Self { key: table.schema.key_of_request(key)?, action: Action::Delete, condition })
    }

    pub fn check(table: &Table, key: &Item, condition: Condition) -> Result<Self, ApiError> {
        Ok(Self { key: table.schema.key_of_request(key)?, action: Action::Check, condition: Some(condition) })
    }

    /// Checks the condition and finds what the write will do, without doing it.
    /// `on_failure` is `ReturnValuesOnConditionCheckFailure`.
    pub fn examine(self, table: &Table, on_failure: Option<&str>) -> Result<Planned, ApiError> {
        let Self { key, action, condition } = self;
        let stored = table.get(&key);
        condition_check::check(condition.as_ref(), stored, on_failure)?;
        let effect = match action {
            Action::Put(item) => Effect::Put(item),
            Action::Update(key, update) => match stored {
                Some(stored) if !table.follows_whole_items() => Effect::Change(ChangeInPart::of(stored, &update)?),
                Some(stored) => Effect::Put(updated(table, &update, stored.attributes())?),
                None => Effect::Put(updated(table, &update, key)?),
            },
            Action::Delete => Effect::Remove,
            Action::Check => Effect::Nothing,
        };
        Ok(Planned { key, effect })
    }
}

impl Planned {
    /// What an update changes, as it will stand: the attributes it names, or the whole item.
    pub fn updated(&self) -> Option<&Item> {
        match &self.effect {
            Effect::Put(item) => Some(item),
            Effect::Change(change) => Some(&change.named),
            Effect::Remove | Effect::Nothing => None,
        }
    }

    /// How large the item will be that this writes.
    pub fn bytes(&self) -> usize {
        match &self.effect {
            Effect::Put(item) => item_size(item),
            Effect::Change(change) => change.bytes,
            Effect::Remove | Effect::Nothing => 0,
        }
    }

    pub fn apply(self, table: &mut Table, call: &mut Call<'_>) -> Written {
        match self.effect {
            Effect::Put(item) => table.put(self.key, item, call),
            Effect::Change(change) => table.put_stored(self.key, StoredItem::changed(change, call.event), call),
            Effect::Remove => table.remove(&self.key, Author::Caller, call),
            Effect::Nothing => {
                let standing: Option<Arc<StoredItem>> = table.get(&self.key).cloned();
                Written { before: standing.clone(), after: standing, touched: Vec::new() }
            }
        }
    }
}

/// Refuses an item that is larger than an item may be.
pub fn check_size(item: &Item) -> Result<(), ApiError> {
    if item_size(item) > ITEM_BYTES_MAX {
        return Err(ApiError::validation("Item size has exceeded the maximum allowed size"));
    }
    Ok(())
}

fn check_targets(update: &Update, schema: &KeySchema) -> Result<(), ApiError> {
    match update.targets().map(Path::root).find(|name| schema.contains(name)) {
        Some(name) => Err(ApiError::validation(format!(
            "One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part of the \
             key"
        ))),
        None => Ok(()),
    }
}

fn updated(table: &Table, update: &Update, before: Item) -> Result<Item, ApiError> {
    let after = application::apply(update, before)?;
    check_updated(&after, item_size(&after))?;
    index_key::check_updated(table.living_indexes(), &after)?;
    Ok(after)
}
