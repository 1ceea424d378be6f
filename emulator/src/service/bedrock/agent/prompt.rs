//! The prompts of an agent: which steps it takes, and what it says to the model in each.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/advanced-prompts.html>
//!
//! # Differences
//!
//! The templates that AWS has by default are long and change; ours say as much as a scripted model can need.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::definition::PromptOverrides;
use crate::kernel::ApiError;

/// The steps for which an agent asks the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromptType {
    PreProcessing,
    Orchestration,
    KnowledgeBaseResponseGeneration,
    PostProcessing,
    MemorySummarization,
    RoutingClassifier,
}

/// The steps that an agent on its own has.
const ALL: [PromptType; 5] = [
    PromptType::PreProcessing,
    PromptType::Orchestration,
    PromptType::KnowledgeBaseResponseGeneration,
    PromptType::PostProcessing,
    PromptType::MemorySummarization,
];

/// What is said in one step. Of members that nobody gave, the default stands here, too.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptConfiguration {
    pub prompt_type: Option<PromptType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_creation_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_prompt_template: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inference_configuration: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parser_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foundation_model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_model_request_fields: Option<Value>,
}

impl PromptType {
    /// Whether the step is taken unless somebody says otherwise. Post-processing is "disabled by default". assumed: so
    /// is pre-processing, as it is for models that use tools.
    fn is_enabled_by_default(self) -> bool {
        !matches!(self, PromptType::PreProcessing | PromptType::PostProcessing)
    }

    fn default_template(self) -> &'static str {
        match self {
            PromptType::PreProcessing => {
                "Say whether the input is one for the agent: {\"isValid\":true,\"rationale\":\"..\"}.\n$instruction$"
            }
            PromptType::Orchestration | PromptType::RoutingClassifier => {
                "$instruction$\n$prompt_session_attributes$\n$memory_guideline$\n$memory_content$\n$memory_action_guideline$"
            }
            PromptType::KnowledgeBaseResponseGeneration => "Answer from the search results.\n$search_results$",
            PromptType::PostProcessing => "Say the answer as the user is to read it.\n$latest_response$",
            PromptType::MemorySummarization => "Summarize the conversation.\n$past_conversation_summary$",
        }
    }
}

impl fmt::Display for PromptType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PromptType::PreProcessing => "PRE_PROCESSING",
            PromptType::Orchestration => "ORCHESTRATION",
            PromptType::KnowledgeBaseResponseGeneration => "KNOWLEDGE_BASE_RESPONSE_GENERATION",
            PromptType::PostProcessing => "POST_PROCESSING",
            PromptType::MemorySummarization => "MEMORY_SUMMARIZATION",
            PromptType::RoutingClassifier => "ROUTING_CLASSIFIER",
        })
    }
}

impl PromptConfiguration {
    fn default_of(kind: PromptType) -> Self {
        Self {
            prompt_type: Some(kind),
            prompt_creation_mode: Some("DEFAULT".to_owned()),
            prompt_state: Some(if kind.is_enabled_by_default() { "ENABLED" } else { "DISABLED" }.to_owned()),
            base_prompt_template: Some(kind.default_template().to_owned()),
            inference_configuration: Some(json!({
                "temperature": 0.0, "topP": 1.0, "topK": 250, "maximumLength": 2048, "stopSequences": [],
            })),
            parser_mode: Some("DEFAULT".to_owned()),
            foundation_model: None,
            additional_model_request_fields: None,
        }
    }

    pub fn is_overridden(&self) -> bool {
        self.prompt_creation_mode.as_deref() == Some("OVERRIDDEN")
    }

    fn check(&self) -> Result<(), ApiError> {
        let Some(kind) = self.prompt_type else {
            // assumed: the wording.
            return Err(ApiError::validation("promptType is required in every prompt configuration"));
        };
        let given = self.base_prompt_template.is_some() || self.inference_configuration.is_some();
        // Wording: <https://github.com/hashicorp/terraform-provider-aws/issues/37168> tells of the rule, not of the text.
        if !self.is_overridden() && given {
            return Err(ApiError::validation(format!(
                "basePromptTemplate and inferenceConfiguration of {kind} can only be set when promptCreationMode is OVERRIDDEN"
            )));
        }
        if self.is_overridden() && self.base_prompt_template.is_none() {
            return Err(ApiError::validation(format!(
                "basePromptTemplate of {kind} is required when promptCreationMode is OVERRIDDEN"
            )));
        }
        Ok(())
    }
}

