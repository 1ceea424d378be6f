//! The messages of Anthropic's models as they travel in InvokeModel's body.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html>
//!
//! Texts of refusals: required and extraneous keys, counts of violations and the
//! messages' own rules as publicly reported; the others assumed.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::model::model_id;
use super::super::script::cadence;
use super::super::script::{Block, ModelOperation, Performance, Scene, StopReason};
use crate::kernel::ApiError;

/// The one version there is.
const VERSION: &str = "bedrock-2023-05-31";
const REQUIRED: &[&str] = &["anthropic_version", "max_tokens", "messages"];
/// What the model's own settings are: a scripted one reads them and does as it is told.
const SETTINGS: &[&str] = &[
    "anthropic_beta",
    "metadata",
    "stop_sequences",
    "system",
    "temperature",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
];

#[derive(Debug, Deserialize)]
pub struct Body {
    anthropic_version: String,
    max_tokens: i64,
    messages: Vec<Message>,
    #[serde(default)]
    system: Value,
    #[serde(default)]
    tools: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Message {
    role: String,
    /// A text, or blocks.
    content: Value,
}

impl Body {
    /// Whether a request is in this form: by its model, or by what it says of itself.
    pub fn is_meant(model_id: &str, body: &[u8]) -> bool {
        model_id.contains("anthropic.") || mentions(body, b"\"anthropic_version\"")
    }

    pub fn read(body: &[u8]) -> Result<Self, ApiError> {
        let members: Map<String, Value> =
            serde_json::from_slice(body).map_err(|error| malformed(format_args!("{error}")))?;
        let missing = REQUIRED.iter().filter(|key| !members.contains_key(**key));
        let missing: Vec<String> = missing.map(|key| format!("#: required key [{key}] not found")).collect();
        match &missing[..] {
            [] => {}
            [one] => return Err(malformed(one)),
            many => return Err(malformed(format_args!("{} schema violations found", many.len()))),
        }
        let known = |key: &str| REQUIRED.contains(&key) || SETTINGS.contains(&key);
        if let Some(key) = members.keys().find(|key| !known(key)) {
            return Err(ApiError::not_implemented(format_args!(
                "`{key}` in the Anthropic body of bedrock InvokeModel"
            )));
        }
        let read: Self =
            serde_json::from_value(Value::Object(members)).map_err(|error| malformed(format_args!("#: {error}")))?;
        read.validate()?;
        Ok(read)
    }

    fn validate(&self) -> Result<(), ApiError> {
        if self.anthropic_version != VERSION {
            let version = &self.anthropic_version;
            return Err(malformed(format_args!("#/anthropic_version: {version} is not a valid enum value")));
        }
        if self.max_tokens < 1 {
            return Err(ApiError::validation("max_tokens: must be greater than or equal to 1"));
        }
        if self.messages.is_empty() {
            return Err(ApiError::validation("messages: at least one message is required"));
        }
        for (index, message) in self.messages.iter().enumerate() {
            message.validate(index)?;
        }
        if self.messages[0].role != "user" {
            return Err(ApiError::validation("messages: first message must use the \"user\" role"));
        }
        if let Some(pair) = self.messages.windows(2).find(|pair| pair[0].role == pair[1].role) {
            let role = &pair[0].role;
            return Err(ApiError::validation(format!(
                "messages: roles must alternate between \"user\" and \"assistant\", but found multiple \"{role}\" roles \
                 in a row"
            )));
        }
        Ok(())
    }

    pub fn scene(&self, model: String) -> Scene {
        let last_user =
            self.messages.iter().rev().filter(|message| message.role == "user").map(|it| texts(&it.content));
        let turn = self.messages.iter().filter(|message| message.role == "assistant").count();
        let characters = [&self.system].into_iter().chain(self.messages.iter().map(|message| &message.content));
        let characters = characters.chain(&self.tools).map(characters_of).sum();
        Scene {
            operation: ModelOperation::InvokeModel,
            model,
            system: texts(&self.system),
            last_user: last_user.into_iter().find(|text| !text.is_empty()).unwrap_or_default(),
            tools: self.tools.iter().filter_map(|tool| tool.get("name")?.as_str()).map(str::to_owned).collect(),
            turn: u32::try_from(turn).unwrap_or(u32::MAX),
            max_tokens: u32::try_from(self.max_tokens).ok(),
            input_tokens: cadence::tokens(characters),
            ..Scene::default()
        }
    }
}

impl Message {
    fn validate(&self, index: usize) -> Result<(), ApiError> {
        if !["user", "assistant"].contains(&self.role.as_str()) {
            return Err(ApiError::validation(format!(
                "messages: Unexpected role \"{}\". The Messages API accepts a top-level `system` parameter, not \
                 \"system\" as an input message role.",
                self.role
            )));
        }
        let blocks = match &self.content {
            Value::String(text) if text.is_empty() => &[],
            Value::String(_) => return Ok(()),
            Value::Array(blocks) => &blocks[..],
            _ => return Err(malformed(format_args!("#/messages/{index}/content: expected type: String or Array"))),
        };
        if blocks.is_empty() {
            return Err(ApiError::validation(format!("messages.{index}: all messages must have non-empty content")));
        }
        for block in blocks {
            match block.get("type").and_then(Value::as_str) {
                Some("text") if block.get("text").and_then(Value::as_str).is_none_or(str::is_empty) => {
                    return Err(ApiError::validation("messages: text content blocks must be non-empty"));
                }
                Some("text" | "tool_use" | "tool_result" | "thinking" | "redacted_thinking") => {}
                other => {
                    let kind = other.unwrap_or("a block without a type");
                    return Err(ApiError::not_implemented(format_args!(
                        "{kind} in the Anthropic body of bedrock InvokeModel"
                    )));
                }
            }
        }
        Ok(())
    }
}

/// The answer's document.
pub fn document(performance: &Performance, message_id: &str, model: &str) -> Value {
    let content: Vec<Value> = performance.blocks.iter().map(content_block).collect();
    json!({
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": native_model(model),
        "content": content,
        "stop_reason": stop_reason(performance.stop_reason),
        "stop_sequence": null,
        "usage": {
            "input_tokens": performance.usage.input_tokens,
            "output_tokens": performance.usage.output_tokens,
        },
    })
}

fn content_block(block: &Block) -> Value {
    match block {
        Block::Text { .. } => json!({"type": "text", "text": block.text()}),
        Block::ToolUse { id, name, input, .. } => json!({"type": "tool_use", "id": id, "name": name, "input": input}),
        Block::Reasoning { signature, .. } => {
            json!({"type": "thinking", "thinking": block.text(), "signature": signature})
        }
        Block::RedactedReasoning { data } => json!({"type": "redacted_thinking", "data": data}),
    }
}

/// Anthropic's own words; where it has none, Converse's.
fn stop_reason(reason: StopReason) -> &'static str {
    match reason {
        StopReason::ContentFiltered | StopReason::GuardrailIntervened => "refusal",
        other => other.as_str(),
    }
}

