//! Where a table keeps its items: behind a trait, so that they can be kept elsewhere than in memory.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use super::key::{Key, KeyRange};
use super::stored_item::StoredItem;

/// Items in the order of their keys.
pub trait Store: Debug + Send {
    fn get(&self, key: &Key) -> Option<&Arc<StoredItem>>;
    /// Puts an item, and answers what stood there.
    fn insert(&mut self, key: Key, item: Arc<StoredItem>) -> Option<Arc<StoredItem>>;
    fn remove(&mut self, key: &Key) -> Option<Arc<StoredItem>>;
    fn range<'s>(&'s self, range: KeyRange) -> Items<'s>;
    fn count(&self) -> usize;
}

/// Items with their keys, in order, from both ends.
pub type Items<'s> = Box<dyn DoubleEndedIterator<Item = (&'s Key, &'s Arc<StoredItem>)> + 's>;

/// Items in memory.
#[derive(Debug, Default)]
pub struct Memory(BTreeMap<Key, Arc<StoredItem>>);

impl Store for Memory {
    fn get(&self, key: &Key) -> Option<&Arc<StoredItem>> {
        self.0.get(key)
    }

    fn insert(&mut self, key: Key, item: Arc<StoredItem>) -> Option<Arc<StoredItem>> {
        self.0.insert(key, item)
    }

    fn remove(&mut self, key: &Key) -> Option<Arc<StoredItem>> {
        self.0.remove(key)
    }

    fn range<'s>(&'s self, range: KeyRange) -> Items<'s> {
        Box::new(self.0.range(range))
    }

    fn count(&self) -> usize {
        self.0.len()
    }
}
