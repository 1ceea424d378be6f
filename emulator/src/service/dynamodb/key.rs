//! Primary keys: what a table's items are told apart and sorted by.

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::expression::key_condition::SortCondition;
use super::expression::tree::Comparator;
use super::value::{AttributeValue, Item};
use crate::kernel::ApiError;

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys>
pub const PARTITION_KEY_BYTES_MAX: usize = 2048;
pub const SORT_KEY_BYTES_MAX: usize = 1024;

/// The types a key may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScalarType {
    S,
    N,
    B,
}

impl ScalarType {
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "S" => Self::S,
            "N" => Self::N,
            "B" => Self::B,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyAttribute {
    pub name: String,
    pub kind: ScalarType,
}

/// What the primary key of a table, or of an index, consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySchema {
    pub partition: KeyAttribute,
    pub sort: Option<KeyAttribute>,
}

/// Where an item stands in its table.
///
/// Partitions stand in the order of a hash of their key, as on AWS, so that a
/// scan is not sorted by accident; within one, items sort by the sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub token: u64,
    partition: Box<[u8]>,
    sort: Box<[u8]>,
}

/// From where to where, both ends told apart by whether they are included.
pub type KeyRange = (std::ops::Bound<Key>, std::ops::Bound<Key>);

impl KeySchema {
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition).chain(&self.sort)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.attributes().any(|attribute| attribute.name == name)
    }

    /// The key of an item that is to be put.
    pub fn key_of_item(&self, item: &Item) -> Result<Key, ApiError> {
        for attribute in self.attributes() {
            let Some(value) = item.get(&attribute.name) else {
                return Err(invalid(format_args!("Missing the key {} in the item", attribute.name)));
            };
            if value.type_name() != attribute.kind.name() {
                return Err(invalid(format_args!(
                    "Type mismatch for key {} expected: {} actual: {}",
                    attribute.name,
                    attribute.kind.name(),
                    value.type_name()
                )));
            }
        }
        self.checked(item)
    }

    /// The key of an item that may lack it, or have it with other types: then it has no place in an index.
    pub fn key_if_any(&self, item: &Item) -> Option<Key> {
        self.fits(item).then(|| self.checked(item).ok())?
    }

    /// Whether an item has the key's attributes with their types.
    pub fn fits(&self, item: &Item) -> bool {
        let has = |attribute: &KeyAttribute| {
            item.get(&attribute.name).is_some_and(|value| value.type_name() == attribute.kind.name())
        };
        self.attributes().all(has)
    }

    /// Refuses a key that fits and has a value that no key may have: an empty one, or one too long.
    pub fn check_values(&self, item: &Item) -> Result<(), ApiError> {
        if self.fits(item) { self.checked(item).map(|_| ()) } else { Ok(()) }
    }

    /// The key that a request names: exactly the key's attributes.
    pub fn key_of_request(&self, key: &Item) -> Result<Key, ApiError> {
        if key.len() != self.attributes().count() || !self.fits(key) {
            return Err(no_match());
        }
        self.checked(key)
    }

    /// The key's attributes of an item that has them.
    pub fn attributes_of(&self, item: &Item) -> Item {
        let chosen = |attribute: &KeyAttribute| Some((attribute.name.clone(), item.get(&attribute.name)?.clone()));
        self.attributes().filter_map(chosen).collect()
    }

    /// The key in few words, for the timeline: `u_8821/17`.
    pub fn shown(&self, item: &Item) -> String {
        let shown = |attribute: &KeyAttribute| match item.get(&attribute.name) {
            Some(AttributeValue::S(text)) => text.chars().take(40).collect(),
            Some(AttributeValue::N(number)) => number.to_string(),
            Some(AttributeValue::B(bytes)) => hex::encode(&bytes[..bytes.len().min(8)]),
            _ => String::new(),
        };
        self.attributes().map(shown).collect::<Vec<_>>().join("/")
    }

    /// Where the items lie that a key condition asks for.
    pub fn range(
        &self,
        partition: &AttributeValue,
        condition: Option<&SortCondition>,
    ) -> Result<Option<KeyRange>, ApiError> {
        check_condition_value(&self.partition, partition)?;
        let whole = Key::new(encoded(partition), Box::default());
        let end = whole.end_of_partition();
        let (Some(condition), Some(sort)) = (condition, &self.sort) else {
            return Ok(Some((std::ops::Bound::Included(whole), std::ops::Bound::Excluded(end))));
        };
        for value in condition.values() {
            check_condition_value(sort, value)?;
        }
        let at = |value: &AttributeValue| Key { sort: encoded(value), ..whole.clone() };
        Ok(narrowed(sort_bounds(condition, &at, &whole, end)))
    }

    fn checked(&self, item: &Item) -> Result<Key, ApiError> {
        for attribute in self.attributes() {
            check_not_empty(&attribute.name, &item[&attribute.name])?;
        }
        let partition = encoded(&item[&self.partition.name]);
        let sort = self.sort.as_ref().map(|sort| encoded(&item[&sort.name])).unwrap_or_default();
        if partition.len() > PARTITION_KEY_BYTES_MAX {
            return Err(partition_too_long());
        }
        if sort.len() > SORT_KEY_BYTES_MAX {
            return Err(sort_too_long());
        }
        Ok(Key::new(partition, sort))
    }
}

