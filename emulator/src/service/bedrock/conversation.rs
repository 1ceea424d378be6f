//! The request of Converse and ConverseStream, which are the same; the one of CountTokens is a part of it.
//!
//! Everything is read as it comes: what must be there and what it may be is
//! [`validation`](super::validation)'s business, what it means to a script `scene`'s.

pub mod content;
mod scene;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::guardrail::watch::GuardrailConfig;

pub use self::content::{
    CachePoint, ContentBlock, GuardContent, Message, SystemBlock, ToolResultBlock, ToolResultContent, ToolUseBlock,
};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Conversation {
    pub model_id: String,
    pub messages: Option<Vec<Message>>,
    pub system: Option<Vec<SystemBlock>>,
    pub inference_config: Option<InferenceConfig>,
    pub tool_config: Option<ToolConfig>,
    pub guardrail_config: Option<GuardrailConfig>,
    /// The model's own settings. A scripted model reads them and does as it is told.
    pub additional_model_request_fields: Option<Value>,
    pub prompt_variables: Option<Value>,
    pub additional_model_response_field_paths: Option<Vec<String>>,
    pub request_metadata: Option<BTreeMap<String, String>>,
    pub performance_config: Option<PerformanceConfig>,
    pub service_tier: Option<ServiceTier>,
    pub output_config: Option<OutputConfig>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InferenceConfig {
    pub max_tokens: Option<i64>,
    pub temperature: Option<f64>,
    pub top_p: Option<f64>,
    pub stop_sequences: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolConfig {
    pub tools: Option<Vec<Tool>>,
    pub tool_choice: Option<ToolChoice>,
}

/// A union: one member is set.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Tool {
    pub tool_spec: Option<ToolSpec>,
    /// A tool that AWS brings along; only its name is told.
    pub system_tool: Option<NamedTool>,
    pub cache_point: Option<CachePoint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolSpec {
    pub name: Option<String>,
    pub description: Option<String>,
    pub input_schema: Option<InputSchema>,
    pub strict: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InputSchema {
    pub json: Option<Value>,
}

/// A union: one member is set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ToolChoice {
    pub auto: Option<Value>,
    pub any: Option<Value>,
    pub tool: Option<NamedTool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NamedTool {
    pub name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PerformanceConfig {
    pub latency: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ServiceTier {
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OutputConfig {
    pub text_format: Option<TextFormat>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TextFormat {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub structure: Option<FormatStructure>,
}

/// A union with one member so far.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormatStructure {
    pub json_schema: Option<JsonSchema>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct JsonSchema {
    /// JSON, as text.
    pub schema: Option<String>,
}

impl Conversation {
    pub fn messages(&self) -> &[Message] {
        self.messages.as_deref().unwrap_or_default()
    }

    pub fn tools(&self) -> impl Iterator<Item = &Tool> {
        self.tool_config.iter().flat_map(|config| config.tools.iter().flatten())
    }

    pub fn system(&self) -> &[SystemBlock] {
        self.system.as_deref().unwrap_or_default()
    }
}

impl Tool {
    /// The name under which the model asks for it; a cache point has none.
    pub fn name(&self) -> Option<&str> {
        let spec = self.tool_spec.as_ref().and_then(|spec| spec.name.as_deref());
        spec.or_else(|| self.system_tool.as_ref()?.name.as_deref())
    }
}
