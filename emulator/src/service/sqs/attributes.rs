//! The attributes of a queue that its owner sets.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::redrive_policy::{RedriveAllowPolicy, RedrivePolicy};
use super::refusal::{invalid_attribute_value, over_limit, unknown_attribute};
use crate::kernel::ApiError;

pub const DELAY_SECONDS: RangeInclusive<i64> = 0..=900;
pub const WAIT_SECONDS: RangeInclusive<i64> = 0..=20;
pub const VISIBILITY_SECONDS: RangeInclusive<i64> = 0..=43_200;
/// "The maximum is 1,048,576 bytes (1 MiB)."
pub const MESSAGE_BYTES_MAX: i64 = 1_048_576;
/// "Actions per statement: 7".
const ACTIONS_MAX: usize = 7;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attributes {
    pub delay_seconds: i64,
    pub maximum_message_size: i64,
    pub message_retention_period: i64,
    pub receive_message_wait_time_seconds: i64,
    pub visibility_timeout: i64,
    pub policy: Option<String>,
    pub redrive_policy: Option<RedrivePolicy>,
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
    pub kms_master_key_id: Option<String>,
    pub kms_data_key_reuse_period_seconds: i64,
    pub sqs_managed_sse_enabled: bool,
    /// Of FIFO queues.
    pub fifo: Option<Fifo>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fifo {
    pub content_based_deduplication: bool,
    pub deduplication_by_group: bool,
    pub throughput_by_group: bool,
}

/// All that a queue has, in the order in which they are given back.
pub const NAMES: [&str; 21] = [
    "QueueArn",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
];

/// Those that only FIFO queues know.
pub const OF_FIFO: [&str; 4] = ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

impl Attributes {
    pub fn new(is_fifo: bool) -> Self {
        let fifo =
            Fifo { content_based_deduplication: false, deduplication_by_group: false, throughput_by_group: false };
        Self {
            delay_seconds: 0,
            maximum_message_size: MESSAGE_BYTES_MAX,
            message_retention_period: 345_600,
            receive_message_wait_time_seconds: 0,
            visibility_timeout: 30,
            policy: None,
            redrive_policy: None,
            redrive_allow_policy: None,
            kms_master_key_id: None,
            kms_data_key_reuse_period_seconds: 300,
            sqs_managed_sse_enabled: true,
            fifo: is_fifo.then_some(fifo),
        }
    }

    /// The attributes with those of a request in place of their own.
    pub fn with<'a>(
        &self,
        given: impl IntoIterator<Item = (&'a String, &'a String)> + Clone,
    ) -> Result<Self, ApiError> {
        let mut changed = self.clone();
        for (name, value) in given.clone() {
            changed.set(name, value)?;
        }
        changed.check_fifo()?;
        let sets = |name: &str, fits: fn(&str) -> bool| {
            given.clone().into_iter().any(|(given, value)| given == name && fits(value))
        };
        // "You can use one type of server-side encryption": the one that was set last.
        match (sets("KmsMasterKeyId", |id| !id.is_empty()), sets("SqsManagedSseEnabled", |enabled| enabled == "true")) {
            (true, true) => {
                let message = "You can use one type of server-side encryption (SSE) at one time. You can either \
                               enable KMS SSE or SQS SSE.";
                return Err(ApiError::new("InvalidAttributeValue", message));
            }
            (true, false) => changed.sqs_managed_sse_enabled = false,
            (false, true) => changed.kms_master_key_id = None,
            (false, false) => {}
        }
        Ok(changed)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), ApiError> {
        let number = |range: RangeInclusive<i64>| {
            let number = value.parse().ok().filter(|number| range.contains(number));
            number.ok_or_else(|| invalid_attribute_value(name))
        };
        let given = || (!value.is_empty()).then(|| value.to_owned());
        match name {
            "DelaySeconds" => self.delay_seconds = number(DELAY_SECONDS)?,
            "MaximumMessageSize" => self.maximum_message_size = number(1024..=MESSAGE_BYTES_MAX)?,
            "MessageRetentionPeriod" => self.message_retention_period = number(60..=1_209_600)?,
            "ReceiveMessageWaitTimeSeconds" => self.receive_message_wait_time_seconds = number(WAIT_SECONDS)?,
            "VisibilityTimeout" => self.visibility_timeout = number(VISIBILITY_SECONDS)?,
            "KmsDataKeyReusePeriodSeconds" => self.kms_data_key_reuse_period_seconds = number(60..=86_400)?,
            "KmsMasterKeyId" => self.kms_master_key_id = given(),
            "SqsManagedSseEnabled" => self.sqs_managed_sse_enabled = truth(name, value)?,
            "Policy" => {
                check_policy(value)?;
                self.policy = given();
            }
            "RedrivePolicy" => {
                self.redrive_policy = given().map(|text| RedrivePolicy::parse(&text)).transpose()?;
            }
            "RedriveAllowPolicy" => {
                self.redrive_allow_policy = given().map(|text| RedriveAllowPolicy::parse(&text)).transpose()?;
            }
            _ => self.set_fifo(name, value)?,
        }
        Ok(())
    }

    fn set_fifo(&mut self, name: &str, value: &str) -> Result<(), ApiError> {
        let Some(fifo) = &mut self.fifo else { return Err(unknown_attribute(name)) };
        let is = |yes: &str, no: &str| match value {
            value if value == yes => Ok(true),
            value if value == no => Ok(false),
            _ => Err(invalid_attribute_value(name)),
        };
        match name {
            "FifoQueue" if value == "false" => {
                let message = format!(
                    "Invalid value for the parameter {name}. Reason: Modifying queue type is not \
                                       supported."
                );
                return Err(ApiError::new("InvalidAttributeValue", message));
            }
            "FifoQueue" => drop(truth(name, value)?),
            "ContentBasedDeduplication" => fifo.content_based_deduplication = truth(name, value)?,
            "DeduplicationScope" => fifo.deduplication_by_group = is("messageGroup", "queue")?,
            "FifoThroughputLimit" => fifo.throughput_by_group = is("perMessageGroupId", "perQueue")?,
            _ => return Err(unknown_attribute(name)),
        }
        Ok(())
    }

    /// "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup."
    fn check_fifo(&self) -> Result<(), ApiError> {
        let Some(fifo) = &self.fifo else { return Ok(()) };
        if fifo.throughput_by_group && !fifo.deduplication_by_group {
            // assumed: the wording.
            return Err(ApiError::new(
                "InvalidAttributeValue",
                "Invalid value for the parameter FifoThroughputLimit. Reason: The perMessageGroupId value is allowed \
                 only when the value for DeduplicationScope is messageGroup.",
            ));
        }
        Ok(())
    }

    /// What is set of that name, as AWS gives it back.
    pub fn get(&self, name: &str) -> Option<String> {
        let fifo = self.fifo.as_ref();
        let chosen = |by_group: bool, yes: &str, no: &str| Some(if by_group { yes } else { no }.to_owned());
        match name {
            "DelaySeconds" => Some(self.delay_seconds.to_string()),
            "MaximumMessageSize" => Some(self.maximum_message_size.to_string()),
            "MessageRetentionPeriod" => Some(self.message_retention_period.to_string()),
            "ReceiveMessageWaitTimeSeconds" => Some(self.receive_message_wait_time_seconds.to_string()),
            "VisibilityTimeout" => Some(self.visibility_timeout.to_string()),
            "Policy" => self.policy.clone(),
            "RedrivePolicy" => self.redrive_policy.as_ref().map(RedrivePolicy::text),
            "RedriveAllowPolicy" => self.redrive_allow_policy.as_ref().map(RedriveAllowPolicy::text),
            "KmsMasterKeyId" => self.kms_master_key_id.clone(),
            "KmsDataKeyReusePeriodSeconds" => {
                self.kms_master_key_id.as_ref().map(|_| self.kms_data_key_reuse_period_seconds.to_string())
            }
            "SqsManagedSseEnabled" => Some(self.sqs_managed_sse_enabled.to_string()),
            "FifoQueue" => fifo.map(|_| "true".to_owned()),
            "ContentBasedDeduplication" => fifo.map(|fifo| fifo.content_based_deduplication.to_string()),
            "DeduplicationScope" => fifo.and_then(|fifo| chosen(fifo.deduplication_by_group, "messageGroup", "queue")),
            "FifoThroughputLimit" => {
                fifo.and_then(|fifo| chosen(fifo.throughput_by_group, "perMessageGroupId", "perQueue"))
            }
            _ => None,
        }
    }
}

fn truth(name: &str, value: &str) -> Result<bool, ApiError> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(invalid_attribute_value(name)),
    }
}

fn check_policy(text: &str) -> Result<(), ApiError> {
    if text.is_empty() {
        return Ok(());
    }
    let policy: Option<serde_json::Map<_, _>> = serde_json::from_str(text).ok();
    let Some(policy) = policy else { return Err(invalid_attribute_value("Policy")) };
    let statements = policy.get("Statement").and_then(serde_json::Value::as_array);
    for statement in statements.into_iter().flatten() {
        let count = statement.get("Action").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
        if count > ACTIONS_MAX {
            let found = format!("{count} actions were found in a statement from the submitted policy");
            return Err(over_limit(format!("{found}, max allowed is {ACTIONS_MAX}")));
        }
    }
    Ok(())
}
