//! A map that knows what of it has changed.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A map of things that are kept. It is read as the [`BTreeMap`] that it holds.
///
/// A clone shares the things with it until one of the two changes: to fork a world costs
/// no more than its maps.
pub struct Kept<K, V> {
    things: Arc<BTreeMap<K, V>>,
    touched: BTreeMap<K, Touch>,
    /// Hashes of things as they were last written, of those in which others are kept: most often, only those have changed.
    written: BTreeMap<K, u64>,
}

/// One value that is kept and knows whether it has changed.
#[derive(Clone, Debug, Default)]
pub struct Single<T> {
    value: T,
    touched: bool,
    /// It was written once: until then, it is what it would be of itself.
    written: bool,
}

impl<T> Single<T> {
    pub(super) fn take_touched(&mut self) -> bool {
        self.written |= self.touched;
        std::mem::take(&mut self.touched)
    }

    pub(super) fn was_written(&self) -> bool {
        self.written
    }

    /// For what is in it and not kept with it: not a change.
    pub fn untouched(&mut self) -> &mut T {
        &mut self.value
    }

    /// For who reads it back: not a change.
    pub(super) fn set(&mut self, value: T) {
        self.value = value;
        self.written = true;
    }
}

impl<T> From<T> for Single<T> {
    /// Not what it would be of itself, so it is to be written.
    fn from(value: T) -> Self {
        Self { value, touched: true, written: false }
    }
}

impl<T> Deref for Single<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Single<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.touched = true;
        &mut self.value
    }
}

/// What has happened to a thing since it was last written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// It, or something in it, may have changed.
    Changed,
    /// There was none of its name.
    New,
    /// It is not what stood there before: another, or nothing.
    Replaced,
}

impl<K: Ord + Clone, V: Clone> Kept<K, V> {
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Ord + ToOwned<Owned = K> + ?Sized,
    {
        // What is changed often between two notes is looked up only once.
        if !self.touched.contains_key(key) {
            if !self.things.contains_key(key) {
                return None;
            }
            self.touched.insert(key.to_owned(), Touch::Changed);
        }
        Arc::make_mut(&mut self.things).get_mut(key)
    }

    pub fn insert(&mut self, key: K, thing: V) -> Option<V> {
        self.touch_new(&key);
        Arc::make_mut(&mut self.things).insert(key, thing)
    }

    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Ord + ToOwned<Owned = K> + ?Sized,
    {
        if !self.things.contains_key(key) {
            return None;
        }
        match self.touched.get(key) {
            // It came and went without being written.
            Some(Touch::New) => self.touched.remove(key),
            _ => self.touched.insert(key.to_owned(), Touch::Replaced),
        };
        Arc::make_mut(&mut self.things).remove(key)
    }

    pub fn pop_first(&mut self) -> Option<(K, V)> {
        let key = self.things.keys().next()?.clone();
        self.remove(&key).map(|thing| (key, thing))
    }

    /// The thing of that name, made if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if self.things.contains_key(&key) {
            self.touched.entry(key.clone()).or_insert(Touch::Changed);
        } else {
            self.touch_new(&key);
        }
        Arc::make_mut(&mut self.things).entry(key).or_insert_with(make)
    }

    pub fn retain(&mut self, mut stays: impl FnMut(&K, &V) -> bool) {
        let leave = self.things.iter().filter(|(key, thing)| !stays(key, thing)).map(|(key, _)| key.clone());
        for key in leave.collect::<Vec<K>>() {
            self.remove(&key);
        }
    }

    /// All things, each as if it changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        for key in self.things.keys() {
            self.touched.entry(key.clone()).or_insert(Touch::Changed);
        }
        Arc::make_mut(&mut self.things).values_mut()
    }

    pub fn clear(&mut self) {
        self.retain(|_, _| false);
    }

    /// Something is to stand at that name which is not what stood there, if anything did.
    fn touch_new(&mut self, key: &K) {
        let was_there = self.things.contains_key(key);
        let touch = self.touched.entry(key.clone()).or_insert(if was_there { Touch::Replaced } else { Touch::New });
        if *touch == Touch::Changed {
            *touch = Touch::Replaced;
        }
    }

    /// What was touched since the last time, which is forgotten with that.
    pub(super) fn take_touched(&mut self) -> BTreeMap<K, Touch> {
        std::mem::take(&mut self.touched)
    }

    /// For who writes things: not a change of its own.
    pub(super) fn thing_mut(&mut self, key: &K) -> Option<&mut V> {
        Arc::make_mut(&mut self.things).get_mut(key)
    }

    /// Whether a thing is written in other words than the last time.
    pub(super) fn is_news(&mut self, key: &K, value: &[u8]) -> bool {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        let hash = hasher.finish();
        self.written.insert(key.clone(), hash) != Some(hash)
    }

    /// What stood there is gone, so anything is news.
    pub(super) fn forget_written(&mut self, key: &K) {
        self.written.remove(key);
    }

    pub(super) fn things_mut(&mut self) -> &mut BTreeMap<K, V> {
        Arc::make_mut(&mut self.things)
    }
}

impl<K, V> Deref for Kept<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &BTreeMap<K, V> {
        &self.things
    }
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { things: Arc::default(), touched: BTreeMap::new(), written: BTreeMap::new() }
    }
}

impl<K: Clone, V> Clone for Kept<K, V> {
    fn clone(&self) -> Self {
        Self { things: Arc::clone(&self.things), touched: BTreeMap::new(), written: BTreeMap::new() }
    }
}

impl<K: Debug, V: Debug> Debug for Kept<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.things.fmt(f)
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Kept<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(things: I) -> Self {
        let mut kept = Self::default();
        for (key, thing) in things {
            kept.insert(key, thing);
        }
        kept
    }
}

impl<'a, K, V> IntoIterator for &'a Kept<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::collections::btree_map::Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.things.iter()
    }
}
