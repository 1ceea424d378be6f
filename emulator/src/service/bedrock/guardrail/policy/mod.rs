//! The policies of a guardrail: as requests give them, as answers give them back.
//!
//! A policy's members have other names in requests (`topicsConfig`) than in answers
//! (`topics`). What a request leaves out is given back as its default.

pub mod content;
pub mod grounding;
pub mod sensitive;
pub mod sides;
pub mod topic;
pub mod word;

use serde::{Deserialize, Serialize};

use self::content::ContentPolicy;
use self::grounding::GroundingPolicy;
use self::sensitive::SensitiveInformationPolicy;
use self::topic::TopicPolicy;
use self::word::WordPolicy;
use crate::kernel::{ApiError, Violations};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Policies {
    #[serde(rename(deserialize = "topicPolicyConfig"), skip_serializing_if = "Option::is_none")]
    pub topic_policy: Option<TopicPolicy>,
    #[serde(rename(deserialize = "contentPolicyConfig"), skip_serializing_if = "Option::is_none")]
    pub content_policy: Option<ContentPolicy>,
    #[serde(rename(deserialize = "wordPolicyConfig"), skip_serializing_if = "Option::is_none")]
    pub word_policy: Option<WordPolicy>,
    #[serde(rename(deserialize = "sensitiveInformationPolicyConfig"), skip_serializing_if = "Option::is_none")]
    pub sensitive_information_policy: Option<SensitiveInformationPolicy>,
    #[serde(rename(deserialize = "contextualGroundingPolicyConfig"), skip_serializing_if = "Option::is_none")]
    pub contextual_grounding_policy: Option<GroundingPolicy>,
}

/// How thoroughly topics and content are looked at.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tier {
    tier_name: Option<String>,
}

impl Policies {
    /// The constraints of AWS's model.
    pub fn check(&self, violations: &mut Violations) {
        if let Some(policy) = &self.topic_policy {
            policy.check(violations, "topicPolicyConfig");
        }
        if let Some(policy) = &self.content_policy {
            policy.check(violations, "contentPolicyConfig");
        }
        if let Some(policy) = &self.word_policy {
            policy.check(violations, "wordPolicyConfig");
        }
        if let Some(policy) = &self.sensitive_information_policy {
            policy.check(violations, "sensitiveInformationPolicyConfig");
        }
        if let Some(policy) = &self.contextual_grounding_policy {
            policy.check(violations, "contextualGroundingPolicyConfig");
        }
    }

    /// What the service holds of them beyond its model. assumed: the wording of all but the prompt attack.
    pub fn examine(&self, crosses_regions: bool) -> Result<(), ApiError> {
        if self.is_empty() {
            return Err(ApiError::validation("The guardrail needs to contain at least one policy."));
        }
        if let Some(policy) = &self.topic_policy {
            policy.examine()?;
        }
        if let Some(policy) = &self.content_policy {
            policy.examine()?;
        }
        if let Some(policy) = &self.sensitive_information_policy {
            policy.examine()?;
        }
        if let Some(policy) = &self.contextual_grounding_policy {
            policy.examine()?;
        }
        let topics = self.topic_policy.as_ref().and_then(|policy| policy.tier.as_ref());
        let content = self.content_policy.as_ref().and_then(|policy| policy.tier.as_ref());
        if !crosses_regions && topics.into_iter().chain(content).any(Tier::is_standard) {
            return Err(ApiError::validation("The STANDARD tier needs a crossRegionConfig with a guardrail profile."));
        }
        Ok(())
    }

    /// Fills in what was left out.
    pub fn complete(&mut self) {
        if let Some(policy) = &mut self.topic_policy {
            policy.complete();
        }
        if let Some(policy) = &mut self.content_policy {
            policy.complete();
        }
        if let Some(policy) = &mut self.word_policy {
            policy.complete();
        }
        if let Some(policy) = &mut self.sensitive_information_policy {
            policy.complete();
        }
        if let Some(policy) = &mut self.contextual_grounding_policy {
            policy.complete();
        }
    }

    fn is_empty(&self) -> bool {
        let Self {
            topic_policy,
            content_policy,
            word_policy,
            sensitive_information_policy,
            contextual_grounding_policy,
        } = self;
        topic_policy.is_none()
            && content_policy.is_none()
            && word_policy.as_ref().is_none_or(WordPolicy::is_empty)
            && sensitive_information_policy.as_ref().is_none_or(SensitiveInformationPolicy::is_empty)
            && contextual_grounding_policy.is_none()
    }
}

impl Tier {
    fn classic() -> Self {
        Self { tier_name: Some("CLASSIC".to_owned()) }
    }

    fn check(&self, violations: &mut Violations, member: &str) {
        let member = format!("{member}.tierName");
        violations.required(&member, &self.tier_name);
        if let Some(name) = &self.tier_name {
            violations.one_of(&member, name, &["CLASSIC", "STANDARD"]);
        }
    }

    fn is_standard(&self) -> bool {
        self.tier_name.as_deref() == Some("STANDARD")
    }
}

/// The bounds of a list, if there is one.
fn check_count<T>(violations: &mut Violations, member: &str, list: Option<&[T]>, min: usize, max: usize) {
    let Some(list) = list else { return };
    if list.len() < min {
        violations.add_unprinted(member, format_args!("have length greater than or equal to {min}"));
    }
    if list.len() > max {
        violations.add_unprinted(member, format_args!("have length less than or equal to {max}"));
    }
}

/// A text that must be there, of that length.
fn check_text(violations: &mut Violations, member: &str, text: Option<&str>, min: usize, max: usize) {
    match text {
        Some(text) => violations.length(member, text, min, max),
        None => violations.missing(member),
    }
}

/// A text that must be there, and one of these.
fn check_choice(violations: &mut Violations, member: &str, text: Option<&str>, values: &[&str]) {
    match text {
        Some(text) => violations.one_of(member, text, values),
        None => violations.missing(member),
    }
}

/// The first that comes twice.
fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}
