//! A target as requests and answers carry it, and the constraints of AWS's model on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::constraint::{self, HEADER_KEY, HEADER_VALUE, QUERY_KEY, QUERY_VALUE};
use super::json_path::JsonPath;
use super::retry_policy::{DeadLetterConfig, RetryPolicy};
use super::rule;
use super::transformer::InputTransformer;
use crate::kernel::Violations;
use crate::kernel::delivery::Enclosed;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GivenTarget {
    pub id: Option<String>,
    pub arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_transformer: Option<InputTransformer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinesis_parameters: Option<KinesisParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqs_parameters: Option<SqsParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_parameters: Option<HttpParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_policy: Option<RetryPolicy>,
    #[serde(flatten)]
    others: OtherParameters,
}

/// Of targets whose services are not here: kept and given back.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
struct OtherParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    run_command_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ecs_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redshift_data_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sage_maker_pipeline_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_sync_parameters: Option<Value>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KinesisParameters {
    pub partition_key_path: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SqsParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_group_id: Option<String>,
}

/// What a call to an API destination has besides its body. Travels with the delivery.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HttpParameters {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path_parameter_values: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub query_string_parameters: BTreeMap<String, String>,
}

impl Enclosed for HttpParameters {
    const KIND: &'static str = "events.HttpParameters";
}

impl HttpParameters {
    /// What this event makes of them: a value that is a JSON path stands for what the path finds, and for nothing if it
    /// finds nothing (assumed).
    pub fn of(&self, event: &Value) -> Self {
        let value = |text: &String| match JsonPath::parse(text).filter(|_| text.starts_with("$.")) {
            None => text.clone(),
            Some(path) => match path.find(event) {
                Some(Value::String(found)) => found,
                Some(Value::Null) | None => String::new(),
                Some(found) => found.to_string(),
            },
        };
        let values =
            |map: &BTreeMap<String, String>| map.iter().map(|(key, text)| (key.clone(), value(text))).collect();
        Self {
            path_parameter_values: self.path_parameter_values.iter().map(value).collect(),
            header_parameters: values(&self.header_parameters),
            query_string_parameters: values(&self.query_string_parameters),
        }
    }

    fn check(&self, violations: &mut Violations, member: &str) {
        for (index, value) in self.path_parameter_values.iter().enumerate() {
            if value.trim().is_empty() {
                let member = format!("{member}.pathParameterValues.{}.member", index + 1);
                violations.add(value, &member, r"satisfy regular expression pattern: ^(?!\s*$).+");
            }
        }
        for (name, map, [key_pattern, value_pattern]) in [
            ("headerParameters", &self.header_parameters, [HEADER_KEY, HEADER_VALUE]),
            ("queryStringParameters", &self.query_string_parameters, [QUERY_KEY, QUERY_VALUE]),
        ] {
            let member = format!("{member}.{name}");
            for (key, value) in map {
                violations.length(&member, key, 0, 512);
                constraint::pattern(violations, &member, key, key_pattern);
                violations.length(format!("{member}.{key}.member"), value, 0, 512);
                constraint::pattern(violations, &format!("{member}.{key}.member"), value, value_pattern);
            }
        }
    }
}

impl GivenTarget {
    /// The constraints of AWS's model. `member` is how messages name this target: `targets.1.member`.
    pub fn check(&self, violations: &mut Violations, member: &str) {
        rule::check_required_name(violations, &format!("{member}.id"), self.id.as_deref());
        match &self.arn {
            Some(arn) => violations.length(format!("{member}.arn"), arn, 1, 1600),
            None => violations.missing(format!("{member}.arn")),
        }
        let texts = [
            ("roleArn", &self.role_arn, 1, 1600),
            ("input", &self.input, 0, 8192),
            ("inputPath", &self.input_path, 0, 256),
        ];
        for (name, text, min, max) in texts {
            if let Some(text) = text {
                violations.length(format!("{member}.{name}"), text, min, max);
            }
        }
        if let Some(transformer) = &self.input_transformer {
            transformer.check(violations, &format!("{member}.inputTransformer"));
        }
        if let Some(KinesisParameters { partition_key_path }) = &self.kinesis_parameters {
            let member = format!("{member}.kinesisParameters.partitionKeyPath");
            match partition_key_path {
                Some(path) => violations.length(&member, path, 0, 256),
                None => violations.missing(&member),
            }
        }
        if let Some(parameters) = &self.http_parameters {
            parameters.check(violations, &format!("{member}.httpParameters"));
        }
        if let Some(config) = &self.dead_letter_config {
            config.check(violations, &format!("{member}.deadLetterConfig"));
        }
        if let Some(policy) = &self.retry_policy {
            policy.check(violations, &format!("{member}.retryPolicy"));
        }
    }
}
