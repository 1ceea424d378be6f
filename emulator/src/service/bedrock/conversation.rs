//! The request of Converse and ConverseStream, which are the same.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::script::cadence;
use super::script::{ModelOperation, Scene};
use crate::kernel::ApiError;

/// Members of the request that mean something to AWS and nothing here yet.
const NOT_YET: &[&str] = &[
    "guardrailConfig",
    "promptVariables",
    "additionalModelResponseFieldPaths",
    "performanceConfig",
    "serviceTier",
    "outputConfig",
];
const CONTENT_NOT_YET: &[&str] = &[
    "image",
    "document",
    "video",
    "audio",
    "guardContent",
    "citationsContent",
    "searchResult",
    "toolAddition",
    "toolRemoval",
];
const TOOL_RESULT_NOT_YET: &[&str] = &["image", "document", "video", "searchResult"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    pub model_id: String,
    pub messages: Option<Vec<Message>>,
    pub system: Option<Vec<SystemBlock>>,
    pub inference_config: Option<InferenceConfig>,
    pub tool_config: Option<ToolConfig>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
pub struct Message {
    pub role: Option<String>,
    pub content: Option<Vec<ContentBlock>>,
}

/// A union: one member is set. `cachePoint` and `reasoningContent` change nothing for a scripted model.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentBlock {
    pub text: Option<String>,
    pub tool_use: Option<ToolUseBlock>,
    pub tool_result: Option<ToolResultBlock>,
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolUseBlock {
    pub tool_use_id: Option<String>,
    pub name: Option<String>,
    pub input: Option<Value>,
    #[serde(rename = "type")]
    kind: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolResultBlock {
    pub tool_use_id: Option<String>,
    pub content: Option<Vec<ToolResultContent>>,
    pub status: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub struct ToolResultContent {
    pub text: Option<String>,
    pub json: Option<Value>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
pub struct SystemBlock {
    pub text: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InferenceConfig {
    pub max_tokens: Option<i64>,
    pub temperature: Option<f64>,
    pub top_p: Option<f64>,
    pub stop_sequences: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolConfig {
    pub tools: Option<Vec<Tool>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    pub tool_spec: Option<ToolSpec>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolSpec {
    pub name: Option<String>,
    pub description: Option<String>,
    pub input_schema: Option<InputSchema>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
pub struct InputSchema {
    pub json: Option<Value>,
}

impl Conversation {
    pub fn messages(&self) -> &[Message] {
        self.messages.as_deref().unwrap_or_default()
    }

    pub fn tools(&self) -> impl Iterator<Item = &ToolSpec> {
        let tools = self.tool_config.iter().flat_map(|config| config.tools.iter().flatten());
        tools.filter_map(|tool| tool.tool_spec.as_ref())
    }

    /// Refuses what a caller would expect to matter and does not yet.
    pub fn refuse_not_yet(&self, operation: ModelOperation) -> Result<(), ApiError> {
        let refuse = |others: &Map<String, Value>, not_yet: &[&str]| {
            let present = not_yet.iter().find(|name| others.get(**name).is_some_and(|value| !value.is_null()));
            present.map_or(Ok(()), |name| {
                Err(ApiError::not_implemented(format_args!("{name} of bedrock {}", operation.name())))
            })
        };
        refuse(&self.others, NOT_YET)?;
        for block in self.system.iter().flatten() {
            refuse(&block.others, &["guardContent"])?;
        }
        for tool in self.tool_config.iter().flat_map(|config| config.tools.iter().flatten()) {
            refuse(&tool.others, &["systemTool"])?;
        }
        for tool in self.tools() {
            refuse(&tool.others, &["strict"])?;
        }
        for message in self.messages() {
            if message.role.as_deref() == Some("system") {
                return Err(ApiError::not_implemented(format_args!("role system of bedrock {}", operation.name())));
            }
            for block in message.content.iter().flatten() {
                refuse(&block.others, CONTENT_NOT_YET)?;
                let uses = block.tool_use.as_ref().is_some_and(|tool| tool.kind.is_some());
                let results = block.tool_result.as_ref().is_some_and(|result| result.kind.is_some());
                if uses || results {
                    return Err(ApiError::not_implemented(format_args!(
                        "type of a tool of bedrock {}",
                        operation.name()
                    )));
                }
                for content in block.tool_result.iter().flat_map(|result| result.content.iter().flatten()) {
                    refuse(&content.others, TOOL_RESULT_NOT_YET)?;
                }
            }
        }
        Ok(())
    }

    /// What the script can see of it.
    pub fn scene(&self, operation: ModelOperation) -> Scene {
        let messages = self.messages();
        let system: Vec<&str> = self.system.iter().flatten().filter_map(|block| block.text.as_deref()).collect();
        let users = messages.iter().rev().filter(|message| message.role.as_deref() == Some("user"));
        let last_user = users.map(Message::text).find(|text| !text.is_empty()).unwrap_or_default();
        let turn = messages.iter().filter(|message| message.role.as_deref() == Some("assistant")).count();
        let characters = system.iter().map(|text| text.chars().count()).sum::<usize>()
            + messages.iter().map(Message::characters).sum::<usize>()
            + self.tools().map(ToolSpec::characters).sum::<usize>();
        Scene {
            operation,
            model: self.model_id.clone(),
            system: system.join("\n"),
            last_user,
            tools: self.tools().filter_map(|tool| tool.name.clone()).collect(),
            turn: u32::try_from(turn).unwrap_or(u32::MAX),
            max_tokens: self.inference_config.as_ref().and_then(|config| u32::try_from(config.max_tokens?).ok()),
            input_tokens: cadence::tokens(characters),
            ..Scene::default()
        }
    }
}

impl Message {
    pub fn blocks(&self) -> &[ContentBlock] {
        self.content.as_deref().unwrap_or_default()
    }

    fn text(&self) -> String {
        let texts: Vec<&str> = self.blocks().iter().filter_map(|block| block.text.as_deref()).collect();
        texts.join("\n")
    }

    fn characters(&self) -> usize {
        self.blocks().iter().map(ContentBlock::characters).sum()
    }
}

impl ContentBlock {
    fn characters(&self) -> usize {
        let text = self.text.as_deref().map_or(0, |text| text.chars().count());
        let used = self.tool_use.as_ref().map_or(0, |tool| {
            tool.name.as_deref().map_or(0, str::len) + tool.input.as_ref().map_or(0, json_characters)
        });
        let results = self.tool_result.iter().flat_map(|result| result.content.iter().flatten()).map(|content| {
            content.text.as_deref().map_or(0, |text| text.chars().count())
                + content.json.as_ref().map_or(0, json_characters)
        });
        text + used + results.sum::<usize>()
    }
}

impl ToolSpec {
    fn characters(&self) -> usize {
        let texts = [&self.name, &self.description].into_iter().flatten().map(|text| text.chars().count());
        let schema = self.input_schema.as_ref().and_then(|schema| schema.json.as_ref());
        texts.sum::<usize>() + schema.map_or(0, json_characters)
    }
}

fn json_characters(value: &Value) -> usize {
    value.to_string().chars().count()
}
