//! A target as requests and answers carry it.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html>

use serde::{Deserialize, Serialize};

use super::ecs_parameters::EcsParameters;
use super::pattern::{self, PIPELINE_PARAMETER_NAME, QUEUE_ARN, ROLE_ARN};
use crate::kernel::Violations;

/// Also the defaults.
const EVENT_AGE_SECONDS_MAX: i64 = 86_400;
const RETRY_ATTEMPTS_MAX: i64 = 185;
const EVENT_AGE_SECONDS_MIN: i64 = 60;

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenTarget {
    pub arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ecs_parameters: Option<EcsParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_bridge_parameters: Option<EventBridgeParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinesis_parameters: Option<KinesisParameters>,
    pub retry_policy: Option<RetryPolicy>,
    pub role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sage_maker_pipeline_parameters: Option<SageMakerPipelineParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqs_parameters: Option<SqsParameters>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeadLetterConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventBridgeParameters {
    pub detail_type: Option<String>,
    pub source: Option<String>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KinesisParameters {
    pub partition_key: Option<String>,
}

#[derive(Clone, Debug, Default, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetryPolicy {
    pub maximum_event_age_in_seconds: Option<i64>,
    pub maximum_retry_attempts: Option<i64>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SageMakerPipelineParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pipeline_parameter_list: Option<Vec<SageMakerPipelineParameter>>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SageMakerPipelineParameter {
    name: Option<String>,
    value: Option<String>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SqsParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_group_id: Option<String>,
}

impl GivenTarget {
    /// The constraints of AWS's model.
    pub fn check(&self, violations: &mut Violations) {
        required_text(violations, "target.arn", self.arn.as_deref(), 1600);
        violations.required("target.roleArn", &self.role_arn);
        ROLE_ARN.check(violations, "target.roleArn", self.role_arn.as_deref(), 1, 1600);
        if let Some(input) = &self.input {
            violations.length("target.input", input, 1, usize::MAX);
        }
        if let Some(DeadLetterConfig { arn }) = &self.dead_letter_config {
            QUEUE_ARN.check(violations, "target.deadLetterConfig.arn", arn.as_deref(), 1, 1600);
        }
        if let Some(RetryPolicy { maximum_event_age_in_seconds, maximum_retry_attempts }) = &self.retry_policy {
            if let Some(age) = maximum_event_age_in_seconds {
                let member = "target.retryPolicy.maximumEventAgeInSeconds";
                violations.range(member, *age, EVENT_AGE_SECONDS_MIN, EVENT_AGE_SECONDS_MAX);
            }
            if let Some(attempts) = maximum_retry_attempts {
                violations.range("target.retryPolicy.maximumRetryAttempts", *attempts, 0, RETRY_ATTEMPTS_MAX);
            }
        }
        self.check_parameters(violations);
    }

    fn check_parameters(&self, violations: &mut Violations) {
        if let Some(parameters) = &self.ecs_parameters {
            parameters.check(violations, "target.ecsParameters");
        }
        if let Some(EventBridgeParameters { detail_type, source }) = &self.event_bridge_parameters {
            required_text(violations, "target.eventBridgeParameters.detailType", detail_type.as_deref(), 128);
            let member = "target.eventBridgeParameters.source";
            match source {
                Some(source) => pattern::check_source(violations, member, source),
                None => violations.missing(member),
            }
        }
        if let Some(KinesisParameters { partition_key }) = &self.kinesis_parameters {
            required_text(violations, "target.kinesisParameters.partitionKey", partition_key.as_deref(), 256);
        }
        if let Some(SqsParameters { message_group_id: Some(group) }) = &self.sqs_parameters {
            violations.length("target.sqsParameters.messageGroupId", group, 1, 128);
        }
        if let Some(SageMakerPipelineParameters { pipeline_parameter_list: Some(list) }) =
            &self.sage_maker_pipeline_parameters
        {
            let member = "target.sageMakerPipelineParameters.pipelineParameterList";
            if list.len() > 200 {
                violations.add_unprinted(member, "have length less than or equal to 200");
            }
            for (index, SageMakerPipelineParameter { name, value }) in list.iter().enumerate() {
                let member = format!("{member}.{}.member", index + 1);
                violations.required(format!("{member}.name"), name);
                PIPELINE_PARAMETER_NAME.check(violations, &format!("{member}.name"), name.as_deref(), 1, 256);
                required_text(violations, &format!("{member}.value"), value.as_deref(), 1024);
            }
        }
    }

    /// Its retry policy with AWS's defaults where it leaves something open: so it is given back, too.
    pub fn with_defaults(mut self) -> Self {
        let given = self.retry_policy.unwrap_or_default();
        self.retry_policy = Some(RetryPolicy {
            maximum_event_age_in_seconds: given.maximum_event_age_in_seconds.or(Some(EVENT_AGE_SECONDS_MAX)),
            maximum_retry_attempts: given.maximum_retry_attempts.or(Some(RETRY_ATTEMPTS_MAX)),
        });
        self
    }

    /// The names of the parameters that are given, each of which fits one kind of target.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            ("EcsParameters", self.ecs_parameters.is_some()),
            ("EventBridgeParameters", self.event_bridge_parameters.is_some()),
            ("KinesisParameters", self.kinesis_parameters.is_some()),
            ("SageMakerPipelineParameters", self.sage_maker_pipeline_parameters.is_some()),
            ("SqsParameters", self.sqs_parameters.is_some()),
        ];
        given.into_iter().filter_map(|(name, is_given)| is_given.then_some(name))
    }
}

fn required_text(violations: &mut Violations, member: &str, text: Option<&str>, max: usize) {
    match text {
        Some(text) => violations.length(member, text, 1, max),
        None => violations.missing(member),
    }
}
