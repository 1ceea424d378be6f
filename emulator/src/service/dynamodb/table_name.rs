//! A table by name or by ARN: every operation takes both.

use crate::kernel::{ApiError, Arn, Scope, Violations};

/// Checks the member `TableName` as AWS's model does: it must be there and not be empty.
pub fn check(violations: &mut Violations, given: &Option<String>) {
    violations.required("tableName", given);
    if let Some(given) = given {
        violations.length("tableName", given, 1, 1024);
    }
}

const PATTERN: &str = "[a-zA-Z0-9_.-]+";

/// Checks it as AWS does for operations on tables themselves, which come before their items' model: a name by its
/// length and letters, an ARN by its length. Without it, AWS says nothing else.
pub fn check_named(violations: &mut Violations, given: Option<String>) -> Result<String, ApiError> {
    let given = given.ok_or_else(|| {
        ApiError::validation("The parameter 'TableName' is required but was not present in the request")
    })?;
    if given.starts_with("arn:") {
        violations.length("tableName", &given, 1, 1024);
        return Ok(given);
    }
    violations.length("tableName", &given, 3, 255);
    if given.is_empty() {
        // The pattern wants a letter, and no letter breaks it.
        violations.add("", "tableName", format_args!("satisfy regular expression pattern: {PATTERN}"));
    }
    violations.pattern("tableName", &given, PATTERN, is_allowed);
    Ok(given)
}

fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_.-".contains(letter)
}

/// The name that `given` names, for the timeline, without any check.
pub fn shown(given: Option<&String>) -> String {
    let given = given.map(String::as_str).unwrap_or_default();
    given.rsplit_once(":table/").map_or(given, |(_, name)| name).to_owned()
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
    violations.pattern("tableName", name, PATTERN, is_allowed);
    violations.finish()
}
