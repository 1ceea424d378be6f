//! The JSON schemas that Bedrock has for its models' bodies, in the words of the
//! library that checks them.
//!
//! `Malformed input request: #: required key [texts] not found#: extraneous key
//! [inputText] is not permitted, please reformat your input and try again.`
//! The words for keys, types, lengths and counts are publicly reported, the
//! others assumed from the library.

use std::fmt::Display;

use serde_json::{Map, Value};

use crate::kernel::ApiError;

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    List,
    Object,
    /// Several kinds; its reader looks closer.
    Any,
}

/// A member: its name, what it is, and whether it must be there.
pub type Member = (&'static str, Kind, bool);

pub const REQUIRED: bool = true;
pub const OPTIONAL: bool = false;

/// What is wrong with one body.
#[derive(Debug, Default)]
pub struct Violations {
    found: Vec<String>,
}

pub fn members(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(malformed(format_args!("#: expected type: JSONObject, found: {}", name_of(&other)))),
        // Assumed: the reader's own words for what is no JSON are not known.
        Err(error) => Err(malformed(format_args!("{error}"))),
    }
}

pub fn malformed(what: impl Display) -> ApiError {
    ApiError::validation(format!("Malformed input request: {what}, please reformat your input and try again."))
}

impl Violations {
    pub fn add(&mut self, at: &str, what: impl Display) {
        self.found.push(format!("{at}: {what}"));
    }

    /// An object of these members and no others. Returns whether each is of its kind.
    pub fn object(&mut self, at: &str, object: &Map<String, Value>, members: &[Member]) {
        self.open_object(at, object, members);
        let known = |key: &String| members.iter().any(|(name, ..)| name == key);
        for key in object.keys().filter(|key| !known(key)) {
            self.add(at, format_args!("extraneous key [{key}] is not permitted"));
        }
    }

    /// The same for an object that may have others.
    pub fn open_object(&mut self, at: &str, object: &Map<String, Value>, members: &[Member]) {
        for (name, kind, required) in members {
            match object.get(*name) {
                None if *required => self.add(at, format_args!("required key [{name}] not found")),
                None => {}
                Some(value) => self.kind(&format!("{at}/{name}"), value, *kind),
            }
        }
    }

    pub fn kind(&mut self, at: &str, value: &Value, kind: Kind) {
        let (is_one, expected) = match kind {
            Kind::Text => (value.is_string(), "String"),
            Kind::Integer => (value.is_i64() || value.is_u64(), "Integer"),
            Kind::Number => (value.is_number(), "Number"),
            Kind::Boolean => (value.is_boolean(), "Boolean"),
            Kind::List => (value.is_array(), "JSONArray"),
            Kind::Object => (value.is_object(), "JSONObject"),
            Kind::Any => (true, ""),
        };
        if !is_one {
            self.add(at, format_args!("expected type: {expected}, found: {}", name_of(value)));
        }
    }

    pub fn one_of(&mut self, at: &str, value: Option<&Value>, values: &[&str]) {
        if let Some(text) = value.and_then(Value::as_str)
            && !values.contains(&text)
        {
            self.add(at, format_args!("{text} is not a valid enum value"));
        }
    }

    pub fn length(&mut self, at: &str, text: &str, min: usize, max: usize) {
        let actual = text.chars().count();
        if actual < min {
            self.add(at, format_args!("expected minLength: {min}, actual: {actual}"));
        }
        if actual > max {
            self.add(at, format_args!("expected maxLength: {max}, actual: {actual}"));
        }
    }

    pub fn range(&mut self, at: &str, value: Option<&Value>, min: f64, max: f64) {
        let Some(number) = value.and_then(Value::as_f64) else { return };
        if number < min {
            self.add(at, format_args!("{number} is not greater or equal to {min}"));
        }
        if number > max {
            self.add(at, format_args!("{number} is not less or equal to {max}"));
        }
    }

    pub fn count(&mut self, at: &str, list: &[Value], max: usize) {
        if list.len() > max {
            self.add(at, format_args!("expected maximum item count: {max}, found: {}", list.len()));
        }
    }

    /// One after the other, as most models' errors come.
    pub fn joined(self) -> Result<(), ApiError> {
        if self.found.is_empty() { Ok(()) } else { Err(malformed(self.found.concat())) }
    }

    /// Only their number where there are several, as the errors of Anthropic's and of Titan's models come.
    pub fn counted(self) -> Result<(), ApiError> {
        match &self.found[..] {
            [] => Ok(()),
            [one] => Err(malformed(one)),
            many => Err(malformed(format_args!("{} schema violations found", many.len()))),
        }
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "BigDecimal",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "JSONArray",
        Value::Object(_) => "JSONObject",
    }
}

/// The text of a member, where it is one.
pub fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

/// A member that counts something, where it is one.
pub fn count(object: &Map<String, Value>, name: &str) -> Option<u32> {
    object.get(name)?.as_u64()?.try_into().ok()
}

/// The members of a list, where it is one.
pub fn list<'a>(object: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_refused_in_the_schema_s_words() {
        const MEMBERS: &[Member] =
            &[("texts", Kind::List, REQUIRED), ("input_type", Kind::Text, REQUIRED), ("top", Kind::Number, OPTIONAL)];
        for (body, joined, counted) in [
            (r#"{"texts":[],"input_type":"a","top":1}"#, "", ""),
            (
                r#"{"inputText":"a"}"#,
                "#: required key [texts] not found#: required key [input_type] not found#: extraneous key [inputText] is not permitted",
                "3 schema violations found",
            ),
            (
                r#"{"texts":"a","input_type":"b"}"#,
                "#/texts: expected type: JSONArray, found: String",
                "#/texts: expected type: JSONArray, found: String",
            ),
        ] {
            let check = || {
                let mut violations = Violations::default();
                violations.object("#", &members(body.as_bytes()).unwrap(), MEMBERS);
                violations
            };
            for (found, expected) in [(check().joined(), joined), (check().counted(), counted)] {
                let found = found.err().map(|error| error.message);
                let expected = (!expected.is_empty()).then(|| malformed(expected).message);
                assert_eq!(found, expected, "{body}");
            }
        }
        assert_eq!(members(b"[]").unwrap_err(), malformed("#: expected type: JSONObject, found: JSONArray"));
        assert!(members(b"no").is_err());
    }
}
