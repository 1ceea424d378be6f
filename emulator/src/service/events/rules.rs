//! The rules of a bus by name, and which of them an event matches.
//!
//! Patterns are compiled when their rule is put, and asked through one index. Disabled rules stay in the index: whether
//! a rule is enabled is asked of it when it matches.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde_json::Value;

use super::pattern::Index;
use super::rule::Rule;
use crate::kernel::store::{Book, Kept};

/// Reads as a map; changes go through methods of its own, which keep the index right.
#[derive(Clone, Default)]
pub struct Rules {
    by_name: Kept<String, Rule>,
    /// Follows from the rules.
    index: Index<String>,
}

impl Rules {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("rule", &mut self.by_name);
        if book.reads() {
            self.index = Index::default();
            for (name, rule) in &self.by_name {
                hang(&mut self.index, name.clone(), rule);
            }
        }
    }

    /// Puts a rule in place of the one of its name.
    pub fn insert(&mut self, name: String, rule: Rule) {
        hang(&mut self.index, name.clone(), &rule);
        self.by_name.insert(name, rule);
    }

    pub fn remove(&mut self, name: &str) -> Option<Rule> {
        let removed = self.by_name.remove(name)?;
        self.index.remove(&removed.name);
        Some(removed)
    }

    /// For changes of everything but the pattern: a rule with another pattern is put anew.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Rule> {
        self.by_name.get_mut(name)
    }

    /// The rules that are enabled and match, by name.
    pub fn matching(&self, event: &Value) -> Vec<&Rule> {
        let names = self.index.matching(event);
        let rules = names.into_iter().filter_map(|name| self.by_name.get(name));
        rules.filter(|rule| rule.state.is_enabled()).collect()
    }
}

fn hang(index: &mut Index<String>, name: String, rule: &Rule) {
    match &rule.pattern {
        Some(pattern) => index.insert(name, &pattern.compiled),
        None => index.remove(&name),
    }
}

impl Deref for Rules {
    type Target = BTreeMap<String, Rule>;

    fn deref(&self) -> &Self::Target {
        &self.by_name
    }
}
