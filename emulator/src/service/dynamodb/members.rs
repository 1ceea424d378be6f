//! Checks of members that several operations share.

use serde::de::IgnoredAny;

use super::description::AttributeDefinition;
use crate::kernel::{ApiError, Violations};

/// A member of AWS's model that is refused when it is there. A null counts as absent, as on AWS.
pub type Unsupported = Option<IgnoredAny>;

/// Refuses the first of these members that is there.
pub fn refuse(operation: &str, members: &[(&str, bool)]) -> Result<(), ApiError> {
    match members.iter().find(|(_, present)| *present) {
        Some((member, _)) => Err(ApiError::not_implemented(format_args!("{member} of dynamodb {operation}"))),
        None => Ok(()),
    }
}

/// The beginning of most of DynamoDB's own refusals.
pub fn invalid(detail: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("One or more parameter values were invalid: {detail}"))
}

fn one_of(violations: &mut Violations, member: &str, value: &Option<String>, values: &[&str]) {
    if let Some(value) = value {
        violations.one_of(member, value, values);
    }
}

pub fn check_consumed_capacity(violations: &mut Violations, value: &Option<String>) {
    one_of(violations, "returnConsumedCapacity", value, &["INDEXES", "TOTAL", "NONE"]);
}

pub fn check_select(violations: &mut Violations, value: &Option<String>) {
    let values = ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"];
    one_of(violations, "select", value, &values);
}

pub fn check_item_collection_metrics(violations: &mut Violations, value: &Option<String>) {
    one_of(violations, "returnItemCollectionMetrics", value, &["SIZE", "NONE"]);
}

pub fn check_return_values(violations: &mut Violations, value: &Option<String>) {
    let values = ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"];
    one_of(violations, "returnValues", value, &values);
}

pub fn check_return_on_failure(violations: &mut Violations, value: &Option<String>) {
    one_of(violations, "returnValuesOnConditionCheckFailure", value, &["ALL_OLD", "NONE"]);
}

/// The member `AttributeDefinitions`. AWS names the type first.
pub fn check_definitions(violations: &mut Violations, definitions: &[AttributeDefinition]) {
    for (index, definition) in definitions.iter().enumerate() {
        let member = |name: &str| format!("attributeDefinitions.{}.member.{name}", index + 1);
        check_one_of(violations, &member("attributeType"), definition.attribute_type.as_deref(), &["B", "N", "S"]);
        check_name(violations, &member("attributeName"), definition.attribute_name.as_deref());
    }
}

pub fn check_name(violations: &mut Violations, member: &str, name: Option<&str>) {
    match name {
        Some(name) => violations.length(member, name, 1, 255),
        None => violations.missing(member),
    }
}

pub fn check_one_of(violations: &mut Violations, member: &str, value: Option<&str>, values: &[&str]) {
    match value {
        Some(value) => violations.one_of(member, value, values),
        None => violations.missing(member),
    }
}
