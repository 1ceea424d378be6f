//! The configuration of model invocation logging: kept and given back. Nothing is logged here.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html>

use serde::{Deserialize, Serialize};

use crate::kernel::Violations;
use crate::service::bedrock::control::pattern::ROLE_ARN;

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggingConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud_watch_config: Option<CloudWatchConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_config: Option<S3Config>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_data_delivery_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_data_delivery_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embedding_data_delivery_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_data_delivery_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_data_delivery_enabled: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct CloudWatchConfig {
    log_group_name: Option<String>,
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    large_data_delivery_s3_config: Option<S3Config>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct S3Config {
    bucket_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_prefix: Option<String>,
}

impl LoggingConfig {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        if let Some(config) = &self.cloud_watch_config {
            let at = |name: &str| format!("{member}.cloudWatchConfig.{name}");
            violations.required(at("logGroupName"), &config.log_group_name);
            if let Some(name) = &config.log_group_name {
                violations.length(at("logGroupName"), name, 1, 512);
            }
            violations.required(at("roleArn"), &config.role_arn);
            ROLE_ARN.check(violations, &at("roleArn"), config.role_arn.as_deref(), 0, 2048);
            if let Some(s3) = &config.large_data_delivery_s3_config {
                s3.check(violations, &at("largeDataDeliveryS3Config"));
            }
        }
        if let Some(s3) = &self.s3_config {
            s3.check(violations, &format!("{member}.s3Config"));
        }
    }
}

impl S3Config {
    fn check(&self, violations: &mut Violations, member: &str) {
        violations.required(format!("{member}.bucketName"), &self.bucket_name);
        if let Some(name) = &self.bucket_name {
            violations.length(format!("{member}.bucketName"), name, 3, 63);
        }
        if let Some(prefix) = &self.key_prefix {
            violations.length(format!("{member}.keyPrefix"), prefix, 0, 1024);
        }
    }
}
