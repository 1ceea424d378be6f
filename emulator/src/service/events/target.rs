//! A target of a rule: where matched events go, and what of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json_path::JsonPath;
use super::rule;
use crate::kernel::{ApiError, Arn, Violations};

/// A target as kept.
pub struct Target {
    pub arn: Arn,
    pub input: Input,
    pub partition_key_path: Option<JsonPath>,
    /// As the caller put it, to be given back.
    pub given: GivenTarget,
}

/// What the target gets of an event.
pub enum Input {
    Whole,
    Constant(String),
    Part(JsonPath),
}

/// A target as requests and answers carry it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GivenTarget {
    pub id: Option<String>,
    pub arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kinesis_parameters: Option<KinesisParameters>,
    #[serde(skip_serializing)]
    input_transformer: Option<Value>,
    #[serde(skip_serializing)]
    run_command_parameters: Option<Value>,
    #[serde(skip_serializing)]
    ecs_parameters: Option<Value>,
    #[serde(skip_serializing)]
    batch_parameters: Option<Value>,
    #[serde(skip_serializing)]
    sqs_parameters: Option<Value>,
    #[serde(skip_serializing)]
    http_parameters: Option<Value>,
    #[serde(skip_serializing)]
    redshift_data_parameters: Option<Value>,
    #[serde(skip_serializing)]
    sage_maker_pipeline_parameters: Option<Value>,
    #[serde(skip_serializing)]
    dead_letter_config: Option<Value>,
    #[serde(skip_serializing)]
    retry_policy: Option<Value>,
    #[serde(skip_serializing)]
    app_sync_parameters: Option<Value>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct KinesisParameters {
    partition_key_path: Option<String>,
}

impl Input {
    /// The bytes that the target gets.
    pub fn of(&self, event: &Value) -> String {
        match self {
            Self::Whole => event.to_string(),
            Self::Constant(text) => text.clone(),
            // Assumed: what is not there is delivered as null.
            Self::Part(path) => path.find(event).unwrap_or(Value::Null).to_string(),
        }
    }
}

impl GivenTarget {
    /// The constraints of AWS's model. `member` is how messages name this target: `targets.1.member`.
    pub fn check(&self, violations: &mut Violations, member: &str) {
        rule::check_required_name(violations, &format!("{member}.id"), self.id.as_deref());
        match &self.arn {
            Some(arn) => violations.length(&format!("{member}.arn"), arn, 1, 1600),
            None => violations.missing(&format!("{member}.arn")),
        }
        let texts = [
            ("roleArn", &self.role_arn, 1, 1600),
            ("input", &self.input, 0, 8192),
            ("inputPath", &self.input_path, 0, 256),
        ];
        for (name, text, min, max) in texts {
            if let Some(text) = text {
                violations.length(&format!("{member}.{name}"), text, min, max);
            }
        }
        if let Some(KinesisParameters { partition_key_path }) = &self.kinesis_parameters {
            let member = format!("{member}.kinesisParameters.partitionKeyPath");
            match partition_key_path {
                Some(path) => violations.length(&member, path, 0, 256),
                None => violations.missing(&member),
            }
        }
    }

    /// Members that this emulator does not know what to do with.
    pub fn refuse_unknown(&self) -> Result<(), ApiError> {
        let members = [
            ("InputTransformer", &self.input_transformer),
            ("RunCommandParameters", &self.run_command_parameters),
            ("EcsParameters", &self.ecs_parameters),
            ("BatchParameters", &self.batch_parameters),
            ("SqsParameters", &self.sqs_parameters),
            ("HttpParameters", &self.http_parameters),
            ("RedshiftDataParameters", &self.redshift_data_parameters),
            ("SageMakerPipelineParameters", &self.sage_maker_pipeline_parameters),
            ("DeadLetterConfig", &self.dead_letter_config),
            ("RetryPolicy", &self.retry_policy),
            ("AppSyncParameters", &self.app_sync_parameters),
        ];
        match members.iter().find(|(_, value)| value.is_some()) {
            Some((member, _)) => Err(ApiError::not_implemented(format_args!("{member} of events PutTargets"))),
            None => Ok(()),
        }
    }

    /// Reads the target. What is wrong with it fails the whole request, as on AWS.
    pub fn parse(self) -> Result<Target, ApiError> {
        let (id, arn_text) = (self.id.clone().unwrap_or_default(), self.arn.clone().unwrap_or_default());
        let Some(arn) = Arn::parse(&arn_text) else {
            let message = format!("Parameter {arn_text} is not valid. Reason: Provided Arn is not in correct format.");
            return Err(ApiError::validation(message));
        };
        if arn.service == "kinesis" && self.role_arn.is_none() {
            return Err(ApiError::validation(format!("RoleArn is required for target {arn_text}.")));
        }
        let input = match (&self.input, &self.input_path) {
            (Some(_), Some(_)) => {
                let message =
                    format!("Only one of Input, InputPath, or InputTransformer must be provided for target {id}.");
                return Err(ApiError::validation(message));
            }
            (Some(input), None) if serde_json::from_str::<Value>(input).is_err() => {
                return Err(ApiError::validation(format!("JSON syntax error in input for target {id}.")));
            }
            (Some(input), None) => Input::Constant(input.clone()),
            (None, Some(path)) => Input::Part(parse_path("InputPath", path, &id)?),
            (None, None) => Input::Whole,
        };
        let partition_key_path =
            match self.kinesis_parameters.as_ref().and_then(|given| given.partition_key_path.as_ref()) {
                Some(path) => Some(parse_path("PartitionKeyPath", path, &id)?),
                None => None,
            };
        Ok(Target { arn, input, partition_key_path, given: self })
    }
}

impl Target {
    /// Whether deliveries to it can work. Others are refused when they are put, not dropped when an event comes.
    pub fn is_within_reach(&self) -> bool {
        self.arn.service == "kinesis" && self.arn.resource_after("stream").is_some_and(|name| !name.is_empty())
    }
}

fn parse_path(member: &str, path: &str, id: &str) -> Result<JsonPath, ApiError> {
    JsonPath::parse(path).ok_or_else(|| ApiError::validation(format!("Invalid {member} for target {id}.")))
}