impl PromptOverrides {
    /// Refuses what a scripted model's words are not put through. `operation` is where it stands.
    pub fn refuse_not_yet(&self, operation: &str) -> Result<(), ApiError> {
        let parses = |prompt: &PromptConfiguration| prompt.parser_mode.as_deref() == Some("OVERRIDDEN");
        if self.override_lambda.is_some() || self.prompt_configurations.iter().any(parses) {
            return Err(ApiError::not_implemented(format_args!("a parser Lambda function of {operation}")));
        }
        let routes = |prompt: &PromptConfiguration| prompt.prompt_type == Some(PromptType::RoutingClassifier);
        if self.prompt_configurations.iter().any(routes) {
            return Err(ApiError::not_implemented(format_args!("a ROUTING_CLASSIFIER prompt of {operation}")));
        }
        Ok(())
    }

    /// What AWS says of prompts that contradict themselves or each other.
    pub fn check(&self) -> Result<(), ApiError> {
        let mut seen = Vec::new();
        for prompt in &self.prompt_configurations {
            prompt.check()?;
            if let Some(kind) = prompt.prompt_type.filter(|kind| seen.contains(kind)) {
                // assumed: the wording.
                return Err(ApiError::validation(format!("There is more than one prompt configuration of {kind}")));
            }
            seen.extend(prompt.prompt_type);
        }
        Ok(())
    }

    /// Adds what was not given, in the order of the steps.
    pub fn complete(&mut self) {
        let given = std::mem::take(&mut self.prompt_configurations);
        for kind in ALL {
            let default = PromptConfiguration::default_of(kind);
            let Some(prompt) = given.iter().find(|prompt| prompt.prompt_type == Some(kind)).cloned() else {
                self.prompt_configurations.push(default);
                continue;
            };
            self.prompt_configurations.push(PromptConfiguration {
                prompt_type: Some(kind),
                prompt_creation_mode: prompt.prompt_creation_mode.or(default.prompt_creation_mode),
                prompt_state: prompt.prompt_state.or(default.prompt_state),
                base_prompt_template: prompt.base_prompt_template.or(default.base_prompt_template),
                inference_configuration: prompt.inference_configuration.or(default.inference_configuration),
                parser_mode: prompt.parser_mode.or(default.parser_mode),
                ..prompt
            });
        }
    }

    /// What is said in that step; nothing, if the step is not taken.
    pub fn enabled(&self, kind: PromptType) -> Option<&PromptConfiguration> {
        let prompt = self.of(kind)?;
        (prompt.prompt_state.as_deref() == Some("ENABLED")).then_some(prompt)
    }

    pub fn of(&self, kind: PromptType) -> Option<&PromptConfiguration> {
        self.prompt_configurations.iter().find(|prompt| prompt.prompt_type == Some(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(prompts: Value) -> PromptOverrides {
        serde_json::from_value(json!({ "promptConfigurations": prompts })).expect("it is written as AWS has it")
    }

    #[test]
    fn steps_are_taken_as_aws_has_it_unless_somebody_says_otherwise() {
        let mut prompts = read(json!([
            {"promptType": "PRE_PROCESSING", "promptState": "ENABLED"},
            {"promptType": "ORCHESTRATION", "promptCreationMode": "OVERRIDDEN", "basePromptTemplate": "Be $instruction$"},
        ]));
        prompts.complete();
        let enabled: Vec<bool> = ALL.iter().map(|kind| prompts.enabled(*kind).is_some()).collect();
        assert_eq!(enabled, [true, true, true, false, true]);
        let template = |kind| prompts.of(kind).and_then(|prompt| prompt.base_prompt_template.as_deref());
        assert_eq!(template(PromptType::Orchestration), Some("Be $instruction$"));
        let summarizes = template(PromptType::MemorySummarization).is_some_and(|it| it.starts_with("Summarize"));
        assert!(summarizes, "{prompts:?}");
    }

    #[test]
    fn prompts_that_contradict_themselves_are_refused() {
        for (prompts, expected) in [
            (json!([{"promptState": "ENABLED"}]), "promptType is required"),
            (json!([{"promptType": "ORCHESTRATION", "basePromptTemplate": "a"}]), "only be set when"),
            (json!([{"promptType": "ORCHESTRATION", "promptCreationMode": "OVERRIDDEN"}]), "is required when"),
            (json!([{"promptType": "ORCHESTRATION"}, {"promptType": "ORCHESTRATION"}]), "more than one"),
        ] {
            let refused = read(prompts).check().expect_err(expected);
            assert!(refused.message.contains(expected), "{refused}");
        }
    }
}