/// Bedrock answers with the model's name at Anthropic (assumed from examples): the
/// id without provider and version, `claude-3-haiku-20240307` of `anthropic.claude-3-haiku-20240307-v1:0`.
fn native_model(id: &str) -> &str {
    let id = model_id::short(id);
    let name = id.rsplit_once("anthropic.").map_or(id, |(_, name)| name);
    let name = name.split(':').next().unwrap_or(name);
    match name.rsplit_once("-v") {
        Some((model, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => model,
        _ => name,
    }
}

/// The texts of a content: itself, or its text blocks.
fn texts(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts = blocks.iter().filter(|block| block.get("type").and_then(Value::as_str) == Some("text"));
            texts.filter_map(|block| block.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// What of a content counts as input: its texts; of everything else, its JSON.
fn characters_of(content: &Value) -> usize {
    match content {
        Value::Null => 0,
        Value::String(text) => text.chars().count(),
        Value::Array(blocks) => blocks.iter().map(characters_of).sum(),
        block => match block.get("text").and_then(Value::as_str) {
            Some(text) => text.chars().count(),
            None => block.to_string().chars().count(),
        },
    }
}

fn mentions(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

fn malformed(what: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("Malformed input request: {what}, please reformat your input and try again."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_or_refused_in_bedrock_s_words() {
        let malformed =
            |what: &str| format!("Malformed input request: {what}, please reformat your input and try again.");
        let body = |rest: &str| format!(r#"{{"anthropic_version":"{VERSION}","max_tokens":9,"messages":{rest}}}"#);
        for (text, expected) in [
            (body(r#"[{"role":"user","content":"hello"}]"#), String::new()),
            (body(r#"[{"role":"user","content":[{"type":"text","text":"hello"}]}]"#), String::new()),
            (r#"{"anthropic_version":"x","messages":[]}"#.to_owned(), malformed("#: required key [max_tokens] not found")),
            ("{}".to_owned(), malformed("3 schema violations found")),
            (body("[]"), "messages: at least one message is required".to_owned()),
            (
                body(r#"[{"role":"user","content":"a"},{"role":"user","content":"b"}]"#),
                "messages: roles must alternate between \"user\" and \"assistant\", but found multiple \"user\" roles in a row"
                    .to_owned(),
            ),
            (body(r#"[{"role":"assistant","content":"a"}]"#), "messages: first message must use the \"user\" role".to_owned()),
            (
                body(r#"[{"role":"user","content":[{"type":"text","text":""}]}]"#),
                "messages: text content blocks must be non-empty".to_owned(),
            ),
            (body(r#"[{"role":"user","content":""}]"#), "messages.0: all messages must have non-empty content".to_owned()),
        ] {
            let found = Body::read(text.as_bytes()).err().map_or(String::new(), |error| error.message);
            assert_eq!(found, expected, "{text}");
        }
        assert!(Body::read(b"not json").is_err());
    }

    #[test]
    fn the_scene_is_read_from_texts_and_blocks() {
        let body = json!({
            "anthropic_version": VERSION, "max_tokens": 9, "system": [{"type": "text", "text": "an agent"}],
            "tools": [{"name": "get", "input_schema": {}}],
            "messages": [
                {"role": "user", "content": "find it"},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "get", "input": {}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "ok"}]},
            ],
        });
        let scene = Body::read(body.to_string().as_bytes()).unwrap().scene("anthropic.x".to_owned());
        assert_eq!((&*scene.system, &*scene.last_user, scene.turn), ("an agent", "find it", 1));
        assert_eq!(scene.tools, ["get"]);
    }

    #[test]
    fn the_model_is_named_as_at_anthropic() {
        for (id, expected) in [
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929"),
            (
                "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
                "claude-3-haiku-20240307",
            ),
            ("anthropic.claude-opus-4-6", "claude-opus-4-6"),
        ] {
            assert_eq!(native_model(id), expected);
        }
    }
}
