//! Settings of an event bus that are kept and answered: encryption, dead-letter queue, logging.

use serde::{Deserialize, Serialize};

use super::constraint;
use super::retry_policy::DeadLetterConfig;
use crate::kernel::Violations;

/// The settings as a request gives them, and as they are kept and answered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BusSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_config: Option<LogConfig>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LogConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    include_detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<String>,
}

impl BusSettings {
    pub fn check(&self, violations: &mut Violations) {
        constraint::length(violations, "description", self.description.as_deref(), 0, 512);
        constraint::kms_key(violations, self.kms_key_identifier.as_deref());
        if let Some(config) = &self.dead_letter_config {
            config.check(violations, "deadLetterConfig");
        }
        if let Some(LogConfig { include_detail, level }) = &self.log_config {
            let include = include_detail.as_deref();
            constraint::one_of(violations, "logConfig.includeDetail", include, &["NONE", "FULL"]);
            let levels = ["OFF", "ERROR", "INFO", "TRACE"];
            constraint::one_of(violations, "logConfig.level", level.as_deref(), &levels);
        }
    }

    /// Takes what a request gives; an empty key stands for AWS's own.
    pub fn update(&mut self, given: Self) {
        let before = std::mem::take(self);
        *self = Self {
            description: given.description.or(before.description),
            kms_key_identifier: given.kms_key_identifier.or(before.kms_key_identifier).filter(|key| !key.is_empty()),
            dead_letter_config: given.dead_letter_config.or(before.dead_letter_config),
            log_config: given.log_config.or(before.log_config),
        };
    }
}
