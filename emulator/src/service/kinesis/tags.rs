//! The tags of a stream or consumer, for both of AWS's APIs.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/tagging.html>

use std::collections::BTreeMap;

use serde::Serialize;

use super::Kinesis;
use super::resource_arn::Resource;
use super::stream::invalid_argument;
use crate::kernel::{ApiError, Scope, Violations};

pub const TAGS_MAX: usize = 50;
pub const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;
/// AWS's model lets a request carry more than a stream can have.
const REQUEST_TAGS_MAX: usize = 200;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: String,
    value: String,
}

impl Tag {
    pub fn of((key, value): (&String, &String)) -> Self {
        Self { key: key.clone(), value: value.clone() }
    }
}

/// Checks the tags of a request against AWS's model.
pub fn check(violations: &mut Violations, tags: Option<&BTreeMap<String, String>>) {
    let Some(tags) = tags else { return };
    let pairs: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let shown = format!("{{{}}}", pairs.join(", "));
    if tags.is_empty() {
        violations.add(&shown, "tags", "have length greater than or equal to 1");
    }
    if tags.len() > REQUEST_TAGS_MAX {
        violations.add(&shown, "tags", format_args!("have length less than or equal to {REQUEST_TAGS_MAX}"));
    }
    for (what, bounds, fits) in [
        ("keys", length(1, KEY_CHARACTERS_MAX), tags.keys().all(|key| fits(key, 1, KEY_CHARACTERS_MAX))),
        ("values", length(0, VALUE_CHARACTERS_MAX), tags.values().all(|value| fits(value, 0, VALUE_CHARACTERS_MAX))),
    ] {
        if !fits {
            violations.sentence(format_args!(
                "Value '{shown}' at 'tags' failed to satisfy constraint: Map {what} must satisfy constraint: [{bounds}]"
            ));
        }
    }
}

/// Checks the keys of a request to remove tags.
pub fn check_keys(violations: &mut Violations, keys: Option<&[String]>) {
    let Some(keys) = keys else { return };
    let shown = format!("[{}]", keys.join(", "));
    if keys.is_empty() {
        violations.add(&shown, "tagKeys", "have length greater than or equal to 1");
    }
    if keys.len() > TAGS_MAX {
        violations.add(&shown, "tagKeys", format_args!("have length less than or equal to {TAGS_MAX}"));
    }
    if !keys.iter().all(|key| fits(key, 1, KEY_CHARACTERS_MAX)) {
        let constraint = format!("satisfy constraint: [{}]", length(1, KEY_CHARACTERS_MAX));
        violations.add(&shown, "tagKeys", constraint);
    }
}

fn fits(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.chars().count())
}

fn length(min: usize, max: usize) -> String {
    format!(
        "Member must have length less than or equal to {max}, Member must have length greater than or equal to {min}"
    )
}

/// What the model does not say. assumed: the rules are documented, the wording is not.
fn check_characters<'a>(texts: impl IntoIterator<Item = &'a String>) -> Result<(), ApiError> {
    let allowed = |letter: char| letter.is_alphanumeric() || letter.is_whitespace() || "_./=+-%@:".contains(letter);
    if texts.into_iter().all(|text| text.chars().all(allowed)) {
        return Ok(());
    }
    Err(invalid_argument(
        "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, \
         _ . / = + - % @ : .",
    ))
}

/// The tags of something new. "Keys that start with aws: are reserved." assumed: the wording, as above.
pub fn checked(
    tags: BTreeMap<String, String>,
    name: &str,
    scope: &Scope,
) -> Result<BTreeMap<String, String>, ApiError> {
    check_characters(tags.keys().chain(tags.values()))?;
    if tags.keys().any(|key| key.starts_with("aws:")) {
        return Err(invalid_argument("Tag keys that start with aws: are reserved for system use."));
    }
    if tags.len() > TAGS_MAX {
        return Err(too_many(name, scope));
    }
    Ok(tags)
}

/// Adds tags to a stream or consumer, or none of them if they would be too many.
pub fn add(
    state: &mut Kinesis,
    resource: &Resource,
    added: BTreeMap<String, String>,
    scope: &Scope,
) -> Result<(), ApiError> {
    let tags = &mut state.attached_mut(resource, scope)?.tags;
    let added = checked(added, resource.name(), scope)?;
    let new = added.keys().filter(|key| !tags.contains_key(*key)).count();
    if tags.len() + new > TAGS_MAX {
        return Err(too_many(resource.name(), scope));
    }
    tags.extend(added);
    Ok(())
}

pub fn remove(state: &mut Kinesis, resource: &Resource, keys: &[String], scope: &Scope) -> Result<(), ApiError> {
    let tags = &mut state.attached_mut(resource, scope)?.tags;
    check_characters(keys)?;
    for key in keys {
        tags.remove(key);
    }
    Ok(())
}

/// assumed: the wording, and that it is no LimitExceededException.
fn too_many(name: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    invalid_argument(format!(
        "Failed to add tags to stream {name} under account {account} because a given stream cannot have more than \
         {TAGS_MAX} tags associated with it."
    ))
}
