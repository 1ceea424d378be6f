//! What an agent is told to be, as its maker writes it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::prompt::PromptConfiguration;
use crate::kernel::ApiError;

/// "If no conversation occurs during this time, the session expires." assumed: the default, which is the console's.
pub const IDLE_SESSION_SECONDS: u32 = 600;

/// The members of CreateAgent and UpdateAgent.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    pub agent_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foundation_model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(rename = "idleSessionTTLInSeconds", default = "idle_session_seconds")]
    pub idle_session_seconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_resource_role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_encryption_key_arn: Option<String>,
    #[serde(default)]
    pub prompt_override_configuration: PromptOverrides,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardrail_configuration: Option<GuardrailConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_configuration: Option<Value>,
    #[serde(skip_serializing)]
    pub orchestration_type: Option<String>,
    #[serde(skip_serializing)]
    pub custom_orchestration: Option<Value>,
    #[serde(skip_serializing)]
    pub agent_collaboration: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptOverrides {
    pub prompt_configurations: Vec<PromptConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_lambda: Option<String>,
}

/// The guardrail that judges what is said to an agent, and what it answers.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardrailConfiguration {
    /// An id or an ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardrail_identifier: Option<String>,
    /// A number or `DRAFT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardrail_version: Option<String>,
}

fn idle_session_seconds() -> u32 {
    IDLE_SESSION_SECONDS
}

impl GuardrailConfiguration {
    /// The identifier and the version, if the configuration names any.
    pub fn named(&self) -> Option<(&str, &str)> {
        self.guardrail_identifier.as_deref().zip(self.guardrail_version.as_deref())
    }

    /// assumed: the wording where one half of the name is missing.
    fn check(&self) -> Result<(), ApiError> {
        if self.guardrail_identifier.is_some() == self.guardrail_version.is_some() {
            return Ok(());
        }
        Err(ApiError::validation("Provide both guardrailIdentifier and guardrailVersion."))
    }
}

impl Definition {
    /// Refuses what contradicts itself.
    pub fn check(&self) -> Result<(), ApiError> {
        self.guardrail_configuration.as_ref().map_or(Ok(()), GuardrailConfiguration::check)?;
        self.prompt_override_configuration.check()
    }

    /// Refuses what an agent here cannot do.
    pub fn refuse_not_yet(&self, operation: &str) -> Result<(), ApiError> {
        let refuse = |what: &str| Err(ApiError::not_implemented(format_args!("{what} of bedrock-agent {operation}")));
        if self.orchestration_type.as_deref() == Some("CUSTOM_ORCHESTRATION") || self.custom_orchestration.is_some() {
            return refuse("customOrchestration");
        }
        if self.agent_collaboration.as_deref().is_some_and(|kind| kind != "DISABLED") {
            return refuse("agentCollaboration");
        }
        self.prompt_override_configuration.refuse_not_yet(&format!("bedrock-agent {operation}"))
    }

    /// The whole definition: what was not given is as AWS has it.
    pub fn completed(mut self) -> Self {
        self.prompt_override_configuration.complete();
        self
    }

    /// As answers show it, but for members that versions do not have.
    pub fn shown(&self) -> Value {
        let mut shown = json!(self);
        shown["agentCollaboration"] = json!("DISABLED");
        shown
    }
}
