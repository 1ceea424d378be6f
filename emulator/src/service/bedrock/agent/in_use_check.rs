//! `skipResourceInUseCheck`: a flag in a query string, which holds it as text.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

/// For `#[serde(default, deserialize_with = "in_use_check::skipped")]`.
pub fn skipped<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(false),
        Value::Bool(flag) => Ok(flag),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        other => Err(D::Error::custom(format_args!("invalid value: `{other}`, expected a boolean"))),
    }
}
