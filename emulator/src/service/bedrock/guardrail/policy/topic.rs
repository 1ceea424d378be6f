//! Denied topics. What a text is about is found by a script alone.

use serde::{Deserialize, Serialize};

use super::sides::Sides;
use super::{Tier, check_choice, check_count, check_text, repeated};
use crate::kernel::{ApiError, Violations};
use crate::service::bedrock::control::pattern::TOPIC_NAME;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct TopicPolicy {
    #[serde(rename(deserialize = "topicsConfig"))]
    pub topics: Option<Vec<Topic>>,
    #[serde(rename(deserialize = "tierConfig"))]
    pub tier: Option<Tier>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    pub name: Option<String>,
    definition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    examples: Option<Vec<String>>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(flatten)]
    pub sides: Sides,
}

impl TopicPolicy {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        let at = format!("{member}.topicsConfig");
        violations.required(&at, &self.topics);
        check_count(violations, &at, self.topics.as_deref(), 1, 30);
        for (index, topic) in self.topics.iter().flatten().enumerate() {
            topic.check(violations, &format!("{at}.{}.member", index + 1));
        }
        if let Some(tier) = &self.tier {
            tier.check(violations, &format!("{member}.tierConfig"));
        }
    }

    pub fn examine(&self) -> Result<(), ApiError> {
        let names = self.topics.iter().flatten().filter_map(|topic| topic.name.as_deref());
        repeated(names).map_or(Ok(()), |name| {
            Err(ApiError::validation(format!("Topic names must be unique, but {name} comes more than once.")))
        })
    }

    pub fn complete(&mut self) {
        self.tier.get_or_insert_with(Tier::classic);
        for topic in self.topics.iter_mut().flatten() {
            topic.sides.complete("BLOCK");
        }
    }

    pub fn named(&self, name: &str) -> Option<&Topic> {
        self.topics.iter().flatten().find(|topic| topic.name.as_deref() == Some(name))
    }
}

impl Topic {
    fn check(&self, violations: &mut Violations, member: &str) {
        let at = |name: &str| format!("{member}.{name}");
        violations.required(at("name"), &self.name);
        TOPIC_NAME.check(violations, &at("name"), self.name.as_deref(), 1, 100);
        check_text(violations, &at("definition"), self.definition.as_deref(), 1, 200);
        check_count(violations, &at("examples"), self.examples.as_deref(), 0, 5);
        for (index, example) in self.examples.iter().flatten().enumerate() {
            violations.length(format!("{}.{}.member", at("examples"), index + 1), example, 1, 100);
        }
        check_choice(violations, &at("type"), self.kind.as_deref(), &["DENY"]);
        self.sides.check(violations, member, &["BLOCK", "NONE"]);
    }
}
