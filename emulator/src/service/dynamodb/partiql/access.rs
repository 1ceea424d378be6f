//! Which items a WHERE clause asks for, once the key is known: one, those of some partitions, or any.

use super::tree::Direction;
use crate::service::dynamodb::expression::ExpressionError;
use crate::service::dynamodb::expression::key_condition::SortCondition;
use crate::service::dynamodb::expression::tree::{Comparator, Condition, Element, Operand};
use crate::service::dynamodb::value::{AttributeValue, Item};

/// "At max 50 hash attribute values."
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html>
const PARTITIONS_MAX: usize = 50;

/// How a SELECT finds its items.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// Every partition, in the order asked for, and the part of it that the sort key asks for.
    Query {
        partitions: Vec<AttributeValue>,
        sort: Option<SortCondition>,
        several: bool,
    },
    Scan,
}

/// The names of a key's attributes.
#[derive(Clone, Copy, Debug)]
pub struct KeyNames<'a> {
    pub partition: &'a str,
    pub sort: Option<&'a str>,
}

/// The full primary key that a condition names by equality, and what else it asks.
pub fn full_key(condition: Option<Condition>, names: KeyNames<'_>) -> Option<(Item, Option<Condition>)> {
    let mut key = Item::new();
    let mut rest = Vec::new();
    for condition in condition.map(conjuncts).unwrap_or_default() {
        match equality(&condition) {
            Some((name, value)) if (name == names.partition || Some(name) == names.sort) && !key.contains_key(name) => {
                key.insert(name.to_owned(), value.clone());
            }
            _ => rest.push(condition),
        }
    }
    (key.len() == 1 + usize::from(names.sort.is_some())).then(|| (key, joined(rest)))
}

/// How to read what a condition asks for, and what is left of it as a filter.
pub fn access(
    condition: Option<Condition>,
    names: KeyNames<'_>,
) -> Result<(Access, Option<Condition>), ExpressionError> {
    let mut conditions = condition.map(conjuncts).unwrap_or_default();
    let on_partition = |condition: &Condition| partitions(condition, names.partition);
    let Some(at) = conditions.iter().position(|condition| on_partition(condition).is_some()) else {
        return Ok((Access::Scan, joined(conditions)));
    };
    let several = matches!(conditions[at], Condition::In(..));
    let partitions = on_partition(&conditions.remove(at)).unwrap_or_default();
    if partitions.len() > PARTITIONS_MAX {
        return Err(ExpressionError(format!(
            "The IN operator is provided with too many operands; number of operands: {}",
            partitions.len()
        )));
    }
    let twice = partitions.iter().enumerate().any(|(index, value)| partitions[..index].contains(value));
    if twice {
        return Err(ExpressionError::new("Overlapping conditions with range keys are not supported in where clause"));
    }
    let on_sort = names.sort.and_then(|name| {
        let at = conditions.iter().position(|condition| sort_condition(condition, name).is_some())?;
        sort_condition(&conditions.remove(at), name)
    });
    Ok((Access::Query { partitions, sort: on_sort, several }, joined(conditions)))
}

/// Puts partitions in the order asked for, and answers whether the sort key goes forward.
pub fn ordered(
    access: &mut Access,
    order: &[(String, Direction)],
    names: KeyNames<'_>,
    has_condition: bool,
) -> Result<bool, ExpressionError> {
    if order.is_empty() {
        return Ok(true);
    }
    if !has_condition {
        return Err(ExpressionError::new("Must have WHERE clause in the statement when using ORDER BY clause."));
    }
    let Access::Query { partitions, several, .. } = access else {
        return Err(ExpressionError::new(
            "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
        ));
    };
    let mut forward = true;
    for (index, (name, direction)) in order.iter().enumerate() {
        let ascending = *direction == Direction::Ascending;
        if name == names.partition && index == 0 {
            partitions.sort_by(|a, b| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
            if !ascending {
                partitions.reverse();
            }
        } else if Some(name.as_str()) == names.sort && (index == 1 || !*several) {
            forward = ascending;
        } else if name != names.partition {
            return Err(ExpressionError(format!(
                "Variable reference {name} in ORDER BY clause must be part of the primary key"
            )));
        }
    }
    Ok(forward)
}

/// The conditions that AND joins.
fn conjuncts(condition: Condition) -> Vec<Condition> {
    match condition {
        Condition::And(left, right) => {
            let mut all = conjuncts(*left);
            all.extend(conjuncts(*right));
            all
        }
        other => vec![other],
    }
}

fn joined(conditions: Vec<Condition>) -> Option<Condition> {
    conditions.into_iter().reduce(|left, right| Condition::And(Box::new(left), Box::new(right)))
}

/// The name of an attribute, if the operand is one.
fn attribute(operand: &Operand) -> Option<&str> {
    match operand {
        Operand::Path(path) => match path.0.as_slice() {
            [Element::Field(name)] => Some(name),
            _ => None,
        },
        Operand::Value(_) | Operand::Size(_) => None,
    }
}

/// `attribute = value`, or the other way round.
fn equality(condition: &Condition) -> Option<(&str, &AttributeValue)> {
    match condition {
        Condition::Compare(Comparator::Equal, operand, Operand::Value(value))
        | Condition::Compare(Comparator::Equal, Operand::Value(value), operand) => Some((attribute(operand)?, value)),
        _ => None,
    }
}

/// The partitions that a condition asks for, if it is one on the partition key.
fn partitions(condition: &Condition, name: &str) -> Option<Vec<AttributeValue>> {
    if let Some((found, value)) = equality(condition) {
        return (found == name).then(|| vec![value.clone()]);
    }
    let Condition::In(operand, list) = condition else { return None };
    if attribute(operand) != Some(name) {
        return None;
    }
    let value = |operand: &Operand| match operand {
        Operand::Value(value) => Some(value.clone()),
        Operand::Path(_) | Operand::Size(_) => None,
    };
    list.iter().map(value).collect()
}

/// What a condition asks of the sort key, if it is one that a key can be found by.
fn sort_condition(condition: &Condition, name: &str) -> Option<SortCondition> {
    match condition {
        Condition::Compare(comparator, operand, Operand::Value(value)) if *comparator != Comparator::NotEqual => {
            (attribute(operand)? == name).then(|| SortCondition::Compare(*comparator, value.clone()))
        }
        Condition::Between { value, low: Operand::Value(low), high: Operand::Value(high) } => {
            (attribute(value)? == name).then(|| SortCondition::Between(low.clone(), high.clone()))
        }
        Condition::BeginsWith(operand, Operand::Value(prefix)) => {
            (attribute(operand)? == name).then(|| SortCondition::BeginsWith(prefix.clone()))
        }
        _ => None,
    }
}