/// A key that a request names and its table does not have.
pub fn no_match() -> ApiError {
    ApiError::validation("The provided key element does not match the schema")
}

impl Key {
    fn new(partition: Box<[u8]>, sort: Box<[u8]>) -> Self {
        let hash = u128::from_be_bytes(Md5::digest(&partition).into());
        Self { token: (hash >> 64) as u64, partition, sort }
    }

    /// Its bytes in hexadecimal digits, for the path of a record: no other key of the table has the same.
    pub fn to_text(&self) -> String {
        let mut text = hex::encode(&self.partition);
        if !self.sort.is_empty() {
            text.push('-');
            text.push_str(&hex::encode(&self.sort));
        }
        text
    }

    pub fn same_partition(&self, other: &Key) -> bool {
        self.partition == other.partition
    }

    /// What precedes every key with this token or a later one.
    pub fn first_with_token(token: u64) -> Self {
        Self { token, partition: Box::default(), sort: Box::default() }
    }

    /// What follows every key of this partition and precedes every other.
    fn end_of_partition(&self) -> Key {
        let partition = self.partition.iter().copied().chain([0]).collect();
        Key { token: self.token, partition, sort: Box::default() }
    }
}

/// The bounds of a sort condition within its partition.
fn sort_bounds(condition: &SortCondition, at: &dyn Fn(&AttributeValue) -> Key, start: &Key, end: Key) -> KeyRange {
    use std::ops::Bound::{Excluded, Included};
    match condition {
        SortCondition::Compare(Comparator::Less, value) => (Included(start.clone()), Excluded(at(value))),
        SortCondition::Compare(Comparator::LessOrEqual, value) => (Included(start.clone()), Included(at(value))),
        SortCondition::Compare(Comparator::Greater, value) => (Excluded(at(value)), Excluded(end)),
        SortCondition::Compare(Comparator::GreaterOrEqual, value) => (Included(at(value)), Excluded(end)),
        SortCondition::Compare(Comparator::Equal | Comparator::NotEqual, value) => {
            (Included(at(value)), Included(at(value)))
        }
        SortCondition::Between(low, high) => (Included(at(low)), Included(at(high))),
        SortCondition::BeginsWith(prefix) => {
            let first = at(prefix);
            let after = successor(&first.sort).map_or(end, |sort| Key { sort, ..first.clone() });
            (Included(first), Excluded(after))
        }
    }
}

/// The least bytes that follow every text with this prefix, if any do.
fn successor(prefix: &[u8]) -> Option<Box<[u8]>> {
    let last = prefix.iter().rposition(|byte| *byte != 0xff)?;
    let mut bytes = prefix[..=last].to_vec();
    bytes[last] += 1;
    Some(bytes.into())
}

/// The range, or nothing where it is empty: a map must not be asked for such a one.
pub fn narrowed(range: KeyRange) -> Option<KeyRange> {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let empty = match (&range.0, &range.1) {
        (Included(start), Included(end)) => start > end,
        (Included(start) | Excluded(start), Excluded(end)) | (Excluded(start), Included(end)) => start >= end,
        (Unbounded, _) | (_, Unbounded) => false,
    };
    (!empty).then_some(range)
}

/// Bytes that sort as values of the key's type do.
fn encoded(value: &AttributeValue) -> Box<[u8]> {
    match value {
        AttributeValue::S(text) => text.as_bytes().into(),
        AttributeValue::N(number) => number.sortable().into(),
        AttributeValue::B(bytes) => bytes.as_slice().into(),
        other => unreachable!("a key of type {} is refused before", other.type_name()),
    }
}

fn check_condition_value(attribute: &KeyAttribute, value: &AttributeValue) -> Result<(), ApiError> {
    if value.type_name() != attribute.kind.name() {
        return Err(invalid("Condition parameter type does not match schema type"));
    }
    check_not_empty(&attribute.name, value)
}

