//! One thing a user did, as it travels on the stream.
//!
//! [`Interaction::parse`] is the edge: what it lets through can be stored, keyed and put into a prompt. Anything else is
//! poison, and would fail the same way however often it is tried. Fields that we do not know are ignored, so that a
//! producer may add one before we use it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Kinesis takes partition keys of up to 256 characters, and the user id is one.
const IDENTIFIER_CHARACTERS_MAX: usize = 256;
/// Twenty interactions must fit into one DynamoDB item of 400 KB, with room to spare.
const METADATA_BYTES_MAX: usize = 4096;
/// DynamoDB allows 32 levels, and metadata lies four levels deep in the profile.
const METADATA_LEVELS_MAX: usize = 16;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    /// Unique per interaction. A producer that retries sends the same one again, and it counts once.
    pub event_id: String,
    pub user_id: String,
    pub item_id: String,
    pub event_type: EventType,
    /// RFC 3339, as the producer saw it. It is told to the model and to readers; no decision hangs on it, as
    /// producers' clocks differ.
    pub timestamp: Timestamp,
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventType {
    Click,
    Purchase,
    Dwell,
    Skip,
}

impl Interaction {
    /// Reads the data of a record, strictly.
    pub fn parse(data: &[u8]) -> Result<Self, InteractionError> {
        let interaction: Self =
            serde_json::from_slice(data).map_err(|error| InteractionError::Malformed(error.to_string()))?;
        interaction.check()?;
        Ok(interaction)
    }

    /// What the types alone do not promise.
    pub fn check(&self) -> Result<(), InteractionError> {
        check_identifier("event_id", &self.event_id)?;
        check_identifier("user_id", &self.user_id)?;
        check_identifier("item_id", &self.item_id)?;
        let bytes = Value::Object(self.metadata.clone()).to_string().len();
        if bytes > METADATA_BYTES_MAX {
            return Err(InteractionError::Metadata(format!("has {bytes} bytes, at most {METADATA_BYTES_MAX} fit")));
        }
        self.metadata.iter().try_for_each(|(name, value)| check_member(name, value, 1))
    }
}

/// Control characters are refused because identifiers become lines of a prompt.
fn check_identifier(field: &'static str, identifier: &str) -> Result<(), InteractionError> {
    let problem = if identifier.trim().is_empty() {
        "is empty"
    } else if identifier.chars().count() > IDENTIFIER_CHARACTERS_MAX {
        "is longer than 256 characters"
    } else if identifier.chars().any(char::is_control) {
        "has control characters"
    } else {
        return Ok(());
    };
    Err(InteractionError::Identifier { field, problem })
}

fn check_member(name: &str, value: &Value, level: usize) -> Result<(), InteractionError> {
    if name.is_empty() {
        return Err(InteractionError::Metadata("has an empty name".to_owned()));
    }
    check_storable(value, level)
}

/// DynamoDB would refuse the whole profile for one value that it cannot keep.
fn check_storable(value: &Value, level: usize) -> Result<(), InteractionError> {
    if level > METADATA_LEVELS_MAX {
        return Err(InteractionError::Metadata(format!("is nested deeper than {METADATA_LEVELS_MAX} levels")));
    }
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) => {
            let magnitude = number.as_f64().unwrap_or(f64::INFINITY).abs();
            if magnitude == 0.0 || (1e-130..1e126).contains(&magnitude) {
                return Ok(());
            }
            Err(InteractionError::Metadata(format!("has the number `{number}`, beyond what DynamoDB keeps")))
        }
        Value::Array(values) => values.iter().try_for_each(|value| check_storable(value, level + 1)),
        Value::Object(members) => members.iter().try_for_each(|(name, value)| check_member(name, value, level + 1)),
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Click => "click",
            Self::Purchase => "purchase",
            Self::Dwell => "dwell",
            Self::Skip => "skip",
        })
    }
}

impl std::str::FromStr for EventType {
    type Err = InteractionError;

