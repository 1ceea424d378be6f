//! `KeyConditions`: which items a query reads.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.KeyConditions.html>

use super::comparison;
use super::filter::Filter;
use crate::kernel::ApiError;
use crate::service::dynamodb::expression::key_condition::{SortCondition, Unresolved};
use crate::service::dynamodb::expression::tree::{Comparator, Condition, Operand};

/// The parameter as it arrived, by attribute; [`super::filter::check`] checks it by AWS's model.
pub type KeyConditions = Filter;

/// The conditions, before the table's key is known.
pub fn read(conditions: KeyConditions) -> Result<Unresolved, ApiError> {
    if !(1..=2).contains(&conditions.len()) {
        return Err(ApiError::validation("Conditions can be of length 1 or 2 only"));
    }
    let mut read = Vec::new();
    for (attribute, given) in conditions {
        let (operator, values) = given.checked()?;
        let condition = match comparison::condition(&attribute, &operator, values)? {
            Condition::Compare(comparator, _, Operand::Value(value)) if comparator != Comparator::NotEqual => {
                SortCondition::Compare(comparator, value)
            }
            Condition::Between { low: Operand::Value(low), high: Operand::Value(high), .. } => {
                SortCondition::Between(low, high)
            }
            Condition::BeginsWith(_, Operand::Value(prefix)) => SortCondition::BeginsWith(prefix),
            _ => return Err(ApiError::validation("Attempted conditional constraint is not an indexable operation")),
        };
        read.push((attribute, condition));
    }
    Ok(Unresolved::new(read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::expression::key_condition::KeyCondition;
    use crate::service::dynamodb::value::AttributeValue;

    fn resolve(json: &str) -> Result<KeyCondition, ApiError> {
        Ok(read(serde_json::from_str(json).unwrap())?.resolve("id", Some("at"))?)
    }

    const EQUAL: &str = r#""id":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}"#;

    #[test]
    fn conditions_fit_the_key() {
        let number = |text| AttributeValue::N(crate::service::dynamodb::number::Number::parse(text).unwrap());
        let text = |text: &str| AttributeValue::S(text.to_owned());
        for (condition, sort) in [
            (r#"{"ComparisonOperator":"LE","AttributeValueList":[{"N":"1"}]}"#, {
                SortCondition::Compare(Comparator::LessOrEqual, number("1"))
            }),
            (r#"{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"1"},{"N":"2"}]}"#, {
                SortCondition::Between(number("1"), number("2"))
            }),
            (r#"{"ComparisonOperator":"BEGINS_WITH","AttributeValueList":[{"S":"x"}]}"#, {
                SortCondition::BeginsWith(text("x"))
            }),
        ] {
            let expected = KeyCondition { partition: text("a"), sort: Some(sort) };
            assert_eq!(resolve(&format!(r#"{{{EQUAL},"at":{condition}}}"#)), Ok(expected), "{condition}");
        }
        assert_eq!(resolve(&format!("{{{EQUAL}}}")), Ok(KeyCondition { partition: text("a"), sort: None }));
    }

    #[test]
    fn what_does_not_fit_is_told_in_awss_words() {
        let null = r#"{"ComparisonOperator":"NULL"}"#;
        for (conditions, message) in [
            ("{}".to_owned(), "Conditions can be of length 1 or 2 only"),
            (format!(r#"{{{EQUAL},"b":{null},"c":{null}}}"#), "Conditions can be of length 1 or 2 only"),
            (format!(r#"{{{EQUAL},"at":{null}}}"#), "Attempted conditional constraint is not an indexable operation"),
            (
                r#"{"id":{"ComparisonOperator":"NE","AttributeValueList":[{"S":"a"}]}}"#.to_owned(),
                "Attempted conditional constraint is not an indexable operation",
            ),
            (
                r#"{"id":{"ComparisonOperator":"LT","AttributeValueList":[{"S":"a"}]}}"#.to_owned(),
                "Query key condition not supported",
            ),
            (
                r#"{"at":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}}"#.to_owned(),
                "Query condition missed key schema element: id",
            ),
            (
                format!(r#"{{{EQUAL},"x":{{"ComparisonOperator":"EQ","AttributeValueList":[{{"S":"a"}}]}}}}"#),
                "Query condition missed key schema element: at",
            ),
        ] {
            assert_eq!(resolve(&conditions).unwrap_err().message, message, "{conditions}");
        }
    }
}
