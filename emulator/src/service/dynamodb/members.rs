//! Checks of members that several operations share.

use serde::de::IgnoredAny;

use super::table_name;
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

fn one_of(violations: &mut Violations, member: &str, value: &Option<String>, values: &[&str]) {
    if let Some(value) = value {
        violations.one_of(member, value, values);
    }
}

pub fn check_consumed_capacity(violations: &mut Violations, value: &Option<String>) {
    one_of(violations, "returnConsumedCapacity", value, &["INDEXES", "TOTAL", "NONE"]);
}

/// Table names and ARNs as the keys of `RequestItems`. `request` is the whole, as AWS's message shows it.
pub fn check_names_of_tables<'a>(
    violations: &mut Violations,
    mut names: impl Iterator<Item = &'a String>,
    request: impl FnOnce() -> String,
) {
    let fits = |name: &str| name.starts_with("arn:") || table_name::check_name(name).is_ok();
    if !names.all(|name| fits(name)) {
        violations.sentence(format_args!(
            "Value '{}' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must \
             have length less than or equal to 255, Member must have length greater than or equal to 3, Member must \
             satisfy regular expression pattern: [a-zA-Z0-9_.-]+]",
            request()
        ));
    }
}

/// How many members a list has, told as AWS's newer validation does, which does not show the list.
pub fn check_count(violations: &mut Violations, member: &str, count: usize, max: usize) {
    if count == 0 {
        violations.add_unprinted(member, "have length greater than or equal to 1");
    }
    if count > max {
        violations.add_unprinted(member, format_args!("have length less than or equal to {max}"));
    }
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
