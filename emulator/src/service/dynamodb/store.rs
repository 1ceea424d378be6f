//! Where a table keeps its items: behind a trait, so that they can be kept elsewhere than in memory.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use super::item_record::ItemRecord;
use super::key::{Key, KeyRange};
use super::stored_item::StoredItem;
use crate::kernel::store::Book;

/// Items in the order of their keys.
pub trait Store: Debug + Send {
    fn get(&self, key: &Key) -> Option<&Arc<StoredItem>>;
    /// Puts an item, and answers what stood there.
    fn insert(&mut self, key: Key, item: Arc<StoredItem>) -> Option<Arc<StoredItem>>;
    fn remove(&mut self, key: &Key) -> Option<Arc<StoredItem>>;
    fn range<'s>(&'s self, range: KeyRange) -> Items<'s>;
    fn count(&self) -> usize;
    /// Writes what has changed since it was last written, or all; what is read back is put by the table.
    fn keep(&mut self, book: &mut Book<'_>);
    /// The same items, for another world.
    fn fork(&self) -> Box<dyn Store>;
}

impl Clone for Box<dyn Store> {
    fn clone(&self) -> Self {
        self.fork()
    }
}

/// Items with their keys, in order, from both ends.
pub type Items<'s> = Box<dyn DoubleEndedIterator<Item = (&'s Key, &'s Arc<StoredItem>)> + 's>;

/// Items in memory. Forks share them until one of them changes.
#[derive(Debug, Default)]
pub struct Memory {
    items: Arc<BTreeMap<Key, Arc<StoredItem>>>,
    /// Where something has changed since it was last written.
    changed: Vec<Key>,
}

/// After a change of many items, room for so many is kept.
const CHANGED_ROOM: usize = 64;

impl Store for Memory {
    fn get(&self, key: &Key) -> Option<&Arc<StoredItem>> {
        self.items.get(key)
    }

    fn insert(&mut self, key: Key, item: Arc<StoredItem>) -> Option<Arc<StoredItem>> {
        self.changed.push(key.clone());
        Arc::make_mut(&mut self.items).insert(key, item)
    }

    fn remove(&mut self, key: &Key) -> Option<Arc<StoredItem>> {
        if !self.items.contains_key(key) {
            return None;
        }
        self.changed.push(key.clone());
        Arc::make_mut(&mut self.items).remove(key)
    }

    fn range<'s>(&'s self, range: KeyRange) -> Items<'s> {
        Box::new(self.items.range(range))
    }

    fn count(&self) -> usize {
        self.items.len()
    }

    fn keep(&mut self, book: &mut Book<'_>) {
        if book.wants_all() {
            for (key, item) in self.items.iter() {
                book.put("item", &key.to_text(), &ItemRecord::of(item));
            }
        } else if !book.forgets() {
            for key in &self.changed {
                match self.items.get(key) {
                    Some(item) => book.put("item", &key.to_text(), &ItemRecord::of(item)),
                    None => book.gone("item", &key.to_text()),
                }
            }
        }
        self.changed.clear();
        self.changed.shrink_to(CHANGED_ROOM);
    }

    fn fork(&self) -> Box<dyn Store> {
        Box::new(Self { items: Arc::clone(&self.items), changed: Vec::new() })
    }
}
