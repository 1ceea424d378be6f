//! `ComparisonOperator` and `AttributeValueList`: one condition on one attribute.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.Conditions.html>

use super::invalid;
use crate::kernel::{ApiError, Violations};
use crate::service::dynamodb::expression::tree::{Comparator, Condition, Operand, Path};
use crate::service::dynamodb::value::AttributeValue;

/// AWS's operators, in the order of its message.
const OPERATORS: [&str; 13] = [
    "IN",
    "NULL",
    "BETWEEN",
    "LT",
    "NOT_CONTAINS",
    "EQ",
    "GT",
    "NOT_NULL",
    "NE",
    "LE",
    "BEGINS_WITH",
    "GE",
    "CONTAINS",
];

/// Checks an operator by AWS's model; `member` is where it stands: `scanFilter.a.member`.
pub fn check(violations: &mut Violations, member: &str, operator: &str) {
    violations.one_of(format!("{member}.comparisonOperator"), operator, &OPERATORS);
}

/// Whether it compares with nothing: then there must be no values.
pub fn needs_no_values(operator: &str) -> bool {
    matches!(operator, "NULL" | "NOT_NULL")
}

/// The condition on `attribute`. The operator is one of AWS's.
pub fn condition(attribute: &str, operator: &str, values: Vec<AttributeValue>) -> Result<Condition, ApiError> {
    check_values(operator, &values)?;
    let path = Path::attribute(attribute);
    let subject = Operand::Path(path.clone());
    let mut operands = values.into_iter().map(Operand::Value);
    if operator == "IN" {
        return Ok(Condition::In(subject, operands.collect()));
    }
    let (first, second) = (operands.next(), operands.next());
    Ok(match (operator, first, second) {
        ("NULL", ..) => Condition::AttributeNotExists(path),
        ("NOT_NULL", ..) => Condition::AttributeExists(path),
        ("BETWEEN", Some(low), Some(high)) => Condition::Between { value: subject, low, high },
        ("BEGINS_WITH", Some(prefix), _) => Condition::BeginsWith(subject, prefix),
        ("CONTAINS", Some(part), _) => Condition::Contains(subject, part),
        ("NOT_CONTAINS", Some(part), _) => Condition::Not(Box::new(Condition::Contains(subject, part))),
        (operator, Some(value), _) => {
            let comparator = comparator(operator).expect("the model's check left no other operator");
            Condition::Compare(comparator, subject, value)
        }
        (operator, None, _) => unreachable!("{operator} has its values: they are counted"),
    })
}

/// What the comparing operators are called in expressions.
pub fn comparator(operator: &str) -> Option<Comparator> {
    Some(match operator {
        "EQ" => Comparator::Equal,
        "NE" => Comparator::NotEqual,
        "LT" => Comparator::Less,
        "LE" => Comparator::LessOrEqual,
        "GT" => Comparator::Greater,
        "GE" => Comparator::GreaterOrEqual,
        _ => return None,
    })
}

