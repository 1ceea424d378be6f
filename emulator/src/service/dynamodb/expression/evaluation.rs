//! Whether a condition holds for an item, and what stands at a path.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::tree::{Comparator, Condition, Element, Operand, Path};
use crate::service::dynamodb::number::Number;
use crate::service::dynamodb::value::{AttributeValue, Item};

/// What stands at `path`, if anything.
pub fn lookup<'a>(item: &'a Item, path: &Path) -> Option<&'a AttributeValue> {
    let mut value = item.get(path.root())?;
    for element in &path.0[1..] {
        value = match (value, element) {
            (AttributeValue::M(fields), Element::Field(name)) => fields.get(name)?,
            (AttributeValue::L(values), Element::Index(index)) => values.get(*index)?,
            _ => return None,
        };
    }
    Some(value)
}

/// An item that does not exist is one without attributes.
pub fn holds(condition: &Condition, item: &Item) -> bool {
    match condition {
        Condition::And(left, right) => holds(left, item) && holds(right, item),
        Condition::Or(left, right) => holds(left, item) || holds(right, item),
        Condition::Not(inner) => !holds(inner, item),
        Condition::Compare(comparator, left, right) => compare(*comparator, operand(left, item), operand(right, item)),
        Condition::Between { value, low, high } => {
            let within = |comparator, bound| compare(comparator, operand(value, item), operand(bound, item));
            within(Comparator::GreaterOrEqual, low) && within(Comparator::LessOrEqual, high)
        }
        Condition::In(value, list) => {
            list.iter().any(|one| compare(Comparator::Equal, operand(value, item), operand(one, item)))
        }
        Condition::AttributeExists(path) => lookup(item, path).is_some(),
        Condition::AttributeNotExists(path) => lookup(item, path).is_none(),
        Condition::AttributeType(path, name) => lookup(item, path).is_some_and(|value| value.type_name() == name),
        Condition::BeginsWith(value, prefix) => match (operand(value, item), operand(prefix, item)) {
            (Some(value), Some(prefix)) => begins_with(&value, &prefix),
            _ => false,
        },
        Condition::Contains(whole, part) => match (operand(whole, item), operand(part, item)) {
            (Some(whole), Some(part)) => contains(&whole, &part),
            _ => false,
        },
    }
}

fn operand<'a>(operand: &'a Operand, item: &'a Item) -> Option<Cow<'a, AttributeValue>> {
    match operand {
        Operand::Path(path) => lookup(item, path).map(Cow::Borrowed),
        Operand::Value(value) => Some(Cow::Borrowed(value)),
        Operand::Size(path) => {
            let size = Number::parse(&size(lookup(item, path)?)?.to_string()).ok()?;
            Some(Cow::Owned(AttributeValue::N(size)))
        }
    }
}

/// What `size` says of a value; nothing of numbers, booleans and null.
fn size(value: &AttributeValue) -> Option<usize> {
    Some(match value {
        AttributeValue::S(text) => text.chars().count(),
        AttributeValue::B(bytes) => bytes.len(),
        AttributeValue::M(fields) => fields.len(),
        AttributeValue::L(values) => values.len(),
        AttributeValue::Ss(texts) => texts.len(),
        AttributeValue::Ns(numbers) => numbers.len(),
        AttributeValue::Bs(values) => values.len(),
        AttributeValue::N(_) | AttributeValue::Bool(_) | AttributeValue::Null => return None,
    })
}

/// What is missing equals nothing, so it is unequal to everything, and has no order.
fn compare(
    comparator: Comparator,
    left: Option<Cow<'_, AttributeValue>>,
    right: Option<Cow<'_, AttributeValue>>,
) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return comparator == Comparator::NotEqual };
    match comparator {
        Comparator::Equal => left == right,
        Comparator::NotEqual => left != right,
        _ => left.compare(&right).is_some_and(|order| comparator.accepts(order)),
    }
}

pub fn begins_with(value: &AttributeValue, prefix: &AttributeValue) -> bool {
    match (value, prefix) {
        (AttributeValue::S(value), AttributeValue::S(prefix)) => value.starts_with(prefix.as_str()),
        (AttributeValue::B(value), AttributeValue::B(prefix)) => value.starts_with(prefix),
        _ => false,
    }
}

