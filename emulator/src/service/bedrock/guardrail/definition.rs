//! What a guardrail is, as CreateGuardrail and UpdateGuardrail say it.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use super::policy::Policies;
use crate::kernel::{ApiError, Arn, Scope, Violations};
use crate::service::bedrock::control::pattern::{GUARDRAIL_NAME, GUARDRAIL_PROFILE, KMS_KEY};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    pub name: Option<String>,
    pub description: Option<String>,
    #[serde(flatten)]
    pub policies: Policies,
    /// None in what is kept: see [`Self::settle`].
    #[serde(skip_serializing)]
    automated_reasoning_policy_config: Option<Value>,
    cross_region_config: Option<CrossRegionConfig>,
    pub blocked_input_messaging: Option<String>,
    pub blocked_outputs_messaging: Option<String>,
    kms_key_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct CrossRegionConfig {
    guardrail_profile_identifier: Option<String>,
}

/// The guardrail profile, as answers describe it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CrossRegionDetails {
    guardrail_profile_id: String,
    guardrail_profile_arn: String,
}

impl Definition {
    /// The constraints of AWS's model.
    pub fn check(&self, violations: &mut Violations) {
        violations.required("name", &self.name);
        GUARDRAIL_NAME.check(violations, "name", self.name.as_deref(), 1, 50);
        if let Some(description) = &self.description {
            violations.length("description", description, 1, 200);
        }
        self.policies.check(violations);
        if let Some(config) = &self.cross_region_config {
            let (member, profile) =
                ("crossRegionConfig.guardrailProfileIdentifier", &config.guardrail_profile_identifier);
            violations.required(member, profile);
            GUARDRAIL_PROFILE.check(violations, member, profile.as_deref(), 15, 2048);
        }
        for (member, message) in [
            ("blockedInputMessaging", &self.blocked_input_messaging),
            ("blockedOutputsMessaging", &self.blocked_outputs_messaging),
        ] {
            match message {
                Some(message) => violations.length(member, message, 1, 500),
                None => violations.missing(member),
            }
        }
        KMS_KEY.check(violations, "kmsKeyId", self.kms_key_id.as_deref(), 1, 2048);
    }

    /// What the service holds of it beyond its model; and what was left out, filled in.
    pub fn settle(mut self) -> Result<Self, ApiError> {
        if self.automated_reasoning_policy_config.as_ref().is_some_and(|config| !config.is_null()) {
            return Err(ApiError::not_implemented("automatedReasoningPolicyConfig of bedrock guardrails"));
        }
        self.policies.examine(self.cross_region_config.is_some())?;
        self.policies.complete();
        Ok(self)
    }

    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    pub fn cross_region_details(&self, scope: &Scope) -> Option<CrossRegionDetails> {
        let identifier = self.cross_region_config.as_ref()?.guardrail_profile_identifier.as_deref()?;
        let id = identifier.rsplit('/').next().unwrap_or(identifier);
        let arn = Arn::new("bedrock", scope, format!("guardrail-profile/{id}")).to_string();
        Some(CrossRegionDetails { guardrail_profile_id: id.to_owned(), guardrail_profile_arn: arn })
    }

    /// The ARN of its key. An alias is not followed here, and tells none.
    pub fn kms_key_arn(&self, scope: &Scope) -> Option<String> {
        let key = self.kms_key_id.as_deref()?;
        if key.contains("alias/") {
            return None;
        }
        let is_id = !key.starts_with("arn:");
        Some(if is_id { Arn::new("kms", scope, format!("key/{key}")).to_string() } else { key.to_owned() })
    }
}
