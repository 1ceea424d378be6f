//! A table by name or by ARN: every operation takes both.

use crate::kernel::{ApiError, Arn, Scope, Violations};

/// Checks the member `TableName` as AWS's model does: it must be there and not be empty.
pub fn check(violations: &mut Violations, given: &Option<String>) {
    violations.required("tableName", given);
    if let Some(given) = given {
        violations.length("tableName", given, 1, 1024);
    }
}

/// The name that `given` names, for the timeline, without any check.
pub fn shown(given: Option<&String>) -> String {
    let given = given.map(String::as_str).unwrap_or_default();
    given.rsplit_once(":table/").map_or(given, |(_, name)| name).to_owned()
}

/// Those of several tables, each once.
pub fn all_shown<'a>(given: impl Iterator<Item = &'a String>) -> String {
    let mut names: Vec<String> = given.map(|given| shown(Some(given))).collect();
    names.sort_unstable();
    names.dedup();
    names.join(",")
}

/// The name of a table of this scope. Texts are as reported by callers; AWS's order among them is assumed.
pub fn resolve(given: &str, scope: &Scope) -> Result<String, ApiError> {
    if !given.starts_with("arn:") {
        check_name(given)?;
        return Ok(given.to_owned());
    }
    let arn = Arn::parse(given).filter(|arn| arn.service == "dynamodb");
    let Some((arn, name)) = arn.as_ref().and_then(|arn| Some((arn, arn.resource_after("table")?))) else {
        return Err(ApiError::validation("Invalid table ARN"));
    };
    check_name(name)?;
    if arn.scope != *scope {
        return Err(ApiError::not_implemented("a dynamodb TableName of another account or region"));
    }
    Ok(name.to_owned())
}

pub fn check_name(name: &str) -> Result<(), ApiError> {
    if !(3..=255).contains(&name.chars().count()) {
        return Err(ApiError::validation(
            "TableName must be at least 3 characters long and at most 255 characters long",
        ));
    }
    let mut violations = Violations::new();
    violations.pattern("tableName", name, "[a-zA-Z0-9_.-]+", |c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    violations.finish()
}
