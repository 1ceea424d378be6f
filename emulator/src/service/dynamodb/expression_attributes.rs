//! `ExpressionAttributeNames` and `ExpressionAttributeValues` of a request, checked.

use std::collections::BTreeMap;

use super::attribute_json::{self, GivenItem};
use super::expression::{ExpressionError, Symbols};
use crate::kernel::ApiError;

impl From<ExpressionError> for ApiError {
    fn from(ExpressionError(message): ExpressionError) -> Self {
        Self::validation(message)
    }
}

/// An expression that a request may hold: the member's name, and whether it is there.
pub type Member = (&'static str, bool);

/// The names and values for the expressions of a request. `with_values` are the
/// expressions that can use values, in the order in which AWS names them;
/// `others` can use names alone.
pub fn symbols(
    names: Option<BTreeMap<String, String>>,
    values: Option<GivenItem>,
    with_values: &[Member],
    others: &[Member],
) -> Result<Symbols, ApiError> {
    if names.is_some() && !with_values.iter().chain(others).any(|(_, present)| *present) {
        return Err(ApiError::validation("ExpressionAttributeNames can only be specified when using expressions"));
    }
    if values.is_some() && !with_values.iter().any(|(_, present)| *present) {
        let members: Vec<&str> = with_values.iter().map(|(name, _)| *name).collect();
        let verb = if members.len() == 1 { "is" } else { "are" };
        return Err(ApiError::validation(format!(
            "ExpressionAttributeValues can only be specified when using expressions: {} {verb} null",
            members.join(" and ")
        )));
    }
    if let Some(names) = &names {
        check_keys("ExpressionAttributeNames", '#', names.keys())?;
    }
    if let Some(values) = &values {
        check_keys("ExpressionAttributeValues", ':', values.keys())?;
    }
    let values = attribute_json::expression_values(values.unwrap_or_default())?;
    Ok(Symbols::new(names.unwrap_or_default(), values))
}

fn check_keys<'a>(
    member: &str,
    first: char,
    mut keys: impl ExactSizeIterator<Item = &'a String>,
) -> Result<(), ApiError> {
    if keys.len() == 0 {
        return Err(ApiError::validation(format!("{member} must not be empty")));
    }
    let valid = |key: &str| {
        let rest = key.strip_prefix(first).unwrap_or_default();
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match keys.find(|key| !valid(key)) {
        Some(key) => Err(ApiError::validation(format!("{member} contains invalid key: Syntax error; key: \"{key}\""))),
        None => Ok(()),
    }
}
