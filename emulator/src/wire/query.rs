//! Query strings: parameters, of which each may come several times, as members of a request.

use std::fmt::Display;

use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value};

/// Takes a query string apart and decodes its parts.
pub fn parse(query: Option<&str>) -> Vec<(String, String)> {
    let parameters = query.unwrap_or_default().split('&').filter(|parameter| !parameter.is_empty());
    parameters
        .map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

/// Each parameter as a text, or as a list where it came more than once.
pub fn members(parameters: &[(String, String)]) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in parameters {
        let value = Value::String(value.clone());
        match members.get_mut(name) {
            None => {
                members.insert(name.clone(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    members
}

/// For `#[serde(default, deserialize_with = "query::number")]`: a number, which a query string holds as text.
pub fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => number.as_i64().map(Some).ok_or_else(|| not("an integer", &number)),
        Some(Value::String(text)) => text.parse().map(Some).map_err(|_| not("an integer", &text)),
        Some(other) => Err(not("an integer", &other)),
    }
}

/// For `#[serde(default, deserialize_with = "query::texts")]`: a list, which looks like a text where it has one entry.
pub fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(vec![text])),
        Some(list) => serde_json::from_value(list).map(Some).map_err(D::Error::custom),
    }
}

fn not<E: Error>(wanted: &str, given: &impl Display) -> E {
    E::custom(format_args!("invalid value: `{given}`, expected {wanted}"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_is_taken_apart_and_decoded() {
        for (query, expected) in [
            (None, json!({})),
            (Some(""), json!({})),
            (Some("&&"), json!({})),
            (Some("a=1&b"), json!({"a": "1", "b": ""})),
            (Some("a=x%20y%2B+z&%C3%BC=%26%3D"), json!({"a": "x y+ z", "ü": "&="})),
            (Some("a=1&b=2&a=3&a=4"), json!({"a": ["1", "3", "4"], "b": "2"})),
            (Some("a=b=c"), json!({"a": "b=c"})),
            (Some("a=%ff%"), json!({"a": "\u{fffd}%"})),
        ] {
            assert_eq!(Value::Object(members(&parse(query))), expected, "{query:?}");
        }
    }

    #[test]
    fn numbers_and_lists_are_read_from_texts() {
        #[derive(Deserialize)]
        struct Input {
            #[serde(default, deserialize_with = "number")]
            number: Option<i64>,
            #[serde(default, deserialize_with = "texts")]
            texts: Option<Vec<String>>,
        }
        let read = |query| serde_json::from_value::<Input>(Value::Object(members(&parse(Some(query)))));
        assert_eq!(read("").unwrap().number, None);
        assert_eq!(read("number=-7").unwrap().number, Some(-7));
        assert_eq!(read("texts=a").unwrap().texts.unwrap(), ["a"]);
        assert_eq!(read("texts=a&texts=b").unwrap().texts.unwrap(), ["a", "b"]);
        for bad in ["number=", "number=x", "number=1.5", "number=1&number=2"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
