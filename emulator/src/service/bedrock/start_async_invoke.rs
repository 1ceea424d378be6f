//! StartAsyncInvoke: a model that takes its time and writes what it made to S3.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_StartAsyncInvoke.html>
//!
//! ```text
//! POST /async-invoke
//! {"modelId":"amazon.nova-reel-v1:0","modelInput":{"taskType":"TEXT_VIDEO"},
//!  "outputDataConfig":{"s3OutputDataConfig":{"s3Uri":"s3://videos"}}}
//! ```
//!
//! # Differences
//!
//! - There is no S3 here yet: a request that AWS would take is answered so.

use serde::Deserialize;
use serde_json::Value;

use super::Bedrock;
use super::model::model_id;
use super::validation::is_s3_uri;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};

pub struct StartAsyncInvoke;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    client_request_token: Option<String>,
    model_id: Option<String>,
    model_input: Option<Value>,
    output_data_config: Option<OutputDataConfig>,
    tags: Option<Vec<Tag>>,
}

/// A union with one member so far.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutputDataConfig {
    s3_output_data_config: Option<S3Output>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct S3Output {
    s3_uri: Option<String>,
    bucket_owner: Option<String>,
    kms_key_id: Option<String>,
}

#[derive(Deserialize)]
struct Tag {
    key: Option<String>,
    value: Option<String>,
}

const ID_PATTERN: &str = "[a-zA-Z_\\.\\-/0-9:]+";
const TOKEN_PATTERN: &str = "[!-~]*";
const TAG_PATTERN: &str = "[a-zA-Z0-9\\s._:/=+@-]*";
const URI_PATTERN: &str = "s3://[a-z0-9][\\.\\-a-z0-9]{1,61}[a-z0-9](/.*)?";
const TAGS_MAX: usize = 200;

impl Operation for StartAsyncInvoke {
    type Service = Bedrock;
    type Input = Input;
    type Output = Value;
    const NAME: &'static str = "StartAsyncInvoke";
    const BINDING: Binding = Binding::post("/async-invoke");

    fn resource(input: &Input) -> String {
        input.model_id.clone().unwrap_or_default()
    }

    fn run(input: Input, _state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let mut violations = Violations::new();
        constrain(&input, &mut violations);
        violations.finish()?;
        model_id::resolve(input.model_id.as_deref().unwrap_or_default())?;
        Err(ApiError::not_implemented("output to Amazon S3, and so bedrock StartAsyncInvoke,"))
    }
}

fn constrain(input: &Input, violations: &mut Violations) {
    if let Some(token) = &input.client_request_token {
        violations.length("clientRequestToken", token, 1, 256);
        violations.pattern("clientRequestToken", token, TOKEN_PATTERN, |letter| letter.is_ascii_graphic());
    }
    match &input.model_id {
        Some(id) => {
            let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_.-/:".contains(letter);
            violations.length("modelId", id, 1, 256);
            violations.pattern("modelId", id, ID_PATTERN, allowed);
        }
        None => violations.missing("modelId"),
    }
    violations.required("modelInput", &input.model_input);
    violations.required("outputDataConfig", &input.output_data_config);
    let output = input.output_data_config.as_ref().and_then(|config| config.s3_output_data_config.as_ref());
    if let Some(output) = output {
        constrain_output(output, violations);
    }
    let tags = input.tags.as_deref().unwrap_or_default();
    if tags.len() > TAGS_MAX {
        violations.add_unprinted("tags", format_args!("have length less than or equal to {TAGS_MAX}"));
    }
    for (n, tag) in tags.iter().enumerate() {
        for (name, text, min, max) in [("key", &tag.key, 1, 128), ("value", &tag.value, 0, 256)] {
            let member = format!("tags.{}.member.{name}", n + 1);
            let Some(text) = text else {
                violations.missing(&member);
                continue;
            };
            let allowed =
                |letter: char| letter.is_ascii_alphanumeric() || letter.is_whitespace() || "._:/=+@-".contains(letter);
            violations.length(&member, text, min, max);
            violations.pattern(&member, text, TAG_PATTERN, allowed);
        }
    }
}

fn constrain_output(output: &S3Output, violations: &mut Violations) {
    let member = "outputDataConfig.s3OutputDataConfig";
    match &output.s3_uri {
        Some(uri) => {
            violations.length(format!("{member}.s3Uri"), uri, 1, 1024);
            if !is_s3_uri(uri) {
                let constraint = format!("satisfy regular expression pattern: {URI_PATTERN}");
                violations.add(uri, format!("{member}.s3Uri"), constraint);
            }
        }
        None => violations.missing(format!("{member}.s3Uri")),
    }
    if let Some(owner) = &output.bucket_owner
        && (owner.len() != 12 || !owner.bytes().all(|byte| byte.is_ascii_digit()))
    {
        violations.add(owner, format!("{member}.bucketOwner"), "satisfy regular expression pattern: [0-9]{12}");
    }
    if let Some(key) = &output.kms_key_id {
        violations.length(format!("{member}.kmsKeyId"), key, 1, 2048);
        if !(key.starts_with("arn:aws") && key.contains(":kms:")) {
            let pattern =
                "arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+))";
            let constraint = format!("satisfy regular expression pattern: {pattern}");
            violations.add(key, format!("{member}.kmsKeyId"), constraint);
        }
    }
}
