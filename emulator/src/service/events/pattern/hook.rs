//! Where the alternatives of a pattern hang in the index: at a field that an event must have for them to match.

use std::ops::RangeInclusive;

use super::matching::{Matcher, Node};
use super::number::Comparable;

/// A field that an alternative asks for, and what its values must be at least.
#[derive(Clone, Debug)]
pub struct Hook {
    pub path: Vec<String>,
    pub slots: Vec<Slot>,
}

/// What an index finds quickly of a value. A value that a matcher accepts is always found under the matcher's slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    Text(String),
    Number(Comparable),
    /// A number too large to compare, as written.
    Literal(String),
    Boolean(bool),
    Null,
    /// Positions of numbers.
    Range(RangeInclusive<u128>),
    Ipv4(RangeInclusive<u128>),
    Ipv6(RangeInclusive<u128>),
    Prefix(String),
    Suffix(String),
    /// Folded to lower case, like those below.
    Folded(String),
    FoldedPrefix(String),
    FoldedSuffix(String),
    /// Any value at all.
    Present,
}

impl Hook {
    /// The fields that an alternative could hang at. None, if it also matches events that have none of its fields.
    pub fn all_of(alternative: &Node) -> Vec<Self> {
        let mut hooks = Vec::new();
        alternative.for_each_field(&mut Vec::new(), &mut |path, matchers| {
            if !matchers.iter().any(|matcher| matches!(matcher, Matcher::Absent)) {
                let slots = matchers.iter().map(Slot::of).collect();
                hooks.push(Self { path: path.iter().map(|name| (*name).to_owned()).collect(), slots });
            }
        });
        hooks
    }
}

impl Slot {
    fn of(matcher: &Matcher) -> Self {
        match matcher {
            Matcher::Text(text) => Self::Text(text.clone()),
            Matcher::Number(_, Some(number)) => Self::Number(*number),
            Matcher::Number(literal, None) => Self::Literal(literal.clone()),
            Matcher::Boolean(boolean) => Self::Boolean(*boolean),
            Matcher::Null => Self::Null,
            Matcher::Address(network) if network.is_ipv4() => Self::Ipv4(network.range()),
            Matcher::Address(network) => Self::Ipv6(network.range()),
            Matcher::NumericRange(range) => Self::Range(range.positions()),
            Matcher::Prefix(prefix) => Self::Prefix(prefix.clone()),
            Matcher::Suffix(suffix) => Self::Suffix(suffix.clone()),
            Matcher::EqualsIgnoreCase(folded) => Self::Folded(folded.clone()),
            Matcher::PrefixIgnoreCase(folded) => Self::FoldedPrefix(folded.clone()),
            Matcher::SuffixIgnoreCase(folded) => Self::FoldedSuffix(folded.clone()),
            Matcher::Wildcard(wildcard) => match wildcard.ends() {
                ("", "") => Self::Present,
                ("", last) => Self::Suffix(last.to_owned()),
                (first, _) => Self::Prefix(first.to_owned()),
            },
            Matcher::Exists | Matcher::Absent | Matcher::AnythingBut(_) => Self::Present,
        }
    }

    /// How much more often a value is found under such a slot than under an exact one: a guess, to choose among hooks.
    pub fn breadth(&self) -> usize {
        match self {
            Self::Present => 8,
            Self::Prefix(text) | Self::Suffix(text) | Self::FoldedPrefix(text) | Self::FoldedSuffix(text) => {
                if text.is_empty() { 8 } else { 1 }
            }
            Self::Range(_) => 2,
            _ => 0,
        }
    }
}