fn contains(whole: &AttributeValue, part: &AttributeValue) -> bool {
    use AttributeValue as Value;
    fn has<T: Ord>(set: &BTreeSet<T>, value: &T) -> bool {
        set.contains(value)
    }
    match (whole, part) {
        (Value::S(whole), Value::S(part)) => whole.contains(part.as_str()),
        (Value::B(whole), Value::B(part)) => {
            part.is_empty() || whole.windows(part.len()).any(|window| window == part.as_slice())
        }
        (Value::Ss(set), Value::S(value)) => has(set, value),
        (Value::Ns(set), Value::N(value)) => has(set, value),
        (Value::Bs(set), Value::B(value)) => has(set, value),
        (Value::L(values), value) => values.contains(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Symbols, condition};
    use super::*;
    use crate::service::dynamodb::attribute_json::{self, GivenItem};

    fn item(json: &str) -> Item {
        attribute_json::item(serde_json::from_str::<GivenItem>(json).unwrap()).unwrap()
    }

    #[test]
    fn conditions_hold_or_do_not() {
        let subject = item(
            r#"{"n":{"N":"5"},"s":{"S":"héllo"},"b":{"B":"AAEC"},"t":{"BOOL":true},"z":{"NULL":true},
                "l":{"L":[{"N":"1"},{"M":{"x":{"S":"deep"}}}]},"m":{"M":{"x":{"N":"2"}}},
                "ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},"bs":{"BS":["AA=="]},"n2":{"N":"5.0"}}"#,
        );
        let values = item(
            r#"{":1":{"N":"1"},":2":{"N":"2"},":5":{"N":"5"},":9":{"N":"9"},":a":{"S":"a"},":he":{"S":"hé"},":b":{"B":"AAE="},
                ":sub":{"B":"AQI="},":t":{"BOOL":true},":z":{"NULL":true},":ss":{"SS":["b","a"]},":S":{"S":"S"},":L":{"S":"L"},
                ":zero":{"B":"AA=="},":deep":{"S":"deep"},":mx":{"M":{"x":{"N":"2.0"}}}}"#,
        );
        for (text, expected) in [
            ("n = :5", true),
            ("n = n2", true),
            ("n <> :5", false),
            ("n < :9", true),
            ("n > :9", false),
            ("n <= :5 AND n >= :5", true),
            ("n = :a", false),
            ("n <> :a", true),
            ("n < :a", false),
            ("gone = :5", false),
            ("gone <> :5", true),
            ("gone < :5", false),
            ("NOT gone = :5", true),
            ("n BETWEEN :2 AND :9", true),
            ("n IN (:1, :5)", true),
            ("n IN (:1, :2)", false),
            ("ss = :ss", true),
            ("t = :t AND z = :z AND m = :mx", true),
            ("attribute_exists(l[1].x)", true),
            ("attribute_exists(l[2])", false),
            ("attribute_not_exists(m.y)", true),
            ("attribute_type(s, :S)", true),
            ("attribute_type(s, :L)", false),
            ("begins_with(s, :he)", true),
            ("begins_with(b, :b)", true),
            ("begins_with(n, :he)", false),
            ("contains(s, :he)", true),
            ("contains(ss, :a)", true),
            ("contains(ns, :2)", true),
            ("contains(bs, :zero)", true),
            ("contains(b, :sub)", true),
            ("contains(l, :1)", true),
            ("contains(n, :5)", false),
            ("size(s) = :5", true),
            ("size(b) > :2", true),
            ("size(l) = :2 AND size(m) = :1 AND size(ss) = :2", true),
            ("size(n) > :1", false),
            ("l[1].x = :deep", true),
            // AND binds tighter than OR, NOT tighter than AND.
            ("n = :5 OR n = :1 AND n = :2", true),
            ("(n = :5 OR n = :1) AND n = :2", false),
            ("NOT n = :1 AND n = :5", true),
            ("NOT (n = :1 OR n = :5)", false),
        ] {
            let mut symbols = Symbols::new(Default::default(), values.clone());
            let condition = condition::parse(Kind::Condition, text, &mut symbols)
                .unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(holds(&condition, &subject), expected, "{text}");
        }
    }
}
