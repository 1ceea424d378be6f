//! The tags of a log group, for both of AWS's APIs.

use std::collections::BTreeMap;

use super::invalid::invalid_parameter;
use super::{Logs, group_reference, log_group};
use crate::kernel::{ApiError, Arn, Scope, Violations};

pub const TAGS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;
const KEY_PATTERN: &str = r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$";
const VALUE_PATTERN: &str = r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$";

/// Checks the tags of a request against AWS's model.
pub fn check(violations: &mut Violations, tags: Option<&BTreeMap<String, String>>) {
    let Some(tags) = tags else { return };
    let pairs: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let shown = format!("{{{}}}", pairs.join(", "));
    if tags.is_empty() {
        violations.add(&shown, "tags", "have length greater than or equal to 1");
    }
    if tags.len() > TAGS_MAX {
        violations.add(&shown, "tags", format_args!("have length less than or equal to {TAGS_MAX}"));
    }
    if !tags.keys().all(|key| is_key(key)) {
        violations.sentence(format_args!(
            "Value '{shown}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [{}]",
            key_constraint()
        ));
    }
    let is_value = |value: &String| value.chars().count() <= VALUE_CHARACTERS_MAX && value.chars().all(is_letter);
    if !tags.values().all(is_value) {
        violations.sentence(format_args!(
            "Value '{shown}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to \
             {VALUE_CHARACTERS_MAX}, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: {VALUE_PATTERN}]"
        ));
    }
}

/// Checks the keys of a request to remove tags.
pub fn check_keys(violations: &mut Violations, member: &str, keys: Option<&[String]>, min: usize, max: usize) {
    let Some(keys) = keys else { return violations.missing(member) };
    let shown = format!("[{}]", keys.join(", "));
    if keys.len() < min {
        violations.add(&shown, member, format_args!("have length greater than or equal to {min}"));
    }
    if keys.len() > max {
        violations.add(&shown, member, format_args!("have length less than or equal to {max}"));
    }
    if !keys.iter().all(|key| is_key(key)) {
        violations.add(&shown, member, format_args!("satisfy constraint: [{}]", key_constraint()));
    }
}

/// What the model does not say. assumed: the wording.
pub fn refuse_reserved<'a>(keys: impl IntoIterator<Item = &'a String>) -> Result<(), ApiError> {
    if keys.into_iter().any(|key| key.starts_with("aws:")) {
        return Err(invalid_parameter("aws: prefixed tag key names are not allowed for external use."));
    }
    Ok(())
}

/// The group that an ARN of AWS's newer API names. assumed: the wording for what is no ARN of a group.
pub fn resource(arn: &str, scope: &Scope) -> Result<String, ApiError> {
    match Arn::parse(arn) {
        Some(parsed) if parsed.service == "logs" && parsed.resource_after("log-group").is_some() => {
            group_reference::named(arn, scope)
        }
        Some(parsed) if parsed.service == "logs" => {
            Err(ApiError::new("ResourceNotFoundException", "The specified resource does not exist."))
        }
        _ => Err(invalid_parameter("The specified resource ARN is invalid.")),
    }
}

impl Logs {
    /// Adds tags to a group, or none of them if they would be too many.
    pub fn tag(&mut self, name: &str, tags: BTreeMap<String, String>) -> Result<(), ApiError> {
        let group = self.groups.get_mut(name).ok_or_else(log_group::not_found)?;
        refuse_reserved(tags.keys())?;
        let new = tags.keys().filter(|key| !group.tags.contains_key(*key)).count();
        if group.tags.len() + new > TAGS_MAX {
            // assumed: the wording. The code is documented for TagResource.
            return Err(ApiError::new("TooManyTagsException", "A resource can have no more than 50 tags."));
        }
        group.tags.extend(tags);
        Ok(())
    }

    pub fn untag(&mut self, name: &str, keys: &[String]) -> Result<(), ApiError> {
        let group = self.groups.get_mut(name).ok_or_else(log_group::not_found)?;
        for key in keys {
            group.tags.remove(key);
        }
        Ok(())
    }
}

fn is_key(key: &str) -> bool {
    (1..=KEY_CHARACTERS_MAX).contains(&key.chars().count()) && key.chars().all(is_letter)
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric()
        || letter == ' '
        || (!letter.is_ascii() && letter.is_whitespace())
        || "_.:/=+-@".contains(letter)
}

fn key_constraint() -> String {
    format!(
        "Member must have length less than or equal to {KEY_CHARACTERS_MAX}, Member must have length greater than or equal to 1, \
         Member must satisfy regular expression pattern: {KEY_PATTERN}"
    )
}
