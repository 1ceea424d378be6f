//! `QueryFilter` and `ScanFilter`: which of the items that were read are answered.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.QueryFilter.html>

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{comparison, conditional_operator};
use crate::kernel::{ApiError, Violations};
use crate::service::dynamodb::attribute_json::Given;
use crate::service::dynamodb::expression::tree::Condition;
use crate::service::dynamodb::value::AttributeValue;

/// The parameter as it arrived, by attribute. `KeyConditions` have the same shape.
pub type Filter = BTreeMap<String, GivenCondition>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenCondition {
    attribute_value_list: Option<Vec<Given>>,
    comparison_operator: Option<String>,
}

impl GivenCondition {
    /// The operator and its values.
    pub fn checked(self) -> Result<(String, Vec<AttributeValue>), ApiError> {
        let values = super::values(self.attribute_value_list.unwrap_or_default())?;
        Ok((self.comparison_operator.expect("the model requires it"), values))
    }
}

/// Checks it by AWS's model, where `member` is what it is called: `scanFilter`.
pub fn check(violations: &mut Violations, member: &str, filter: &Option<Filter>) {
    for (attribute, condition) in filter.iter().flatten() {
        let place = format!("{member}.{attribute}.member");
        match &condition.comparison_operator {
            Some(operator) => comparison::check(violations, &place, operator),
            None => violations.missing(format!("{place}.comparisonOperator")),
        }
    }
}

/// The condition that it is; none where there is no filter, or an empty one.
pub fn read(filter: Option<Filter>, operator: Option<&str>) -> Result<Option<Condition>, ApiError> {
    let filter = filter.unwrap_or_default();
    conditional_operator::check_use(operator, filter.len())?;
    let mut conditions = Vec::new();
    for (attribute, given) in filter {
        let (operator, values) = given.checked()?;
        conditions.push(comparison::condition(&attribute, &operator, values)?);
    }
    Ok(conditional_operator::join(conditions, operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_required_and_one_of_awss() {
        let filter = r#"{"a":{"AttributeValueList":[]},"b":{"ComparisonOperator":"LIKE"}}"#;
        let mut violations = Violations::new();
        check(&mut violations, "scanFilter", &Some(serde_json::from_str(filter).unwrap()));
        assert_eq!(
            violations.finish().unwrap_err().message,
            "2 validation errors detected: Value null at 'scanFilter.a.member.comparisonOperator' failed to satisfy \
             constraint: Member must not be null; Value 'LIKE' at 'scanFilter.b.member.comparisonOperator' failed to \
             satisfy constraint: Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, \
             NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"
        );
    }

    #[test]
    fn a_filter_is_a_condition() {
        let filter =
            r#"{"a":{"ComparisonOperator":"NULL"},"b":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]}}"#;
        let read = read(Some(serde_json::from_str(filter).unwrap()), Some("OR")).unwrap();
        assert!(matches!(read, Some(Condition::Or(..))), "{read:?}");
        assert_eq!(super::read(None, None), Ok(None));
    }
}