fn check_not_empty(name: &str, value: &AttributeValue) -> Result<(), ApiError> {
    let kind = match value {
        AttributeValue::S(text) if text.is_empty() => "string",
        AttributeValue::B(bytes) if bytes.is_empty() => "binary",
        _ => return Ok(()),
    };
    Err(ApiError::validation(format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an \
         empty {kind} value. Key: {name}"
    )))
}

/// "limit of2048 bytes" is AWS's own spelling.
pub fn partition_too_long() -> ApiError {
    invalid(format_args!("Size of hashkey has exceeded the maximum size limit of{PARTITION_KEY_BYTES_MAX} bytes"))
}

pub fn sort_too_long() -> ApiError {
    invalid(format_args!("Aggregated size of all range keys has exceeded the size limit of {SORT_KEY_BYTES_MAX} bytes"))
}

fn invalid(detail: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("One or more parameter values were invalid: {detail}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::service::dynamodb::expression::evaluation;
    use crate::service::dynamodb::number::Number;

    fn schema(kind: ScalarType) -> KeySchema {
        let partition = KeyAttribute { name: "id".to_owned(), kind: ScalarType::S };
        KeySchema { partition, sort: Some(KeyAttribute { name: "at".to_owned(), kind }) }
    }

    fn item(id: &str, at: AttributeValue) -> Item {
        [("id".to_owned(), AttributeValue::S(id.to_owned())), ("at".to_owned(), at)].into()
    }

    /// What the condition says of one value, without any order of keys.
    fn satisfies(condition: &SortCondition, value: &AttributeValue) -> bool {
        let compared =
            |comparator: Comparator, other| value.compare(other).is_some_and(|order| comparator.accepts(order));
        match condition {
            SortCondition::Compare(comparator, other) => compared(*comparator, other),
            SortCondition::Between(low, high) => {
                compared(Comparator::GreaterOrEqual, low) && compared(Comparator::LessOrEqual, high)
            }
            SortCondition::BeginsWith(prefix) => evaluation::begins_with(value, prefix),
        }
    }

    fn value(kind: ScalarType) -> BoxedStrategy<AttributeValue> {
        match kind {
            ScalarType::S => "[ab\u{10ffff}]{1,3}".prop_map(AttributeValue::S).boxed(),
            ScalarType::B => {
                let byte = prop::sample::select(vec![0, 1, 254, 255]);
                prop::collection::vec(byte, 1..4).prop_map(AttributeValue::B).boxed()
            }
            ScalarType::N => (-20i32..20, 0u8..3)
                .prop_map(|(digits, shift)| format!("{digits}e-{shift}"))
                .prop_map(|text| AttributeValue::N(Number::parse(&text).expect("it is a number")))
                .boxed(),
        }
    }

    fn condition(kind: ScalarType) -> BoxedStrategy<SortCondition> {
        let comparators = [
            Comparator::Equal,
            Comparator::Less,
            Comparator::LessOrEqual,
            Comparator::Greater,
            Comparator::GreaterOrEqual,
        ];
        let compare = (prop::sample::select(comparators.to_vec()), value(kind))
            .prop_map(|(comparator, value)| SortCondition::Compare(comparator, value));
        let between = (value(kind), value(kind)).prop_map(|(low, high)| SortCondition::Between(low, high));
        if kind == ScalarType::N {
            return prop_oneof![compare, between].boxed();
        }
        prop_oneof![compare, between, value(kind).prop_map(SortCondition::BeginsWith)].boxed()
    }

    proptest! {
        #[test]
        fn a_range_holds_what_its_condition_says_and_in_order(
            (values, asked, kind) in prop::sample::select(vec![ScalarType::S, ScalarType::N, ScalarType::B])
                .prop_flat_map(|kind| (prop::collection::vec(value(kind), 0..20), condition(kind), Just(kind)))
        ) {
            let schema = schema(kind);
            let mut table = BTreeMap::new();
            for value in &values {
                for id in ["a", "b", "a\0"] {
                    let item = item(id, value.clone());
                    table.insert(schema.key_of_item(&item).expect("the item has a key"), item);
                }
            }
            let mut expected = values.clone();
            expected.retain(|value| satisfies(&asked, value));
            expected.sort_by(|a, b| a.compare(b).expect("they are of one type"));
            expected.dedup();
            let range = schema.range(&AttributeValue::S("a".to_owned()), Some(&asked)).expect("the types fit");
            let found: Vec<Item> = range.into_iter().flat_map(|range| table.range(range)).map(|(_, item)| item.clone()).collect();
            let expected: Vec<Item> = expected.into_iter().map(|value| item("a", value)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
