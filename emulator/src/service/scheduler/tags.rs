//! The tags of groups, which are all that can have some.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::group::DEFAULT;
use super::pattern::GROUP_ARN;
use super::refusal;
use crate::kernel::{ApiError, Arn, Scope, Violations};

const TAGS_MAX: usize = 50;
const REQUEST_TAGS_MAX: usize = 200;

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
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
        for (name, text, max) in [("key", &tag.key, 128), ("value", &tag.value, 256)] {
            let member = format!("tags.{}.member.{name}", index + 1);
            match text {
                Some(text) => violations.length(&member, text, 1, max),
                None => violations.missing(&member),
            }
        }
    }
}

/// The constraints of AWS's model on the keys of a request to remove tags.
pub fn check_keys(violations: &mut Violations, keys: Option<&[String]>) {
    let Some(keys) = keys else { return violations.missing("tagKeys") };
    if keys.len() > REQUEST_TAGS_MAX {
        violations.add_unprinted("tagKeys", format_args!("have length less than or equal to {REQUEST_TAGS_MAX}"));
    }
    for (index, key) in keys.iter().enumerate() {
        violations.length(format!("tagKeys.{}.member", index + 1), key, 1, 128);
    }
}

/// The constraints of AWS's model on what has tags.
pub fn check_arn(violations: &mut Violations, arn: Option<&str>) {
    violations.required("resourceArn", &arn);
    GROUP_ARN.check(violations, "resourceArn", arn, 1, 1011);
}

/// The name of the group that an ARN means, which passed [`check_arn`].
pub fn group_of(arn: &str, scope: &Scope) -> Result<String, ApiError> {
    let named = Arn::parse(arn).filter(|arn| arn.scope == *scope);
    let name = named.as_ref().and_then(|arn| arn.resource_after("schedule-group"));
    let name = name.ok_or_else(|| refusal::no_group(arn.rsplit('/').next().unwrap_or_default()))?;
    Ok(name.to_owned())
}

/// The same, of a group whose tags are to change.
pub fn changeable_group_of(arn: &str, scope: &Scope) -> Result<String, ApiError> {
    let name = group_of(arn, scope)?;
    // assumed: that it is refused like the others are.
    if name == DEFAULT { Err(refusal::default_group(&name)) } else { Ok(name) }
}

/// Adds tags, or none of them if they would be too many. assumed: the wording of both refusals.
pub fn add(tags: &mut BTreeMap<String, String>, added: Vec<Tag>) -> Result<(), ApiError> {
    let mut changed = tags.clone();
    for Tag { key, value } in added {
        let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(refusal::invalid("aws: prefixed tag key names are not allowed for external use."));
        }
        changed.insert(key, value);
    }
    if changed.len() > TAGS_MAX {
        return Err(refusal::invalid(format!("A schedule group can have at most {TAGS_MAX} tags.")));
    }
    *tags = changed;
    Ok(())
}
