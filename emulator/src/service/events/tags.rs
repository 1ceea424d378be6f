//! The tags of rules and event buses.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-tagging.html>

use serde::{Deserialize, Serialize};

use super::bus::{self, BusName};
use super::{Events, managed};
use crate::kernel::{ApiError, Arn, Scope, Violations};

/// AWS: "You can associate as many as 50 tags with a resource."
const TAGS_MAX: usize = 50;

/// A tag as a request carries it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenTag {
    key: Option<String>,
    value: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub key: String,
    pub value: String,
}

/// The tags of something, in the order in which their keys were first put.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// The tags of something new.
    pub fn new(given: Option<Vec<GivenTag>>) -> Result<Self, ApiError> {
        let mut tags = Self::default();
        tags.put(given.unwrap_or_default())?;
        Ok(tags)
    }

    pub fn all(&self) -> &[Tag] {
        &self.0
    }

    /// Adds or replaces tags, or changes nothing if they cannot all be.
    pub fn put(&mut self, given: Vec<GivenTag>) -> Result<(), ApiError> {
        let mut tags = self.0.clone();
        for GivenTag { key, value } in given {
            let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
            // The rule is documented for all of AWS, the wording is assumed.
            if key.starts_with("aws:") {
                return Err(ApiError::validation("Tag keys that start with aws: are reserved for system use."));
            }
            match tags.iter_mut().find(|tag| tag.key == key) {
                Some(tag) => tag.value = value,
                None => tags.push(Tag { key, value }),
            }
        }
        if tags.len() > TAGS_MAX {
            // assumed: code and wording.
            return Err(ApiError::validation(format!("A resource cannot have more than {TAGS_MAX} tags.")));
        }
        self.0 = tags;
        Ok(())
    }

    pub fn remove(&mut self, keys: &[String]) {
        self.0.retain(|tag| !keys.contains(&tag.key));
    }
}

/// The constraints of `Tags`.
pub fn check(violations: &mut Violations, tags: Option<&[GivenTag]>) {
    for (index, tag) in tags.unwrap_or_default().iter().enumerate() {
        let member = |name: &str| format!("tags.{}.member.{name}", index + 1);
        match &tag.key {
            Some(key) => violations.length(member("key"), key, 1, 128),
            None => violations.missing(member("key")),
        }
        match &tag.value {
            Some(value) => violations.length(member("value"), value, 0, 256),
            None => violations.missing(member("value")),
        }
    }
}

/// The constraints of `ResourceARN`.
pub fn check_arn(violations: &mut Violations, arn: Option<&str>) {
    match arn {
        Some(arn) => violations.length("resourceARN", arn, 1, 1600),
        None => violations.missing("resourceARN"),
    }
}

/// What can be tagged.
enum Tagged {
    Bus(BusName),
    Rule(BusName, String),
}

impl Tagged {
    fn parse(text: &str) -> Result<Self, ApiError> {
        let invalid = |reason: &str| ApiError::validation(format!("Parameter {text} is not valid. Reason: {reason}"));
        let arn = Arn::parse(text).filter(|arn| arn.service == "events");
        let arn = arn.ok_or_else(|| invalid("Provided Arn is not in correct format."))?;
        let on_bus = |name: &str| BusName { name: name.to_owned(), scope: Some(arn.scope.clone()) };
        if let Some(name) = arn.resource_after("event-bus") {
            return Ok(Self::Bus(on_bus(name)));
        }
        // assumed: the wording for what cannot be tagged.
        let Some(rest) = arn.resource_after("rule") else { return Err(invalid("Resource type cannot be tagged.")) };
        Ok(match rest.rsplit_once('/') {
            Some((bus, rule)) => Self::Rule(on_bus(bus), rule.to_owned()),
            None => Self::Rule(on_bus(bus::DEFAULT), rest.to_owned()),
        })
    }
}

impl Events {
    pub fn tags(&self, arn: &str, scope: &Scope) -> Result<&Tags, ApiError> {
        Ok(match Tagged::parse(arn)? {
            Tagged::Bus(name) => &self.bus(&name, scope)?.tags,
            Tagged::Rule(bus, name) => &self.bus(&bus, scope)?.rule(&name)?.tags,
        })
    }

    pub fn tags_mut(&mut self, arn: &str, scope: &Scope) -> Result<&mut Tags, ApiError> {
        Ok(match Tagged::parse(arn)? {
            Tagged::Bus(name) => &mut self.bus_mut(&name, scope)?.tags,
            Tagged::Rule(bus, name) => {
                let rule = self.bus_mut(&bus, scope)?.rule_mut(&name)?;
                managed::refuse(rule, false)?;
                &mut rule.tags
            }
        })
    }
}
