//! What a key condition asks of the partition key and of the sort key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html>

use super::tree::{Comparator, Condition, Operand};
use super::{ExpressionError, Kind, Symbols, condition};
use crate::service::dynamodb::value::AttributeValue;

/// The two conditions, types not yet checked against the table.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyCondition {
    pub partition: AttributeValue,
    pub sort: Option<SortCondition>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SortCondition {
    Compare(Comparator, AttributeValue),
    Between(AttributeValue, AttributeValue),
    BeginsWith(AttributeValue),
}

impl SortCondition {
    pub fn values(&self) -> impl Iterator<Item = &AttributeValue> {
        let (first, second) = match self {
            Self::Compare(_, value) | Self::BeginsWith(value) => (value, None),
            Self::Between(low, high) => (low, Some(high)),
        };
        std::iter::once(first).chain(second)
    }
}

/// A key condition that was read, before the table's key is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Unresolved(Vec<(String, SortCondition)>);

pub fn parse(text: &str, symbols: &mut Symbols) -> Result<Unresolved, ExpressionError> {
    let tree = condition::parse(Kind::KeyCondition, text, symbols)?;
    let mut conditions: Vec<(String, SortCondition)> = Vec::new();
    collect(tree, &mut conditions)?;
    for (index, (name, _)) in conditions.iter().enumerate() {
        if conditions[..index].iter().any(|(before, _)| before == name) {
            return Err(ExpressionError::new(
                "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
            ));
        }
    }
    Ok(Unresolved(conditions))
}

fn collect(tree: Condition, conditions: &mut Vec<(String, SortCondition)>) -> Result<(), ExpressionError> {
    let (operand, sort) = match tree {
        Condition::And(left, right) => {
            collect(*left, conditions)?;
            return collect(*right, conditions);
        }
        Condition::Compare(Comparator::NotEqual, ..) => return Err(invalid_operator("<>")),
        // `:v = key` is read as `key = :v`; whether AWS does so, too, is assumed.
        Condition::Compare(comparator, Operand::Value(value), operand @ Operand::Path(_)) => {
            (operand, SortCondition::Compare(mirrored(comparator), value))
        }
        Condition::Compare(comparator, operand, Operand::Value(value)) => {
            (operand, SortCondition::Compare(comparator, value))
        }
        Condition::Between { value, low: Operand::Value(low), high: Operand::Value(high) } => {
            (value, SortCondition::Between(low, high))
        }
        Condition::BeginsWith(operand, Operand::Value(prefix)) => (operand, SortCondition::BeginsWith(prefix)),
        Condition::Compare(..) | Condition::Between { .. } | Condition::BeginsWith(..) => {
            return Err(ExpressionError::new(
                "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
            ));
        }
        Condition::Or(..) => return Err(invalid_operator("OR")),
        Condition::Not(_) => return Err(invalid_operator("NOT")),
        Condition::In(..) => return Err(invalid_operator("IN")),
        Condition::AttributeExists(_) => return Err(invalid_operator("attribute_exists")),
        Condition::AttributeNotExists(_) => return Err(invalid_operator("attribute_not_exists")),
        Condition::AttributeType(..) => return Err(invalid_operator("attribute_type")),
        Condition::Contains(..) => return Err(invalid_operator("contains")),
    };
    let path = match operand {
        Operand::Path(path) => path,
        Operand::Size(_) => return Err(invalid_operator("size")),
        Operand::Value(_) => return Err(ExpressionError::new("Query key condition not supported")),
    };
    if path.0.len() > 1 {
        return Err(ExpressionError::new(
            "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes",
        ));
    }
    conditions.push((path.root().to_owned(), sort));
    Ok(())
}

fn mirrored(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
        same @ (Comparator::Equal | Comparator::NotEqual) => same,
    }
}

fn invalid_operator(operator: &str) -> ExpressionError {
    ExpressionError(format!(
        "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: {operator}"
    ))
}

impl Unresolved {
    /// Conditions on attributes, each of which is named once.
    pub fn new(conditions: Vec<(String, SortCondition)>) -> Self {
        Self(conditions)
    }

    /// Fits the conditions to a key: equality on the partition key, at most one more on the sort key.
    pub fn resolve(mut self, partition: &str, sort: Option<&str>) -> Result<KeyCondition, ExpressionError> {
        let missed = |name: &str| ExpressionError(format!("Query condition missed key schema element: {name}"));
        let (asked, defined) = (self.0.len(), 1 + usize::from(sort.is_some()));
        if asked > 2 && asked > defined {
            return Err(ExpressionError(format!(
                "The number of query conditions ({asked}) exceeds the number of key attributes defined in the schema \
                 ({defined})"
            )));
        }
        let mut take = |name: &str| {
            let index = self.0.iter().position(|(attribute, _)| attribute == name)?;
            Some(self.0.remove(index).1)
        };
        let on_partition = take(partition).ok_or_else(|| missed(partition))?;
        let SortCondition::Compare(Comparator::Equal, value) = on_partition else {
            return Err(ExpressionError::new("Query key condition not supported"));
        };
        let on_sort = sort.and_then(&mut take);
        match (self.0.is_empty(), sort, &on_sort) {
            (true, ..) => Ok(KeyCondition { partition: value, sort: on_sort }),
            (false, Some(sort), None) => Err(missed(sort)),
            (false, ..) => Err(ExpressionError::new("Query key condition not supported")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Result<KeyCondition, ExpressionError> {
        let value = |text: &str| AttributeValue::S(text.to_owned());
        let values = [(":a".to_owned(), value("a")), (":b".to_owned(), value("b"))];
        parse(text, &mut Symbols::new(Default::default(), values.into()))?.resolve("id", Some("sent"))
    }

    #[test]
    fn a_key_condition_fits_the_key() {
        let b = || AttributeValue::S("b".to_owned());
        for (text, sort) in [
            ("id = :a", None),
            (":a = id", None),
            ("id = :a AND sent < :b", Some(SortCondition::Compare(Comparator::Less, b()))),
            ("id = :a AND :b < sent", Some(SortCondition::Compare(Comparator::Greater, b()))),
            ("(begins_with(sent, :b)) AND (id = :a)", Some(SortCondition::BeginsWith(b()))),
            ("id = :a AND sent BETWEEN :b AND :b", Some(SortCondition::Between(b(), b()))),
        ] {
            let partition = AttributeValue::S("a".to_owned());
            assert_eq!(resolve(text), Ok(KeyCondition { partition, sort }), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_in_awss_words() {
        let invalid = "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression:";
        for (text, message) in [
            ("when_ = :a", "Query condition missed key schema element: id"),
            ("id = :a AND else_ = :b", "Query condition missed key schema element: sent"),
            ("id < :a", "Query key condition not supported"),
            (
                "id = :a AND id = :b",
                "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
            ),
            (
                "id = :a AND sent = :b AND more = :b",
                "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)",
            ),
            ("id = :a OR id = :b", &format!("{invalid} OR")),
            ("NOT id = :a", &format!("{invalid} NOT")),
            ("id <> :a", &format!("{invalid} <>")),
            ("contains(id, :a)", &format!("{invalid} contains")),
            (
                "id.x = :a",
                "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes",
            ),
        ] {
            assert_eq!(resolve(text), Err(ExpressionError::new(message)), "{text}");
        }
    }
}