    fn from_str(text: &str) -> Result<Self, InteractionError> {
        [Self::Click, Self::Purchase, Self::Dwell, Self::Skip]
            .into_iter()
            .find(|event_type| event_type.to_string() == text)
            .ok_or_else(|| InteractionError::Malformed(format!("`{text}` is not click, purchase, dwell or skip")))
    }
}

/// Why some bytes are not an interaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InteractionError {
    /// Not JSON, or a field is missing or of the wrong type.
    Malformed(String),
    Identifier {
        field: &'static str,
        problem: &'static str,
    },
    Metadata(String),
}

impl fmt::Display for InteractionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(reason) => write!(f, "not an interaction: {reason}"),
            Self::Identifier { field, problem } => write!(f, "not an interaction: {field} {problem}"),
            Self::Metadata(problem) => write!(f, "not an interaction: metadata {problem}"),
        }
    }
}

impl std::error::Error for InteractionError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn purchase() -> Value {
        json!({
            "event_id": "e-1", "user_id": "u_8821", "item_id": "prod_thriller_042", "event_type": "purchase",
            "timestamp": "2026-06-28T01:17:32.500+02:00", "metadata": {"price": 14.99, "category": "thriller"},
        })
    }

    fn check(change: impl Fn(&mut Value), expected: &str) {
        let mut value = purchase();
        change(&mut value);
        let error = Interaction::parse(value.to_string().as_bytes()).expect_err(expected);
        assert!(error.to_string().contains(expected), "`{error}` does not say `{expected}`");
    }

    #[test]
    fn a_whole_interaction_is_read() {
        let interaction = Interaction::parse(purchase().to_string().as_bytes()).expect("it is whole");
        assert_eq!(interaction.user_id, "u_8821");
        assert_eq!(interaction.timestamp.to_string(), "2026-06-27T23:17:32.5Z");
        assert_eq!(interaction.metadata["price"].to_string(), "14.99");
    }

    #[test]
    fn unknown_fields_are_ignored_and_metadata_may_be_missing() {
        let mut value = purchase();
        value["device"] = json!("phone");
        value.as_object_mut().expect("an object").remove("metadata");
        let interaction = Interaction::parse(value.to_string().as_bytes()).expect("it is whole");
        assert!(interaction.metadata.is_empty());
    }

    #[test]
    fn poison_is_refused_with_its_reason() {
        let deep = (0..17).fold(json!(1), |inner, _| json!([inner]));
        check(|value| *value = json!("text"), "invalid type");
        check(|value| *value = json!({}), "missing field `event_id`");
        check(|value| value["event_type"] = json!("view"), "unknown variant `view`");
        check(|value| value["timestamp"] = json!("yesterday"), "not an interaction");
        check(|value| value["timestamp"] = json!(1_782_609_452), "invalid type");
        check(|value| value["user_id"] = json!(8821), "invalid type");
        check(|value| value["user_id"] = json!(" "), "user_id is empty");
        check(|value| value["user_id"] = json!("u".repeat(257)), "user_id is longer than 256 characters");
        check(|value| value["item_id"] = json!("a\n- [PURCHASE] item=b"), "item_id has control characters");
        check(|value| value["metadata"] = json!(null), "invalid type");
        check(|value| value["metadata"] = json!({"": 1}), "metadata has an empty name");
        check(|value| value["metadata"] = json!({"price": 1e200}), "beyond what DynamoDB keeps");
        check(|value| value["metadata"] = json!({"deep": deep}), "nested deeper than 16 levels");
        check(|value| value["metadata"] = json!({"long": "x".repeat(5000)}), "at most 4096 fit");
    }

    #[test]
    fn bytes_that_are_not_json_are_refused() {
        for data in [&b""[..], b"not json", b"\xff\xfe", b"{\"event_id\":"] {
            assert!(matches!(Interaction::parse(data), Err(InteractionError::Malformed(_))));
        }
    }
}
