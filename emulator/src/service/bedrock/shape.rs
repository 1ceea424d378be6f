//! Shapes of AWS's models as data: what a request may hold, and what each member must fulfil.
//!
//! For requests that are mostly kept and given back, such as the configuration of
//! a knowledge base: what the model does not know is left out, and every violation
//! of a constraint is in one message, as AWS does it.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::{Map, Value};

use crate::kernel::{ApiError, Violations};

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// From so many to so many characters.
    Text(usize, usize),
    /// A text that fits a pattern, as AWS's model writes it, of that length.
    Matching(&'static str, usize, usize),
    OneOf(&'static [&'static str]),
    Integer(i64, i64),
    Number(f64, f64),
    Boolean,
    /// Base64 of so many bytes.
    Blob(usize, usize),
    List(&'static Shape, usize, usize),
    /// Of keys and values.
    Map(&'static Shape, &'static Shape),
    Structure(&'static [Member]),
    /// A structure of which exactly one member is set.
    Union(&'static [Member]),
    /// Any JSON.
    Document,
}

/// A member of a structure.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    name: &'static str,
    is_required: bool,
    shape: &'static Shape,
}

/// Where the model sets no bound.
pub const UNBOUNDED: usize = usize::MAX;
pub const INTEGER_MAX: i64 = i32::MAX as i64;
pub const ANY_NUMBER: Shape = Shape::Number(f64::MIN, f64::MAX);

pub const fn required(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, is_required: true, shape }
}

pub const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, is_required: false, shape }
}

/// A request by its shape: what the model knows of it, checked.
pub fn read(shape: &Shape, request: Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let mut violations = Violations::new();
    let read = shape.take("", Value::Object(request), &mut violations)?;
    violations.finish()?;
    match read {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

/// A member of a request that is a text; empty where there is none.
pub fn text<'a>(request: &'a Map<String, Value>, member: &str) -> &'a str {
    request.get(member).and_then(Value::as_str).unwrap_or_default()
}

impl Shape {
    /// The value without what the model does not know. A value of another type ends the reading.
    fn take(&self, at: &str, value: Value, violations: &mut Violations) -> Result<Value, ApiError> {
        match (self, value) {
            (Shape::Text(min, max), Value::String(text)) => {
                violations.length(at, &text, *min, *max);
                Ok(Value::String(text))
            }
            (Shape::Matching(pattern, min, max), Value::String(text)) => {
                violations.length(at, &text, *min, *max);
                if !matches(pattern, &text) {
                    violations.add(&text, at, format_args!("satisfy regular expression pattern: {pattern}"));
                }
                Ok(Value::String(text))
            }
            (Shape::OneOf(values), Value::String(text)) => {
                violations.one_of(at, &text, values);
                Ok(Value::String(text))
            }
            (Shape::Integer(min, max), Value::Number(number)) => {
                let whole = number.as_i64().or_else(|| whole(number.as_f64()?)).ok_or_else(|| not(at, "an integer"))?;
                violations.range(at, whole, *min, *max);
                Ok(Value::from(whole))
            }
            (Shape::Number(min, max), Value::Number(number)) => {
                check_number(at, number.as_f64().unwrap_or(f64::MAX), *min, *max, violations);
                Ok(Value::Number(number))
            }
            (Shape::Boolean, Value::Bool(is)) => Ok(Value::Bool(is)),
            (Shape::Blob(min, max), Value::String(text)) => {
                let length = STANDARD.decode(&text).map_err(|_| not(at, "base64"))?.len();
                check_length(at, length, *min, *max, violations);
                Ok(Value::String(text))
            }
            (Shape::List(of, min, max), Value::Array(values)) => {
                check_length(at, values.len(), *min, *max, violations);
                let taken = values
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| of.take(&format!("{at}.{}.member", index + 1), value, violations));
                taken.collect::<Result<_, _>>().map(Value::Array)
            }
            (Shape::Map(keys, values), Value::Object(entries)) => {
                let taken = entries.into_iter().map(|(key, value)| {
                    keys.take(at, Value::String(key.clone()), violations)?;
                    let value = values.take(&format!("{at}.{key}.member"), value, violations)?;
                    Ok((key, value))
                });
                taken.collect::<Result<_, _>>().map(Value::Object)
            }
            (Shape::Structure(members), Value::Object(given)) => members_of(at, members, given, violations),
            (Shape::Union(members), Value::Object(given)) => {
                let set = members.iter().filter(|member| given.get(member.name).is_some_and(|value| !value.is_null()));
                if set.count() != 1 {
                    return Err(not(at, "a union with exactly one member set"));
                }
                members_of(at, members, given, violations)
            }
            (Shape::Document, value) => Ok(value),
            (shape, _) => Err(not(at, shape.named())),
        }
    }

    fn named(&self) -> &'static str {
        match self {
            Shape::Text(..) | Shape::Matching(..) | Shape::OneOf(_) => "a string",
            Shape::Integer(..) => "an integer",
            Shape::Number(..) => "a number",
            Shape::Boolean => "a boolean",
            Shape::Blob(..) => "base64",
            Shape::List(..) => "a list",
            Shape::Map(..) => "a map",
            Shape::Structure(_) | Shape::Union(_) => "a structure",
            Shape::Document => "a document",
        }
    }
}

