//! What of many patterns hangs at one field, found by the field's value.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::Value;

use super::address;
use super::cells::{Cells, Held};
use super::hook::Slot;
use super::matching::fold;
use super::number::Comparable;

/// What hangs at a field, by what is asked of its value.
#[derive(Clone, Debug, Default)]
pub struct Leaves {
    texts: BTreeMap<String, Held>,
    numbers: BTreeMap<Comparable, Held>,
    literals: BTreeMap<String, Held>,
    booleans: BTreeMap<bool, Held>,
    null: Held,
    ranges: Cells,
    ipv4: Cells,
    ipv6: Cells,
    prefixes: Ends,
    suffixes: Ends,
    folded: BTreeMap<String, Held>,
    folded_prefixes: Ends,
    folded_suffixes: Ends,
    present: Held,
}

/// Beginnings or ends of texts: looked up for every length that there is.
#[derive(Clone, Debug, Default)]
struct Ends {
    texts: BTreeMap<String, Held>,
    /// In bytes, with how many texts have it.
    lengths: BTreeMap<usize, usize>,
}

impl Leaves {
    pub fn insert(&mut self, slot: &Slot, number: usize) {
        let held = match slot {
            Slot::Range(range) => return self.ranges.insert(range, number),
            Slot::Ipv4(range) => return self.ipv4.insert(range, number),
            Slot::Ipv6(range) => return self.ipv6.insert(range, number),
            Slot::Text(text) => self.texts.entry(text.clone()).or_default(),
            Slot::Number(comparable) => self.numbers.entry(*comparable).or_default(),
            Slot::Literal(literal) => self.literals.entry(literal.clone()).or_default(),
            Slot::Boolean(boolean) => self.booleans.entry(*boolean).or_default(),
            Slot::Null => &mut self.null,
            Slot::Prefix(text) => self.prefixes.entry(text),
            Slot::Suffix(text) => self.suffixes.entry(text),
            Slot::Folded(text) => self.folded.entry(text.clone()).or_default(),
            Slot::FoldedPrefix(text) => self.folded_prefixes.entry(text),
            Slot::FoldedSuffix(text) => self.folded_suffixes.entry(text),
            Slot::Present => &mut self.present,
        };
        held.insert(number);
    }

    pub fn remove(&mut self, slot: &Slot, number: usize) {
        match slot {
            Slot::Range(range) => return self.ranges.remove(range, number),
            Slot::Ipv4(range) => return self.ipv4.remove(range, number),
            Slot::Ipv6(range) => return self.ipv6.remove(range, number),
            Slot::Text(text) => take(&mut self.texts, text, number),
            Slot::Number(comparable) => take(&mut self.numbers, comparable, number),
            Slot::Literal(literal) => take(&mut self.literals, literal, number),
            Slot::Boolean(boolean) => take(&mut self.booleans, boolean, number),
            Slot::Null => self.null.remove(&number),
            Slot::Prefix(text) => self.prefixes.remove(text, number),
            Slot::Suffix(text) => self.suffixes.remove(text, number),
            Slot::Folded(text) => take(&mut self.folded, text, number),
            Slot::FoldedPrefix(text) => self.folded_prefixes.remove(text, number),
            Slot::FoldedSuffix(text) => self.folded_suffixes.remove(text, number),
            Slot::Present => self.present.remove(&number),
        };
    }

    /// How much hangs under a slot.
    pub fn count(&self, slot: &Slot) -> usize {
        let held = match slot {
            Slot::Range(range) => return self.ranges.count(range),
            Slot::Ipv4(range) => return self.ipv4.count(range),
            Slot::Ipv6(range) => return self.ipv6.count(range),
            Slot::Text(text) => self.texts.get(text),
            Slot::Number(comparable) => self.numbers.get(comparable),
            Slot::Literal(literal) => self.literals.get(literal),
            Slot::Boolean(boolean) => self.booleans.get(boolean),
            Slot::Null => Some(&self.null),
            Slot::Prefix(text) => self.prefixes.texts.get(text),
            Slot::Suffix(text) => self.suffixes.texts.get(text),
            Slot::Folded(text) => self.folded.get(text),
            Slot::FoldedPrefix(text) => self.folded_prefixes.texts.get(text),
            Slot::FoldedSuffix(text) => self.folded_suffixes.texts.get(text),
            Slot::Present => Some(&self.present),
        };
        held.map_or(0, BTreeSet::len)
    }

