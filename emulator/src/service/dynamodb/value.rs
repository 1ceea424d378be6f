//! Attribute values and items: what they are, how large they count, how they compare.
//!
//! Pure types: they know only std. How they travel is in [`super::attribute_json`].
//!
//! # Differences
//!
//! - Sets are answered in sorted order; AWS's order is not documented.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::number::Number;

/// The attributes of one item by name.
pub type Item = BTreeMap<String, AttributeValue>;

/// How many lists and maps may lie around a value: "nested attributes up to 32
/// levels deep", of which the value itself is one (as callers report).
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes>
const NESTING_MAX: usize = 31;

/// What AWS says of an item that nests deeper.
pub const TOO_DEEP: &str =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

/// How large an item may be, names included.
pub const ITEM_BYTES_MAX: usize = 400 * 1024;

/// A value, under the name of its type on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeValue {
    S(String),
    N(Number),
    B(Vec<u8>),
    Bool(bool),
    Null,
    M(Item),
    L(Vec<AttributeValue>),
    Ss(BTreeSet<String>),
    Ns(BTreeSet<Number>),
    Bs(BTreeSet<Vec<u8>>),
}

impl AttributeValue {
    /// The type's name on the wire and in messages: `S`, `NULL`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::M(_) => "M",
            Self::L(_) => "L",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
        }
    }

    /// The type's long name, which AWS uses in a few messages: `STRING`, `NUMBER_SET`.
    pub fn long_type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "STRING",
            Self::N(_) => "NUMBER",
            Self::B(_) => "BINARY",
            Self::Bool(_) => "BOOLEAN",
            Self::Null => "NULL",
            Self::M(_) => "MAP",
            Self::L(_) => "LIST",
            Self::Ss(_) => "STRING_SET",
            Self::Ns(_) => "NUMBER_SET",
            Self::Bs(_) => "BINARY_SET",
        }
    }

    /// Whether `<` and its kin apply.
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::S(_) | Self::N(_) | Self::B(_))
    }

    /// The order of two values of the same ordered type.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::S(a), Self::S(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (Self::N(a), Self::N(b)) => Some(a.cmp(b)),
            (Self::B(a), Self::B(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// The bytes this counts towards an item's size, without a name.
    ///
    /// "An attribute of type List or Map requires 3 bytes of overhead,
    /// regardless of its contents", and 1 byte an element.
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>
    pub fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number_size(*number),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::M(fields) => 3 + fields.iter().map(|(name, value)| name.len() + value.size() + 1).sum::<usize>(),
            Self::L(values) => 3 + values.iter().map(|value| value.size() + 1).sum::<usize>(),
            Self::Ss(texts) => texts.iter().map(String::len).sum(),
            Self::Ns(numbers) => numbers.iter().map(|number| number_size(*number)).sum(),
            Self::Bs(values) => values.iter().map(Vec::len).sum(),
        }
    }

    /// How many levels of lists and maps this is.
    pub fn nesting(&self) -> usize {
        match self {
            Self::M(fields) => 1 + fields.values().map(Self::nesting).max().unwrap_or(0),
            Self::L(values) => 1 + values.iter().map(Self::nesting).max().unwrap_or(0),
            _ => 0,
        }
    }
}

/// "Approximately 1 byte per two significant digits, plus 1 byte"; a sign
/// counts as a digit (assumed).
fn number_size(number: Number) -> usize {
    let digits = number.digits() as usize + usize::from(number.is_negative());
    digits.div_ceil(2) + 1
}

/// Refuses an item whose attributes nest too deep, in AWS's words.
pub fn check_nesting(item: &Item) -> Result<(), &'static str> {
    item.values().try_for_each(check_value_nesting)
}

/// The same of one attribute's value.
pub fn check_value_nesting(value: &AttributeValue) -> Result<(), &'static str> {
    if value.nesting() > NESTING_MAX { Err(TOO_DEEP) } else { Ok(()) }
}

/// The size of an item by AWS's rules.
pub fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_awss_rules() {
        let number = |text| AttributeValue::N(Number::parse(text).unwrap());
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let map = AttributeValue::M(BTreeMap::from([("ab".to_owned(), text("cd"))]));
        for (value, size) in [
            (text("héllo"), 6),
            (number("0"), 1),
            (number("12"), 2),
            (number("123"), 3),
            (number("-12"), 3),
            (AttributeValue::Null, 1),
            (AttributeValue::L(vec![]), 3),
            (AttributeValue::L(vec![AttributeValue::Bool(true)]), 5),
            (map.clone(), 8),
        ] {
            assert_eq!(value.size(), size, "{value:?}");
        }
        assert_eq!(item_size(&BTreeMap::from([("m".to_owned(), map)])), 9);
    }

    #[test]
    fn nesting_counts_lists_and_maps() {
        let mut value = AttributeValue::Null;
        for depth in 0..5 {
            assert_eq!(value.nesting(), depth);
            value = AttributeValue::L(vec![value]);
        }
    }
}
