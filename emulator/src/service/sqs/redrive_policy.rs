//! Where messages go that are received too often, and whose messages a dead-letter queue takes.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::refusal::invalid_value;
use crate::kernel::{ApiError, Arn};

const REDRIVE_POLICY: &str = "RedrivePolicy";
const REDRIVE_ALLOW_POLICY: &str = "RedriveAllowPolicy";
const RECEIVES_MAX: u64 = 1000;
/// "You can specify up to 10 source queue ARNs."
const SOURCES_MAX: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedrivePolicy {
    pub dead_letter_target: Arn,
    pub max_receive_count: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RedriveAllowPolicy {
    AllowAll,
    DenyAll,
    ByQueue(Vec<Arn>),
}

impl RedrivePolicy {
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        let policy = object(text).ok_or_else(|| refused(text, "Redrive policy is not a valid JSON map."))?;
        let member = |name: &str| {
            let absent = || refused(text, &format!("Redrive policy does not contain mandatory attribute: {name}."));
            policy.get(name).ok_or_else(absent)
        };
        let count = member("maxReceiveCount")?;
        let target = member("deadLetterTargetArn")?;
        let number = count.as_u64().or_else(|| count.as_str()?.parse().ok());
        let number = number.filter(|number| (1..=RECEIVES_MAX).contains(number)).ok_or_else(|| {
            let shown = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
            let range = "valid values are from 1 to 1000 both inclusive.";
            refused(text, &format!("Invalid value for maxReceiveCount: {shown}, {range}"))
        })?;
        let arn = target.as_str().and_then(Arn::parse).filter(|arn| arn.service == "sqs");
        let dead_letter_target = arn.ok_or_else(|| refused(text, "Invalid value for deadLetterTargetArn."))?;
        Ok(Self { dead_letter_target, max_receive_count: u32::try_from(number).unwrap_or(u32::MAX) })
    }

    /// As AWS gives it back.
    pub fn text(&self) -> String {
        let Self { dead_letter_target, max_receive_count } = self;
        json!({ "deadLetterTargetArn": dead_letter_target, "maxReceiveCount": max_receive_count }).to_string()
    }

    /// The policy breaks a rule that needs other queues to be looked at.
    pub fn refused(&self, reason: &str) -> ApiError {
        refused(&self.text(), reason)
    }
}

impl RedriveAllowPolicy {
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        // assumed: all wordings but that of the first line.
        let refused = |reason: &str| invalid_value(text, REDRIVE_ALLOW_POLICY, reason);
        let policy = object(text).ok_or_else(|| refused("Redrive allow policy is not a valid JSON map."))?;
        let sources = policy.get("sourceQueueArns");
        let permission = policy.get("redrivePermission").and_then(Value::as_str);
        match (permission, sources) {
            (Some("allowAll"), None) => Ok(Self::AllowAll),
            (Some("denyAll"), None) => Ok(Self::DenyAll),
            (Some("byQueue"), Some(Value::Array(sources))) if (1..=SOURCES_MAX).contains(&sources.len()) => {
                let arns = sources.iter().map(|arn| arn.as_str().and_then(Arn::parse));
                let arns = arns.collect::<Option<_>>().ok_or_else(|| refused("Invalid value for sourceQueueArns."))?;
                Ok(Self::ByQueue(arns))
            }
            (Some("byQueue"), _) => Err(refused("byQueue needs from 1 to 10 sourceQueueArns.")),
            (Some("allowAll" | "denyAll"), Some(_)) => Err(refused("sourceQueueArns are for byQueue only.")),
            _ => Err(refused("Invalid value for redrivePermission.")),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::AllowAll => json!({ "redrivePermission": "allowAll" }),
            Self::DenyAll => json!({ "redrivePermission": "denyAll" }),
            Self::ByQueue(sources) => json!({ "redrivePermission": "byQueue", "sourceQueueArns": sources }),
        }
        .to_string()
    }

    pub fn allows(&self, source: &Arn) -> bool {
        match self {
            Self::AllowAll => true,
            Self::DenyAll => false,
            Self::ByQueue(sources) => sources.contains(source),
        }
    }
}

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}

fn refused(text: &str, reason: &str) -> ApiError {
    invalid_value(text, REDRIVE_POLICY, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_and_given_back_in_one_form() {
        let arn = "arn:aws:sqs:us-east-1:000000000000:dead";
        let canonical = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":3}}"#);
        for text in
            [canonical.clone(), format!(r#" {{"maxReceiveCount": "3", "deadLetterTargetArn": "{arn}", "other": 1}}"#)]
        {
            assert_eq!(RedrivePolicy::parse(&text).unwrap().text(), canonical, "{text}");
        }
        for (text, reason) in [
            ("", "Redrive policy is not a valid JSON map."),
            ("[]", "Redrive policy is not a valid JSON map."),
            ("{}", "Redrive policy does not contain mandatory attribute: maxReceiveCount."),
            (r#"{"maxReceiveCount":1}"#, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."),
            (
                r#"{"maxReceiveCount":1001,"deadLetterTargetArn":""}"#,
                "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.",
            ),
            (r#"{"maxReceiveCount":1,"deadLetterTargetArn":"dead"}"#, "Invalid value for deadLetterTargetArn."),
        ] {
            let error = RedrivePolicy::parse(text).unwrap_err();
            let expected = format!("Value {text} for parameter RedrivePolicy is invalid. Reason: {reason}");
            assert_eq!(error.message, expected);
        }
    }

    #[test]
    fn a_dead_letter_queue_chooses_its_sources() {
        let source = Arn::parse("arn:aws:sqs:us-east-1:000000000000:orders").unwrap();
        for (text, allows) in [
            (r#"{"redrivePermission":"allowAll"}"#, Some(true)),
            (r#"{"redrivePermission":"denyAll"}"#, Some(false)),
            (
                r#"{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:orders"]}"#,
                Some(true),
            ),
            (
                r#"{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:other"]}"#,
                Some(false),
            ),
            (r#"{"redrivePermission":"byQueue"}"#, None),
            (r#"{"redrivePermission":"allowAll","sourceQueueArns":[]}"#, None),
            (r#"{"redrivePermission":"some"}"#, None),
            ("x", None),
        ] {
            let policy = RedriveAllowPolicy::parse(text);
            assert_eq!(policy.as_ref().ok().map(|policy| policy.allows(&source)), allows, "{text}");
            if let Ok(policy) = policy {
                assert_eq!(policy.text(), text);
            }
        }
    }
}