    /// Everything whose slot `value`, which is no object and no array, fits.
    pub fn find(&self, value: &Value, found: &mut Held) {
        found.extend(&self.present);
        match value {
            Value::String(text) => self.find_text(text, found),
            Value::Number(number) => {
                let comparable = number.as_f64().and_then(Comparable::from_f64);
                if let Some(comparable) = comparable {
                    found.extend(self.numbers.get(&comparable).into_iter().flatten());
                    // As `NumericRange::positions` counts.
                    self.ranges.find(comparable.position() + 1, found);
                }
                if !self.literals.is_empty() {
                    found.extend(self.literals.get(&number.to_string()).into_iter().flatten());
                }
            }
            Value::Bool(boolean) => found.extend(self.booleans.get(boolean).into_iter().flatten()),
            Value::Null => found.extend(&self.null),
            Value::Array(_) | Value::Object(_) => {}
        }
    }

    fn find_text(&self, text: &str, found: &mut Held) {
        found.extend(self.texts.get(text).into_iter().flatten());
        if !(self.ipv4.is_empty() && self.ipv6.is_empty()) {
            match address::parse(text) {
                Some(address @ IpAddr::V4(_)) => self.ipv4.find(address::as_number(address), found),
                Some(address @ IpAddr::V6(_)) => self.ipv6.find(address::as_number(address), found),
                None => {}
            }
        }
        self.prefixes.find_beginnings(text, found);
        self.suffixes.find_ends(text, found);
        let folds =
            !self.folded.is_empty() || !self.folded_prefixes.texts.is_empty() || !self.folded_suffixes.texts.is_empty();
        if folds {
            let folded = fold(text);
            found.extend(self.folded.get(&folded).into_iter().flatten());
            self.folded_prefixes.find_beginnings(&folded, found);
            self.folded_suffixes.find_ends(&folded, found);
        }
    }
}

impl Ends {
    fn entry(&mut self, text: &str) -> &mut Held {
        if !self.texts.contains_key(text) {
            *self.lengths.entry(text.len()).or_default() += 1;
        }
        self.texts.entry(text.to_owned()).or_default()
    }

    fn remove(&mut self, text: &str, number: usize) -> bool {
        let removed = take(&mut self.texts, text, number);
        if removed
            && !self.texts.contains_key(text)
            && let Some(count) = self.lengths.get_mut(&text.len())
        {
            *count -= 1;
            if *count == 0 {
                self.lengths.remove(&text.len());
            }
        }
        removed
    }

    fn find_beginnings(&self, text: &str, found: &mut Held) {
        for length in self.lengths.keys().take_while(|length| **length <= text.len()) {
            found.extend(text.get(..*length).and_then(|beginning| self.texts.get(beginning)).into_iter().flatten());
        }
    }

    fn find_ends(&self, text: &str, found: &mut Held) {
        for length in self.lengths.keys().take_while(|length| **length <= text.len()) {
            found.extend(text.get(text.len() - length..).and_then(|end| self.texts.get(end)).into_iter().flatten());
        }
    }
}

/// Takes `number` out from under `key`; says whether it was there. What is empty goes.
fn take<K: Ord + std::borrow::Borrow<Q>, Q: Ord + ?Sized>(map: &mut BTreeMap<K, Held>, key: &Q, number: usize) -> bool {
    let Some(held) = map.get_mut(key) else { return false };
    let removed = held.remove(&number);
    if held.is_empty() {
        map.remove(key);
    }
    removed
}
