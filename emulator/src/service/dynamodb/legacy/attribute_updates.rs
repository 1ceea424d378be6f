//! `AttributeUpdates`: what an update does to which attribute.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html>

use std::collections::BTreeMap;

use serde::Deserialize;

use super::invalid;
use crate::kernel::{ApiError, Violations};
use crate::service::dynamodb::attribute_json::Given;
use crate::service::dynamodb::expression::application;
use crate::service::dynamodb::expression::tree::{Path, Source, Update};
use crate::service::dynamodb::value::AttributeValue;

/// The parameter as it arrived, by attribute.
pub type AttributeUpdates = BTreeMap<String, AttributeUpdate>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeUpdate {
    value: Option<Given>,
    action: Option<String>,
}

/// Checks it by AWS's model.
pub fn check(violations: &mut Violations, updates: &Option<AttributeUpdates>) {
    for (attribute, update) in updates.iter().flatten() {
        if let Some(action) = &update.action {
            let member = format!("attributeUpdates.{attribute}.member.action");
            violations.one_of(&member, action, &["ADD", "PUT", "DELETE"]);
        }
    }
}

/// The update that it is. An action that is not given is PUT.
pub fn read(updates: AttributeUpdates) -> Result<Update, ApiError> {
    let mut read = Update::default();
    for (attribute, given) in updates {
        let path = Path::attribute(attribute);
        let value = given.value.map(Given::checked).transpose()?;
        match (given.action.as_deref(), value) {
            (Some("DELETE"), None) => read.remove.push(path),
            (_, None) => return Err(invalid("Only DELETE action is allowed when no attribute value is specified")),
            (Some("DELETE"), Some(value)) if is_set(&value) => read.delete.push((path, value)),
            (Some("DELETE"), Some(value)) => {
                let kind = value.type_name();
                return Err(invalid(format_args!("DELETE action with value is not supported for the type {kind}")));
            }
            (Some("ADD"), Some(value)) if is_set(&value) || matches!(value, AttributeValue::N(_)) => {
                read.add.push((path, value));
            }
            // AWS documents numbers and sets alone, but callers report that lists grow, too.
            (Some("ADD"), Some(value @ AttributeValue::L(_))) => {
                let empty = Box::new(Source::Value(AttributeValue::L(Vec::new())));
                let present = Box::new(Source::IfNotExists(path.clone(), empty));
                read.set.push((path, Source::ListAppend(present, Box::new(Source::Value(value)))));
            }
            (Some("ADD"), Some(value)) => {
                let kind = value.type_name();
                return Err(invalid(format_args!("ADD action is not supported for the type {kind}")));
            }
            (_, Some(value)) => read.set.push((path, Source::Value(value))),
        }
    }
    Ok(read)
}

fn is_set(value: &AttributeValue) -> bool {
    matches!(value, AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_))
}

/// A refusal of the item's values in the words that AWS has for these updates.
pub fn reworded(error: ApiError) -> ApiError {
    if error.message == application::wrong_type().0 {
        return ApiError::validation("Type mismatch for attribute to update");
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::attribute_json::{self, GivenItem};
    use crate::service::dynamodb::value::Item;

    fn item(json: &str) -> Item {
        attribute_json::item(serde_json::from_str::<GivenItem>(json).unwrap()).unwrap()
    }

    fn apply(updates: &str, before: &str) -> Result<Item, ApiError> {
        let update = read(serde_json::from_str(updates).unwrap())?;
        application::apply(&update, item(before)).map_err(|error| reworded(error.into()))
    }

    #[test]
    fn updates_change_what_they_say() {
        for (updates, before, after) in [
            (r#"{"a":{"Value":{"S":"x"}}}"#, "{}", r#"{"a":{"S":"x"}}"#),
            (r#"{"a":{"Value":{"S":"x"},"Action":"PUT"}}"#, r#"{"a":{"N":"1"}}"#, r#"{"a":{"S":"x"}}"#),
            // A name is no path.
            (r#"{"a.b":{"Value":{"S":"x"}}}"#, r#"{"a":{"M":{}}}"#, r#"{"a":{"M":{}},"a.b":{"S":"x"}}"#),
            (r#"{"a":{"Action":"DELETE"},"gone":{"Action":"DELETE"}}"#, r#"{"a":{"N":"1"}}"#, "{}"),
            (
                r#"{"a":{"Action":"DELETE","Value":{"SS":["x","z"]}}}"#,
                r#"{"a":{"SS":["x","y"]}}"#,
                r#"{"a":{"SS":["y"]}}"#,
            ),
            (r#"{"a":{"Action":"DELETE","Value":{"SS":["x"]}}}"#, r#"{"a":{"SS":["x"]}}"#, "{}"),
            (r#"{"a":{"Action":"ADD","Value":{"N":"-2"}}}"#, r#"{"a":{"N":"5"}}"#, r#"{"a":{"N":"3"}}"#),
            (r#"{"a":{"Action":"ADD","Value":{"N":"2"}}}"#, "{}", r#"{"a":{"N":"2"}}"#),
            (
                r#"{"a":{"Action":"ADD","Value":{"L":[{"N":"2"}]}}}"#,
                r#"{"a":{"L":[{"N":"1"}]}}"#,
                r#"{"a":{"L":[{"N":"1"},{"N":"2"}]}}"#,
            ),
            (r#"{"a":{"Action":"ADD","Value":{"L":[]}}}"#, "{}", r#"{"a":{"L":[]}}"#),
            (
                r#"{"a":{"Action":"ADD","Value":{"NS":["3"]}}}"#,
                r#"{"a":{"NS":["1","2"]}}"#,
                r#"{"a":{"NS":["1","2","3"]}}"#,
            ),
        ] {
            assert_eq!(apply(updates, before), Ok(item(after)), "{updates} on {before}");
        }
    }

    #[test]
    fn mistakes_are_told_in_awss_words() {
        for (updates, detail) in [
            (r#"{"a":{}}"#, "Only DELETE action is allowed when no attribute value is specified"),
            (r#"{"a":{"Action":"ADD"}}"#, "Only DELETE action is allowed when no attribute value is specified"),
            (r#"{"a":{"Action":"ADD","Value":{"S":"x"}}}"#, "ADD action is not supported for the type S"),
            (
                r#"{"a":{"Action":"DELETE","Value":{"N":"1"}}}"#,
                "DELETE action with value is not supported for the type N",
            ),
        ] {
            let error = apply(updates, "{}").unwrap_err();
            assert_eq!(error.message, format!("One or more parameter values were invalid: {detail}"), "{updates}");
        }
        for updates in
            [r#"{"a":{"Action":"ADD","Value":{"N":"1"}}}"#, r#"{"a":{"Action":"DELETE","Value":{"NS":["1"]}}}"#]
        {
            let error = apply(updates, r#"{"a":{"SS":["1"]}}"#).unwrap_err();
            assert_eq!(error.message, "Type mismatch for attribute to update", "{updates}");
        }
    }
}
