//! The tags of a table.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::resource_arn::{self, Elsewhere, Resource};
use crate::kernel::{ApiError, Call};

const TAGS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;

/// A tag as requests and answers carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: Option<String>,
    value: Option<String>,
}

/// By key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags(BTreeMap<String, String>);

/// The table that an ARN names; only tables have tags here.
pub fn resource(operation: &str, arn: &str, call: &Call<'_>) -> Result<Resource, ApiError> {
    let resource = resource_arn::resolve(arn, call.scope, |elsewhere| match elsewhere {
        // Assumed: what AWS says of an account whose resources the caller may not use.
        Elsewhere::Account => ApiError::new(
            "AccessDeniedException",
            format!(
                "User: arn:aws:iam::{}:root is not authorized to perform: dynamodb:{operation} on resource: {arn}",
                call.scope.account
            ),
        ),
        Elsewhere::Region => {
            ApiError::validation(format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}"))
        }
    })?;
    match resource.stream {
        Some(_) => Err(ApiError::not_implemented(format_args!("a stream as resource of dynamodb {operation}"))),
        None => Ok(resource),
    }
}

pub fn not_found(arn: &str) -> ApiError {
    let message = format!("Requested resource not found: ResourceArn: {arn} not found");
    ApiError::new("ResourceNotFoundException", message)
}

/// The tags of a request by key, or AWS's complaint about the first that is wrong.
pub fn checked(given: Vec<Tag>) -> Result<BTreeMap<String, String>, ApiError> {
    let mut checked = BTreeMap::new();
    for Tag { key, value } in given {
        let (key, value) = (checked_key(key)?, checked_value(value)?);
        if checked.contains_key(&key) {
            return Err(ApiError::validation(format!(
                "Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}"
            )));
        }
        checked.insert(key, value);
    }
    if checked.len() > TAGS_MAX {
        return Err(too_many());
    }
    Ok(checked)
}

/// The keys of a request to remove tags: no more than a table can have.
pub fn checked_keys(given: Vec<String>) -> Result<Vec<String>, ApiError> {
    let keys: Vec<String> = given.into_iter().map(|key| checked_key(Some(key))).collect::<Result<_, _>>()?;
    if keys.len() > TAGS_MAX {
        return Err(too_many());
    }
    Ok(keys)
}

impl Tags {
    pub fn new(tags: BTreeMap<String, String>) -> Self {
        Self(tags)
    }

    /// Adds tags, or none of them if they would be too many.
    pub fn add(&mut self, added: BTreeMap<String, String>) -> Result<(), ApiError> {
        let new = added.keys().filter(|key| !self.0.contains_key(*key)).count();
        if self.0.len() + new > TAGS_MAX {
            return Err(too_many());
        }
        self.0.extend(added);
        Ok(())
    }

    /// Keys that are not there are no mistake.
    pub fn remove(&mut self, keys: &[String]) {
        for key in keys {
            self.0.remove(key);
        }
    }

    pub fn list(&self) -> Vec<Tag> {
        let tag = |(key, value): (&String, &String)| Tag { key: Some(key.clone()), value: Some(value.clone()) };
        self.0.iter().map(tag).collect()
    }
}

fn checked_key(given: Option<String>) -> Result<String, ApiError> {
    match given {
        Some(key) if key.starts_with("aws:") => {
            Err(ApiError::validation(format!("Tag Key cannot be prefixed with aws:, Key: {key}")))
        }
        Some(key) if !key.is_empty() && is_valid(&key, KEY_CHARACTERS_MAX) => Ok(key),
        given => Err(ApiError::validation(format!("The Tag Key provided is invalid, Key: {}", shown(given)))),
    }
}

fn checked_value(given: Option<String>) -> Result<String, ApiError> {
    match given {
        Some(value) if is_valid(&value, VALUE_CHARACTERS_MAX) => Ok(value),
        given => Err(ApiError::validation(format!("The Tag Value provided is invalid, Value: {}", shown(given)))),
    }
}

fn shown(given: Option<String>) -> String {
    given.unwrap_or_else(|| "null".to_owned())
}

/// "letters, whitespace, and numbers representable in UTF-8, and the following special characters: + - = . _ : /",
/// and, as recorded, `@`.
fn is_valid(text: &str, characters_max: usize) -> bool {
    let allowed = |letter: char| letter.is_alphanumeric() || letter.is_whitespace() || "+-=._:/@".contains(letter);
    text.chars().count() <= characters_max && text.chars().all(allowed)
}

fn too_many() -> ApiError {
    ApiError::validation("Number of Tags exceed the current limit for the provided ResourceArn")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: Some(key.to_owned()), value: Some(value.to_owned()) }
    }

    fn many(range: std::ops::Range<usize>) -> Vec<Tag> {
        range.map(|number| tag(&format!("k{number}"), "v")).collect()
    }

    #[test]
    fn a_wrong_tag_refuses_all_of_a_request() {
        let (long_key, long_value) = ("k".repeat(129), "v".repeat(257));
        for (wrong, message) in [
            (tag("", "v"), "The Tag Key provided is invalid, Key: ".to_owned()),
            (tag(&long_key, "v"), format!("The Tag Key provided is invalid, Key: {long_key}")),
            (tag("a#b", "v"), "The Tag Key provided is invalid, Key: a#b".to_owned()),
            (Tag { key: None, value: None }, "The Tag Key provided is invalid, Key: null".to_owned()),
            (tag("k", &long_value), format!("The Tag Value provided is invalid, Value: {long_value}")),
            (tag("k", "100%"), "The Tag Value provided is invalid, Value: 100%".to_owned()),
            (
                Tag { key: Some("k".to_owned()), value: None },
                "The Tag Value provided is invalid, Value: null".to_owned(),
            ),
            (tag("aws:x", "v"), "Tag Key cannot be prefixed with aws:, Key: aws:x".to_owned()),
            (tag("good", "v"), "Duplicate Tag Keys provided as input: Duplicate Tag Key found good".to_owned()),
        ] {
            let refusal = checked(vec![tag("good", "v"), wrong]).unwrap_err();
            assert_eq!((refusal.code.as_str(), refusal.message), ("ValidationException", message));
        }
    }

    #[test]
    fn fifty_tags_are_the_most_and_those_that_are_there_count_once() {
        let mut tags = Tags::default();
        tags.add(checked(many(0..50)).unwrap()).unwrap();
        tags.add(checked(many(0..50)).unwrap()).expect("they only replace");
        assert_eq!(tags.add(checked(many(49..51)).unwrap()).unwrap_err(), too_many());
        assert_eq!(checked(many(0..51)).unwrap_err(), too_many());
        assert_eq!(checked_keys((0..51).map(|number| format!("k{number}")).collect()).unwrap_err(), too_many());
        tags.remove(&["k0".to_owned(), "absent".to_owned()]);
        assert_eq!(tags.list().len(), 49);
        tags.add(checked(vec![tag("ключ \u{a0}表", "a+b-c=d.e_f:g/h@i")]).unwrap()).unwrap();
    }
}
