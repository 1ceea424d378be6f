//! Tags of guardrails and application inference profiles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::not_found;
use super::pattern::{TAG, TAGGABLE};
use crate::kernel::{ApiError, Arn, Scope, Violations};
use crate::service::bedrock::Bedrock;

/// Tags that a resource may have: AWS's quota.
const TAGS_MAX: usize = 50;
const REQUEST_TAGS_MAX: usize = 200;

pub type Tags = BTreeMap<String, String>;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    pub key: Option<String>,
    pub value: Option<String>,
}

/// The constraints of AWS's model on the tags of a request.
pub fn check(violations: &mut Violations, tags: Option<&[Tag]>) {
    let Some(tags) = tags else { return };
    if tags.len() > REQUEST_TAGS_MAX {
        violations.add_unprinted("tags", format_args!("have length less than or equal to {REQUEST_TAGS_MAX}"));
    }
    for (index, tag) in tags.iter().enumerate() {
        for (name, text, min, max) in [("key", &tag.key, 1, 128), ("value", &tag.value, 0, 256)] {
            let member = format!("tags.{}.member.{name}", index + 1);
            violations.required(&member, text);
            TAG.check(violations, &member, text.as_deref(), min, max);
        }
    }
}

/// The constraints on the keys of a request to remove tags.
pub fn check_keys(violations: &mut Violations, keys: Option<&[String]>) {
    let Some(keys) = keys else { return violations.missing("tagKeys") };
    if keys.len() > REQUEST_TAGS_MAX {
        violations.add_unprinted("tagKeys", format_args!("have length less than or equal to {REQUEST_TAGS_MAX}"));
    }
    for (index, key) in keys.iter().enumerate() {
        TAG.check(violations, &format!("tagKeys.{}.member", index + 1), Some(key), 1, 128);
    }
}

/// The constraints on what has tags.
pub fn check_arn(violations: &mut Violations, arn: Option<&str>) {
    violations.required("resourceARN", &arn);
    TAGGABLE.check(violations, "resourceARN", arn, 20, 1011);
}

/// Adds tags to those of `arn`, or none of them if they would be too many. assumed: the wording of both refusals.
pub fn add(tags: &mut Tags, added: Vec<Tag>, arn: &str) -> Result<(), ApiError> {
    let mut changed = tags.clone();
    for Tag { key, value } in added {
        let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(ApiError::validation("aws: prefixed tag key names are not allowed for external use."));
        }
        changed.insert(key, value);
    }
    if changed.len() > TAGS_MAX {
        let message = format!("The number of tags exceeds the limit of {TAGS_MAX} tags per resource.");
        return Err(ApiError::new("TooManyTagsException", message).with_member("resourceName", arn.into()));
    }
    *tags = changed;
    Ok(())
}

/// As answers list them.
pub fn listed(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}

impl Bedrock {
    /// The tags of what an ARN names.
    pub fn tags_of(&self, arn: &str, scope: &Scope) -> Result<&Tags, ApiError> {
        let found = match tagged(arn, scope)? {
            Tagged::Guardrail(id) => self.guardrails.tags_of(&id),
            Tagged::Profile(id) => self.models.profiles.by_id.get(&id).map(|profile| &profile.tags),
        };
        found.ok_or_else(|| unknown(arn))
    }

    /// The same, to change them.
    pub fn tags_of_mut(&mut self, arn: &str, scope: &Scope) -> Result<&mut Tags, ApiError> {
        let found = match tagged(arn, scope)? {
            Tagged::Guardrail(id) => self.guardrails.tags_of_mut(&id),
            Tagged::Profile(id) => self.models.profiles.by_id.get_mut(&id).map(|profile| &mut profile.tags),
        };
        found.ok_or_else(|| unknown(arn))
    }
}

/// What can have tags, by id.
enum Tagged {
    Guardrail(String),
    Profile(String),
}

/// What an ARN of this account and region names.
fn tagged(arn: &str, scope: &Scope) -> Result<Tagged, ApiError> {
    let named = Arn::parse(arn).filter(|named| named.scope == *scope).ok_or_else(|| unknown(arn))?;
    let guardrail = named.resource_after("guardrail").map(|id| Tagged::Guardrail(id.to_owned()));
    let profile = || named.resource_after("application-inference-profile").map(|id| Tagged::Profile(id.to_owned()));
    guardrail.or_else(profile).ok_or_else(|| unknown(arn))
}

/// assumed: the wording.
fn unknown(arn: &str) -> ApiError {
    not_found(format!("The resource {arn} does not exist."))
}