fn members_of(
    at: &str,
    members: &[Member],
    mut given: Map<String, Value>,
    violations: &mut Violations,
) -> Result<Value, ApiError> {
    let mut taken = Map::new();
    for Member { name, is_required, shape } in members {
        let member = if at.is_empty() { (*name).to_owned() } else { format!("{at}.{name}") };
        match given.remove(*name) {
            None | Some(Value::Null) if *is_required => violations.missing(&member),
            None | Some(Value::Null) => {}
            Some(value) => {
                taken.insert((*name).to_owned(), shape.take(&member, value, violations)?);
            }
        }
    }
    Ok(Value::Object(taken))
}

fn check_length(at: &str, length: usize, min: usize, max: usize, violations: &mut Violations) {
    if length < min {
        violations.add_unprinted(at, format_args!("have length greater than or equal to {min}"));
    }
    if length > max {
        violations.add_unprinted(at, format_args!("have length less than or equal to {max}"));
    }
}

fn check_number(at: &str, number: f64, min: f64, max: f64, violations: &mut Violations) {
    if number < min {
        violations.add(number, at, format_args!("have value greater than or equal to {min}"));
    }
    if number > max {
        violations.add(number, at, format_args!("have value less than or equal to {max}"));
    }
}

/// `5.0` is an integer, too.
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

/// assumed: the wording.
fn not(at: &str, wanted: &str) -> ApiError {
    ApiError::serialization(format!("the value at '{at}' is not {wanted}"))
}

/// Patterns that are written in a way our regular expressions do not know, each with one that says the same.
const REWRITTEN: &[(&str, &str)] = &[(r"(?![\-_+.])[a-z0-9][a-z0-9\-_\.]*", r"[a-z0-9][a-z0-9\-_\.]*")];

/// Whether a pattern of AWS's model fits a whole text.
fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: LazyLock<Mutex<BTreeMap<&'static str, Regex>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    compiled.entry(pattern).or_insert_with(|| compile(pattern)).is_match(text)
}

fn compile(pattern: &str) -> Regex {
    let ours = REWRITTEN.iter().find(|(theirs, _)| *theirs == pattern).map_or(pattern, |(_, ours)| ours);
    Regex::new(&format!("^(?:{ours})$")).expect("a pattern of AWS's model is a regular expression")
}

#[cfg(test)]
impl Shape {
    /// Compiles every pattern below, so that none fails in a request.
    pub fn compile_patterns(&self) {
        match self {
            Shape::Matching(pattern, ..) => drop(compile(pattern)),
            Shape::List(of, ..) => of.compile_patterns(),
            Shape::Map(keys, values) => [keys, values].iter().for_each(|shape| shape.compile_patterns()),
            Shape::Structure(members) | Shape::Union(members) => {
                members.iter().for_each(|member| member.shape.compile_patterns());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SIZE: Shape = Shape::Integer(1, 9);
    const SHAPE: Shape = Shape::Structure(&[
        required("name", &Shape::Matching("[a-z]{1,5}", 0, 3)),
        optional("kind", &Shape::OneOf(&["A", "B"])),
        optional("sizes", &Shape::List(&SIZE, 1, 2)),
        optional("share", &Shape::Number(0.0, 1.0)),
        optional("bytes", &Shape::Blob(1, 3)),
        optional("tags", &Shape::Map(&Shape::Text(1, 2), &Shape::Text(0, 1))),
        optional("pick", &Shape::Union(&[optional("a", &SIZE), optional("b", &Shape::Boolean)])),
        optional("any", &Shape::Document),
    ]);

    fn check(request: Value) -> Result<Value, String> {
        let Value::Object(request) = request else { panic!("a request is an object") };
        read(&SHAPE, request).map(Value::Object).map_err(|error| error.message)
    }

    #[test]
    fn what_the_model_knows_is_kept_and_the_rest_left_out() {
        let request = json!({"name": "abc", "kind": null, "more": 1, "pick": {"a": 2.0, "c": 1}, "any": [null]});
        assert_eq!(check(request), Ok(json!({"name": "abc", "pick": {"a": 2}, "any": [null]})));
    }

    #[test]
    fn violations_are_all_told_in_aws_words() {
        for (request, expected) in [
            (json!({}), "Value null at 'name' failed to satisfy constraint: Member must not be null"),
            (
                json!({"name": "abcd"}),
                "Value 'abcd' at 'name' failed to satisfy constraint: Member must have length less than or equal to 3",
            ),
            (json!({"name": "A"}), "Member must satisfy regular expression pattern: [a-z]{1,5}"),
            (json!({"name": "a", "kind": "C"}), "Member must satisfy enum value set: [A, B]"),
            (
                json!({"name": "a", "sizes": []}),
                "Value at 'sizes' failed to satisfy constraint: Member must have length",
            ),
            (json!({"name": "a", "sizes": [1, 10]}), "Value '10' at 'sizes.2.member' failed"),
            (
                json!({"name": "a", "share": 1.5}),
                "Value '1.5' at 'share' failed to satisfy constraint: Member must have value",
            ),
            (json!({"name": "a", "bytes": "AAAAAA=="}), "Value at 'bytes' failed"),
            (json!({"name": "a", "tags": {"abc": ""}}), "Value 'abc' at 'tags' failed"),
            (json!({"kind": "C"}), "2 validation errors detected"),
            (json!({"name": 1}), "the value at 'name' is not a string"),
            (json!({"name": "a", "sizes": [1.5]}), "the value at 'sizes.1.member' is not an integer"),
            (json!({"name": "a", "pick": {"a": 1, "b": true}}), "the value at 'pick' is not a union with exactly one"),
            (json!({"name": "a", "pick": {}}), "the value at 'pick' is not a union with exactly one"),
        ] {
            let message = check(request.clone()).expect_err("it is refused");
            assert!(message.contains(expected), "{request}: {message}");
        }
    }
}
