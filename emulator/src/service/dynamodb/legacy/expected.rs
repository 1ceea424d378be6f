//! `Expected`: what a write is conditional on.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.Expected.html>
//!
//! Two forms: `Value` and `Exists`, or `ComparisonOperator` and `AttributeValueList`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{comparison, conditional_operator, invalid};
use crate::kernel::{ApiError, Violations};
use crate::service::dynamodb::attribute_json::Given;
use crate::service::dynamodb::expression::tree::{Comparator, Condition, Operand, Path};

/// The parameter as it arrived, by attribute.
pub type Expected = BTreeMap<String, Expectation>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Expectation {
    value: Option<Given>,
    exists: Option<bool>,
    comparison_operator: Option<String>,
    attribute_value_list: Option<Vec<Given>>,
}

/// Checks it by AWS's model.
pub fn check(violations: &mut Violations, expected: &Option<Expected>) {
    for (attribute, expectation) in expected.iter().flatten() {
        if let Some(operator) = &expectation.comparison_operator {
            comparison::check(violations, &format!("expected.{attribute}.member"), operator);
        }
    }
}

/// The condition that it is; none where there is no `Expected`, or an empty one.
pub fn read(expected: Option<Expected>, operator: Option<&str>) -> Result<Option<Condition>, ApiError> {
    let expected = expected.unwrap_or_default();
    conditional_operator::check_use(operator, expected.len())?;
    let conditions: Result<Vec<Condition>, ApiError> =
        expected.into_iter().map(|(attribute, expectation)| condition(&attribute, expectation)).collect();
    Ok(conditional_operator::join(conditions?, operator))
}

fn condition(attribute: &str, given: Expectation) -> Result<Condition, ApiError> {
    let value = given.value.map(Given::checked).transpose()?;
    let values = given.attribute_value_list.map(super::values).transpose()?;
    if value.is_some() && values.is_some() {
        return Err(invalid(format_args!(
            "Value and AttributeValueList cannot be used together for Attribute: {attribute}"
        )));
    }
    if let Some(operator) = given.comparison_operator {
        if given.exists.is_some() {
            return Err(invalid(format_args!(
                "Exists and ComparisonOperator cannot be used together for Attribute: {attribute}"
            )));
        }
        let Some(values) = values.or_else(|| value.map(|value| vec![value])) else {
            if comparison::needs_no_values(&operator) {
                return comparison::condition(attribute, &operator, Vec::new());
            }
            return Err(invalid(format_args!(
                "Value or AttributeValueList must be used with ComparisonOperator: {operator} for Attribute: {attribute}"
            )));
        };
        return comparison::condition(attribute, &operator, values);
    }
    if values.is_some() {
        return Err(invalid(format_args!(
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: {attribute}"
        )));
    }
    let path = Path::attribute(attribute);
    match (given.exists, value) {
        (Some(false), Some(_)) => {
            Err(invalid(format_args!("Value cannot be used when Exists is false for Attribute: {attribute}")))
        }
        (Some(false), None) => Ok(Condition::AttributeNotExists(path)),
        (_, Some(value)) => Ok(Condition::Compare(Comparator::Equal, Operand::Path(path), Operand::Value(value))),
        (exists, None) => {
            let exists = if exists.is_some() { "true" } else { "null" };
            Err(invalid(format_args!("Value must be provided when Exists is {exists} for Attribute: {attribute}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::attribute_json::{self, GivenItem};
    use crate::service::dynamodb::expression::evaluation;
    use crate::service::dynamodb::value::Item;

    fn item(json: &str) -> Item {
        attribute_json::item(serde_json::from_str::<GivenItem>(json).unwrap()).unwrap()
    }

    fn read_json(json: &str, operator: Option<&str>) -> Result<Option<Condition>, ApiError> {
        read(Some(serde_json::from_str(json).unwrap()), operator)
    }

    #[test]
    fn both_forms_hold_or_do_not() {
        for (expected, operator, subject, holds) in [
            (r#"{"a":{"Exists":false}}"#, None, "{}", true),
            (r#"{"a":{"Exists":false}}"#, None, r#"{"a":{"NULL":true}}"#, false),
            (r#"{"a":{"Value":{"N":"1"}}}"#, None, r#"{"a":{"N":"1"}}"#, true),
            (r#"{"a":{"Value":{"N":"1"},"Exists":true}}"#, None, r#"{"a":{"N":"2"}}"#, false),
            (r#"{"a":{"Value":{"N":"1"},"ComparisonOperator":"GT"}}"#, None, r#"{"a":{"N":"2"}}"#, true),
            (r#"{"a":{"ComparisonOperator":"NOT_NULL"}}"#, None, r#"{"a":{"N":"2"}}"#, true),
            (
                r#"{"a":{"AttributeValueList":[{"N":"1"},{"N":"2"}],"ComparisonOperator":"IN"}}"#,
                None,
                r#"{"a":{"N":"2"}}"#,
                true,
            ),
            (r#"{"a":{"Exists":false},"b":{"Value":{"S":"x"}}}"#, None, r#"{"b":{"S":"x"}}"#, true),
            (r#"{"a":{"Exists":false},"b":{"Value":{"S":"x"}}}"#, Some("AND"), "{}", false),
            (r#"{"a":{"Exists":false},"b":{"Value":{"S":"x"}}}"#, Some("OR"), "{}", true),
        ] {
            let condition = read_json(expected, operator).unwrap().unwrap();
            assert_eq!(evaluation::holds(&condition, &item(subject)), holds, "{expected} on {subject}");
        }
        assert_eq!(read_json("{}", None), Ok(None));
    }

    #[test]
    fn mistakes_are_told_in_awss_words() {
        for (expected, detail) in [
            (r#"{"a":{}}"#, "Value must be provided when Exists is null for Attribute: a"),
            (r#"{"a":{"Exists":true}}"#, "Value must be provided when Exists is true for Attribute: a"),
            (
                r#"{"a":{"Exists":false,"Value":{"S":"x"}}}"#,
                "Value cannot be used when Exists is false for Attribute: a",
            ),
            (
                r#"{"a":{"AttributeValueList":[]}}"#,
                "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
            ),
            (
                r#"{"a":{"AttributeValueList":[],"Value":{"S":"x"}}}"#,
                "Value and AttributeValueList cannot be used together for Attribute: a",
            ),
            (
                r#"{"a":{"ComparisonOperator":"NULL","Exists":false}}"#,
                "Exists and ComparisonOperator cannot be used together for Attribute: a",
            ),
            (
                r#"{"a":{"ComparisonOperator":"EQ"}}"#,
                "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
            ),
        ] {
            let error = read_json(expected, None).unwrap_err();
            assert_eq!(error.message, format!("One or more parameter values were invalid: {detail}"), "{expected}");
        }
        for (expected, message) in [
            ("{}", "ConditionalOperator cannot be used without Filter or Expected"),
            (
                r#"{"a":{"Exists":false}}"#,
                "ConditionalOperator can only be used when Filter or Expected has two or more elements",
            ),
        ] {
            assert_eq!(read_json(expected, Some("AND")).unwrap_err().message, message);
        }
    }
}