/// How many values the operator takes, and of which types.
fn check_values(operator: &str, values: &[AttributeValue]) -> Result<(), ApiError> {
    let fits = match operator {
        "NULL" | "NOT_NULL" => values.is_empty(),
        "BETWEEN" => values.len() == 2,
        "IN" => !values.is_empty(),
        _ => values.len() == 1,
    };
    if !fits {
        return Err(invalid(format_args!("Invalid number of argument(s) for the {operator} ComparisonOperator")));
    }
    let allowed = |value: &AttributeValue| match operator {
        "EQ" | "NE" => true,
        "BEGINS_WITH" => matches!(value, AttributeValue::S(_) | AttributeValue::B(_)),
        _ => value.is_ordered(),
    };
    if let Some(other) = values.iter().find(|value| !allowed(value)) {
        return Err(invalid(format_args!(
            "ComparisonOperator {operator} is not valid for {} AttributeValue type",
            other.type_name()
        )));
    }
    if let [first, rest @ ..] = values
        && rest.iter().any(|value| value.type_name() != first.type_name())
    {
        return Err(invalid("AttributeValues inside AttributeValueList must be of same type"));
    }
    if let ("BETWEEN", [low, high]) = (operator, values)
        && low.compare(high).is_some_and(std::cmp::Ordering::is_gt)
    {
        return Err(ApiError::validation(
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
        ));
    }
    Ok(())
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

    fn read(operator: &str, values: &str) -> Result<Condition, ApiError> {
        let given = serde_json::from_str(values).unwrap();
        condition("a", operator, super::super::values(given).unwrap())
    }

    #[test]
    fn conditions_hold_or_do_not() {
        for (operator, values, subject, expected) in [
            ("EQ", r#"[{"N":"1"}]"#, r#"{"a":{"N":"1.0"}}"#, true),
            ("EQ", r#"[{"N":"1"}]"#, r#"{"a":{"S":"1"}}"#, false),
            ("EQ", r#"[{"L":[{"BOOL":true}]}]"#, r#"{"a":{"L":[{"BOOL":true}]}}"#, true),
            ("EQ", r#"[{"NULL":true}]"#, "{}", false),
            ("NE", r#"[{"N":"1"}]"#, r#"{"a":{"S":"1"}}"#, true),
            ("NE", r#"[{"N":"1"}]"#, r#"{"a":{"N":"1"}}"#, false),
            ("NE", r#"[{"N":"1"}]"#, "{}", true),
            ("LT", r#"[{"N":"10"}]"#, r#"{"a":{"N":"9"}}"#, true),
            ("LE", r#"[{"S":"b"}]"#, r#"{"a":{"S":"b"}}"#, true),
            ("GT", r#"[{"S":"b"}]"#, r#"{"a":{"N":"9"}}"#, false),
            ("GE", r#"[{"B":"AA=="}]"#, r#"{"a":{"B":"AQ=="}}"#, true),
            ("GE", r#"[{"N":"1"}]"#, "{}", false),
            ("NULL", "[]", "{}", true),
            ("NULL", "[]", r#"{"a":{"NULL":true}}"#, false),
            ("NOT_NULL", "[]", r#"{"a":{"NULL":true}}"#, true),
            ("NOT_NULL", "[]", "{}", false),
            ("CONTAINS", r#"[{"S":"el"}]"#, r#"{"a":{"S":"hello"}}"#, true),
            ("CONTAINS", r#"[{"N":"2"}]"#, r#"{"a":{"NS":["1","2"]}}"#, true),
            ("CONTAINS", r#"[{"N":"2"}]"#, r#"{"a":{"L":[{"N":"2"}]}}"#, true),
            ("NOT_CONTAINS", r#"[{"S":"x"}]"#, r#"{"a":{"SS":["y"]}}"#, true),
            ("NOT_CONTAINS", r#"[{"S":"y"}]"#, r#"{"a":{"SS":["y"]}}"#, false),
            ("NOT_CONTAINS", r#"[{"S":"y"}]"#, "{}", true),
            ("BEGINS_WITH", r#"[{"S":"he"}]"#, r#"{"a":{"S":"hello"}}"#, true),
            ("BEGINS_WITH", r#"[{"S":"he"}]"#, r#"{"a":{"N":"1"}}"#, false),
            ("IN", r#"[{"N":"1"},{"N":"2"}]"#, r#"{"a":{"N":"2"}}"#, true),
            ("IN", r#"[{"N":"1"},{"N":"2"}]"#, "{}", false),
            ("BETWEEN", r#"[{"N":"1"},{"N":"3"}]"#, r#"{"a":{"N":"3"}}"#, true),
            ("BETWEEN", r#"[{"N":"1"},{"N":"3"}]"#, r#"{"a":{"N":"4"}}"#, false),
        ] {
            let condition = read(operator, values).unwrap_or_else(|error| panic!("{operator} {values}: {error}"));
            assert_eq!(evaluation::holds(&condition, &item(subject)), expected, "{operator} {values} on {subject}");
        }
    }

    #[test]
    fn mistakes_are_told_in_awss_words() {
        for (operator, values, detail) in [
            ("EQ", "[]", "Invalid number of argument(s) for the EQ ComparisonOperator"),
            ("EQ", r#"[{"N":"1"},{"N":"2"}]"#, "Invalid number of argument(s) for the EQ ComparisonOperator"),
            ("NULL", r#"[{"N":"1"}]"#, "Invalid number of argument(s) for the NULL ComparisonOperator"),
            ("BETWEEN", r#"[{"N":"1"}]"#, "Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
            ("IN", "[]", "Invalid number of argument(s) for the IN ComparisonOperator"),
            ("BEGINS_WITH", r#"[{"N":"1"}]"#, "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
            ("LT", r#"[{"SS":["a"]}]"#, "ComparisonOperator LT is not valid for SS AttributeValue type"),
            ("CONTAINS", r#"[{"M":{}}]"#, "ComparisonOperator CONTAINS is not valid for M AttributeValue type"),
            ("IN", r#"[{"BOOL":true}]"#, "ComparisonOperator IN is not valid for BOOL AttributeValue type"),
            ("IN", r#"[{"N":"1"},{"S":"1"}]"#, "AttributeValues inside AttributeValueList must be of same type"),
        ] {
            let error = read(operator, values).unwrap_err();
            let expected = format!("One or more parameter values were invalid: {detail}");
            assert_eq!(error.message, expected, "{operator} {values}");
        }
        assert_eq!(
            read("BETWEEN", r#"[{"N":"3"},{"N":"1"}]"#).unwrap_err().message,
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
        );
    }
}
