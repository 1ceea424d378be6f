//! How hard EventBridge tries to deliver to a target, and where it writes to when it gives up.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html>

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::dead_letter;
use crate::kernel::delivery::{DeadLetter, Effort};
use crate::kernel::{ApiError, Arn, Violations};

/// AWS: "By default, EventBridge retries sending the event for 24 hours and up to 185 times".
const RETRIES_MAX: i32 = 185;
const AGE_SECONDS_MAX: i32 = 86_400;
const AGE_SECONDS_MIN: i32 = 60;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RetryPolicy {
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_retry_attempts: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_event_age_in_seconds: Option<i32>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeadLetterConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
}

/// The policy and the queue of a target, as they are asked for at each event.
#[derive(Clone, Debug)]
pub struct Patience {
    max_age: Duration,
    max_retries: u32,
    queue: Option<Arn>,
}

impl RetryPolicy {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        if let Some(attempts) = self.maximum_retry_attempts {
            violations.range(format!("{member}.maximumRetryAttempts"), attempts.into(), 0, RETRIES_MAX.into());
        }
        if let Some(seconds) = self.maximum_event_age_in_seconds {
            let member = format!("{member}.maximumEventAgeInSeconds");
            violations.range(&member, seconds.into(), AGE_SECONDS_MIN.into(), AGE_SECONDS_MAX.into());
        }
    }
}

impl DeadLetterConfig {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        if let Some(arn) = &self.arn {
            violations.length(format!("{member}.arn"), arn, 1, 1600);
        }
    }

    /// The queue, which must be one. The wording is assumed.
    fn queue(&self) -> Result<Option<Arn>, ApiError> {
        let Some(text) = &self.arn else { return Ok(None) };
        let not_valid =
            |reason: &str| Err(ApiError::validation(format!("Parameter {text} is not valid. Reason: {reason}")));
        match Arn::parse(text) {
            Some(arn) if arn.service != "sqs" => not_valid("Dead-letter queue must be an SQS queue."),
            Some(arn) if arn.resource.ends_with(".fifo") => {
                not_valid("Dead-letter queue must be a standard SQS queue.")
            }
            Some(arn) => Ok(Some(arn)),
            None => not_valid("Provided Arn is not in correct format."),
        }
    }
}

impl Patience {
    pub fn of(policy: Option<&RetryPolicy>, config: Option<&DeadLetterConfig>) -> Result<Self, ApiError> {
        let given = |member: fn(&RetryPolicy) -> Option<i32>, default: i32| {
            // The constraints were checked before: it is no less than 0.
            policy.and_then(member).unwrap_or(default).unsigned_abs()
        };
        let seconds = given(|policy| policy.maximum_event_age_in_seconds, AGE_SECONDS_MAX);
        Ok(Self {
            max_age: Duration::from_secs(seconds.into()),
            max_retries: given(|policy| policy.maximum_retry_attempts, RETRIES_MAX),
            queue: config.map(DeadLetterConfig::queue).transpose()?.flatten(),
        })
    }

    /// For one event on its way from a rule to a target.
    pub fn effort(&self, rule: &Arn, target: &Arn, event: &Value) -> Arc<Effort> {
        let dead_letter = self.queue.as_ref().map(|queue| DeadLetter {
            queue: queue.clone(),
            body: event.to_string().into(),
            attributes: dead_letter::attributes(rule, target),
        });
        Arc::new(Effort { max_age: self.max_age, max_retries: self.max_retries, dead_letter })
    }
}
