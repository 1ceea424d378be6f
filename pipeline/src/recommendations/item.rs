//! DynamoDB items from plain structs and back, by way of JSON.
//!
//! A JSON number becomes a DynamoDB number of the same text and a DynamoDB number becomes a JSON number: no float is
//! ever rounded into something else on the way. Binary values do not occur in what we store this way; where someone
//! else put one, it reads as null.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

#[expect(clippy::disallowed_types, reason = "this is the SDK's type of an item; its order reaches nobody")]
pub type Item = std::collections::HashMap<String, AttributeValue>;

/// One value as an attribute.
pub fn attribute(value: &impl Serialize) -> AttributeValue {
    from_json(serde_json::to_value(value).expect("our structs have string keys and finite numbers"))
}

/// A struct as an item.
///
/// # Panics
///
/// If `value` serialises to anything but a JSON object.
pub fn item(value: &impl Serialize) -> Item {
    match attribute(value) {
        AttributeValue::M(item) => item,
        other => panic!("an item is made from a struct, not from {other:?}"),
    }
}

/// A struct from an item. The error says what does not fit.
pub fn read<T: DeserializeOwned>(item: Item) -> Result<T, String> {
    serde_json::from_value(to_json(AttributeValue::M(item))).map_err(|error| error.to_string())
}

fn from_json(value: Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(flag),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text),
        Value::Array(values) => AttributeValue::L(values.into_iter().map(from_json).collect()),
        Value::Object(members) => {
            AttributeValue::M(members.into_iter().map(|(name, value)| (name, from_json(value))).collect())
        }
    }
}

fn to_json(value: AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => Value::String(text),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::Bool(flag) => Value::Bool(flag),
        AttributeValue::L(values) => Value::Array(values.into_iter().map(to_json).collect()),
        AttributeValue::M(members) => Value::Object(object(members)),
        AttributeValue::Ss(texts) => Value::Array(texts.into_iter().map(Value::String).collect()),
        AttributeValue::Ns(numbers) => Value::Array(numbers.into_iter().map(number).collect()),
        _ => Value::Null,
    }
}

/// Sorted by name, as a DynamoDB map has no order and ours must not differ from run to run.
fn object(members: Item) -> Map<String, Value> {
    let mut members: Vec<(String, AttributeValue)> = members.into_iter().collect();
    members.sort_by(|(left, _), (right, _)| left.cmp(right));
    members.into_iter().map(|(name, value)| (name, to_json(value))).collect()
}

/// A DynamoDB number beyond a double (it reaches 1E125 with 38 digits) can only be shown as text.
fn number(digits: String) -> Value {
    match serde_json::from_str::<Number>(&digits) {
        Ok(number) => Value::Number(number),
        Err(_) => Value::String(digits),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_survives_the_way_through_an_item() {
        let value = json!({"a": [1, 14.99, -0.000_1, true, null, "text", ""], "b": {"nested": {"deep": 1e21}}});
        let read: Value = read(item(&value)).expect("JSON reads any item");
        assert_eq!(read, value);
    }

    #[test]
    fn numbers_keep_their_text() {
        for text in ["14.99", "0.93", "1", "18446744073709551615", "0.1"] {
            let value: Value = serde_json::from_str(text).expect("a number");
            assert_eq!(attribute(&value), AttributeValue::N(text.to_owned()));
        }
    }
}
