//! Many patterns, asked at once: the cost of an event grows with the event, not with the patterns it cannot match.
//!
//! Every alternative of a pattern hangs at one of the fields that an event must have for it to match, under a value
//! that the field must have (or what a text there must begin with, and the like). An event is walked once, along
//! those fields alone, and only what is found on the way is held against it. Alternatives that match events without
//! any of their fields (`exists: false` and nothing else) are always asked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Pattern;
use super::dots;
use super::hook::Hook;
use super::leaves::Leaves;

/// The fields of an event's envelope have few values, and most events have them: a guess, as are those of slots.
const ENVELOPE_BREADTH: usize = 4;

/// Patterns by key.
#[derive(Clone, Debug)]
pub struct Index<K> {
    /// What hangs in the index, by number.
    hanging: BTreeMap<usize, Hanging<K>>,
    /// The numbers of a key's alternatives.
    by_key: BTreeMap<K, Vec<usize>>,
    hung_so_far: usize,
    root: Branch,
    always: BTreeSet<usize>,
}

/// An alternative and where it hangs.
#[derive(Clone, Debug)]
struct Hanging<K> {
    key: K,
    pattern: Pattern,
    alternative: usize,
    hook: Option<Hook>,
}

/// A field: the fields below it, and what hangs at its values.
#[derive(Clone, Debug, Default)]
struct Branch {
    fields: BTreeMap<String, Branch>,
    leaves: Leaves,
    /// How much hangs at its values and below.
    held: usize,
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self {
            hanging: BTreeMap::new(),
            by_key: BTreeMap::new(),
            hung_so_far: 0,
            root: Branch::default(),
            always: BTreeSet::new(),
        }
    }
}

impl<K: Clone + Ord> Index<K> {
    /// Puts a pattern under a key, in place of the one before.
    pub fn insert(&mut self, key: K, pattern: &Pattern) {
        self.remove(&key);
        for (alternative, node) in pattern.alternatives.iter().enumerate() {
            let number = self.hung_so_far;
            self.hung_so_far += 1;
            let hooks = Hook::all_of(node);
            let hook = hooks.into_iter().min_by_key(|hook| self.root.crowd(hook));
            match &hook {
                Some(hook) => self.root.hang(hook, &hook.path, number),
                None => drop(self.always.insert(number)),
            }
            let hanging = Hanging { key: key.clone(), pattern: pattern.clone(), alternative, hook };
            self.hanging.insert(number, hanging);
            self.by_key.entry(key.clone()).or_default().push(number);
        }
    }

    pub fn remove(&mut self, key: &K) {
        for number in self.by_key.remove(key).unwrap_or_default() {
            match self.hanging.remove(&number).and_then(|hanging| hanging.hook) {
                Some(hook) => self.root.take_down(&hook, &hook.path, number),
                None => drop(self.always.remove(&number)),
            }
        }
    }

    /// The keys of all patterns that match, in order.
    pub fn matching(&self, event: &Value) -> BTreeSet<&K> {
        let event = dots::as_paths(event);
        let mut found = self.always.clone();
        self.root.walk(&event, &mut found);
        let mut keys = BTreeSet::new();
        for number in found {
            let Hanging { key, pattern, alternative, .. } = &self.hanging[&number];
            if !keys.contains(key) && pattern.alternatives[*alternative].matches(&event) {
                keys.insert(key);
            }
        }
        keys
    }
}

impl Branch {
    /// How much an alternative would share its place with, and more where a place fits many events.
    fn crowd(&self, hook: &Hook) -> usize {
        let mut branch = Some(self);
        for name in &hook.path {
            branch = branch.and_then(|branch| branch.fields.get(name));
        }
        let count = |slot| branch.map_or(0, |branch| branch.leaves.count(slot));
        let envelope = if hook.path.len() == 1 { ENVELOPE_BREADTH } else { 0 };
        envelope + hook.slots.iter().map(|slot| count(slot) + slot.breadth()).sum::<usize>()
    }

    fn hang(&mut self, hook: &Hook, path: &[String], number: usize) {
        self.held += 1;
        match path.split_first() {
            Some((name, rest)) => self.fields.entry(name.clone()).or_default().hang(hook, rest, number),
            None => hook.slots.iter().for_each(|slot| self.leaves.insert(slot, number)),
        }
    }

    fn take_down(&mut self, hook: &Hook, path: &[String], number: usize) {
        self.held -= 1;
        let Some((name, rest)) = path.split_first() else {
            hook.slots.iter().for_each(|slot| self.leaves.remove(slot, number));
            return;
        };
        if let Some(field) = self.fields.get_mut(name) {
            field.take_down(hook, rest, number);
            if field.held == 0 {
                self.fields.remove(name);
            }
        }
    }

    /// Finds what hangs at the values of an event's part.
    fn walk(&self, value: &Value, found: &mut BTreeSet<usize>) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    if let Some(branch) = self.fields.get(name) {
                        branch.walk(field, found);
                    }
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(element, found)),
            scalar => self.leaves.find(scalar, found),
        }
    }
}
