//! `ExpressionAttributeNames` and `ExpressionAttributeValues` of a request, checked.

use std::collections::BTreeMap;

use super::attribute_json::{self, GivenItem};
use super::expression::{ExpressionError, Symbols};
use super::value::{Item, item_size};
use crate::kernel::ApiError;

impl From<ExpressionError> for ApiError {
    fn from(ExpressionError(message): ExpressionError) -> Self {
        Self::validation(message)
    }
}

/// "The maximum length of an expression attribute name or expression attribute value": with its `#` or `:`.
const KEY_BYTES_MAX: usize = 255;

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
        check_names(names)?;
    }
    if let Some(values) = &values {
        check_keys("ExpressionAttributeValues", ':', values.keys())?;
    }
    let names = names.unwrap_or_default();
    let values = attribute_json::expression_values(values.unwrap_or_default())?;
    check_total_size(&names, &values)?;
    Ok(Symbols::new(names, values))
}

/// "The maximum length of all substitution variables in an expression is 2 MB": the sum of the lengths of
/// all names and values. The texts are those of AWS's own client of DynamoDB Accelerator.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters>
fn check_total_size(names: &BTreeMap<String, String>, values: &Item) -> Result<(), ApiError> {
    const TOTAL_BYTES_MAX: usize = 2 << 20;
    let names: usize = names.iter().map(|(key, name)| key.len() + name.len()).sum();
    let values = item_size(values);
    let what = match () {
        () if names > TOTAL_BYTES_MAX => "ExpressionAttributeNames",
        () if values > TOTAL_BYTES_MAX => "ExpressionAttributeValues",
        () if names + values > TOTAL_BYTES_MAX => {
            "Combined size of ExpressionAttributeNames and ExpressionAttributeValues"
        }
        () => return Ok(()),
    };
    Err(ApiError::validation(format!("{what} exceeds max size")))
}

fn check_names(names: &BTreeMap<String, String>) -> Result<(), ApiError> {
    for (key, name) in names {
        if name.is_empty() {
            return Err(ApiError::validation(format!(
                "ExpressionAttributeNames contains invalid value: Empty attribute name for key {key}"
            )));
        }
        attribute_json::check_name(name).map_err(ApiError::validation)?;
    }
    Ok(())
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
    let complaint = match keys.find(|key| !valid(key) || key.len() > KEY_BYTES_MAX) {
        Some(key) if key.len() > KEY_BYTES_MAX => {
            "The expression attribute map contains a key that is too long".to_owned()
        }
        Some(key) => format!("Syntax error; key: \"{key}\""),
        None => return Ok(()),
    };
    Err(ApiError::validation(format!("{member} contains invalid key: {complaint}")))
}
