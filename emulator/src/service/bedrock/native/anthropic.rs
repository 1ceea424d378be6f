//! The messages of Anthropic's models.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html>
//!
//! ```text
//! {"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}
//! {"id":"msg_bdrk_...","type":"message","role":"assistant","model":"claude-3-haiku-20240307",
//!  "content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,
//!  "usage":{"input_tokens":2,"output_tokens":1}}
//! ```

mod citation;
mod stream;
pub mod thinking;
mod validation;

use serde_json::{Map, Value, json};

use super::{Body, Chunks, Naming, Question, Speech};
use crate::kernel::ApiError;
use crate::service::bedrock::estimate::Estimate;
use crate::service::bedrock::model::model_id;
use crate::service::bedrock::script::{Block, Performance, StopReason, ToolResult, Usage};

struct Messages {
    members: Map<String, Value>,
}

pub fn read(members: Map<String, Value>, model: &str) -> Result<Body, ApiError> {
    validation::validate(&members, model)?;
    Ok(Body::Speech(Box::new(Messages { members })))
}

impl Messages {
    fn messages(&self) -> &[Value] {
        super::schema::list(&self.members, "messages")
    }

    /// What the last message brings back, each with the name under which it was asked for.
    fn tool_results(&self) -> Vec<ToolResult> {
        let name_of = |id: &str| {
            let mut blocks = self.messages().iter().rev().flat_map(blocks);
            let used = blocks.find(|block| is(block, "tool_use") && member(block, "id") == id);
            used.map(|block| member(block, "name").to_owned()).unwrap_or_default()
        };
        let results = self.messages().last().map(blocks).unwrap_or_default();
        let result = |block: &Value| ToolResult {
            tool_use_id: member(block, "tool_use_id").to_owned(),
            name: name_of(member(block, "tool_use_id")),
            text: block.get("content").map(texts).unwrap_or_default(),
            is_error: block.get("is_error").and_then(Value::as_bool).unwrap_or_default(),
        };
        results.iter().filter(|block| is(block, "tool_result")).map(result).collect()
    }
}

impl Speech for Messages {
    fn question(&self) -> Question {
        let max_tokens = super::schema::count(&self.members, "max_tokens");
        let mut question = Question { max_tokens, ..Question::default() };
        if let Some(system) = self.members.get("system") {
            question.system = texts(system);
            count(system, &mut question.estimate);
        }
        for message in self.messages() {
            let content = message.get("content").unwrap_or(&Value::Null);
            count(content, &mut question.estimate);
            question.say(member(message, "role"), texts(content));
        }
        for tool in super::schema::list(&self.members, "tools") {
            count(tool, &mut question.estimate);
            question.tools.extend(tool.get("name").and_then(Value::as_str).map(str::to_owned));
        }
        question.tool_results = self.tool_results();
        question
    }

    fn document(&self, performance: &Performance, naming: &Naming) -> Value {
        document(performance, naming)
    }

    fn chunks(&self, performance: &Performance, naming: &Naming) -> Chunks {
        stream::chunks(performance, naming)
    }
}

/// The answer's document.
pub fn document(performance: &Performance, naming: &Naming) -> Value {
    let content: Vec<Value> = performance.blocks.iter().map(content_block).collect();
    json!({
        "id": message_id(naming),
        "type": "message",
        "role": "assistant",
        "model": native_model(&naming.model),
        "content": content,
        "stop_reason": stop_reason(performance.stop_reason),
        "stop_sequence": performance.stop_sequence,
        "usage": usage(performance.usage),
    })
}

fn message_id(naming: &Naming) -> String {
    format!("msg_bdrk_{}", naming.id)
}

fn content_block(block: &Block) -> Value {
    match block {
        Block::Text { citations, .. } if citations.is_empty() => json!({"type": "text", "text": block.text()}),
        Block::Text { citations, .. } => {
            let citations: Vec<Value> = citations.iter().map(citation::of_converse).collect();
            json!({"type": "text", "text": block.text(), "citations": citations})
        }
        Block::ToolUse { id, name, input, .. } => json!({"type": "tool_use", "id": id, "name": name, "input": input}),
        Block::Reasoning { signature, .. } => {
            json!({"type": "thinking", "thinking": block.text(), "signature": signature.as_deref().unwrap_or_default()})
        }
        Block::RedactedReasoning { data } => json!({"type": "redacted_thinking", "data": data}),
    }
}

fn usage(usage: Usage) -> Value {
    let mut document = json!({"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens});
    let caches = [
        ("cache_creation_input_tokens", usage.cache_write_input_tokens),
        ("cache_read_input_tokens", usage.cache_read_input_tokens),
    ];
    for (name, tokens) in caches {
        if let Some(tokens) = tokens {
            document[name] = Value::from(tokens);
        }
    }
    document
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

/// The blocks of a message whose content is not one text.
fn blocks(message: &Value) -> &[Value] {
    message.get("content").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn is(block: &Value, kind: &str) -> bool {
    member(block, "type") == kind
}

fn member<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The texts of a content: itself, or its text blocks.
fn texts(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts = blocks.iter().filter(|block| is(block, "text"));
            texts.filter_map(|block| block.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// What of a content counts as input: its texts; pictures and the like by their number; of everything else, its JSON.
fn count(content: &Value, estimate: &mut Estimate) {
    match content {
        Value::Null => {}
        Value::String(text) => estimate.text(Some(text)),
        Value::Array(blocks) => blocks.iter().for_each(|block| count(block, estimate)),
        block if is(block, "tool_result") => count(block.get("content").unwrap_or(&Value::Null), estimate),
        block => match (block.get("text").and_then(Value::as_str), block.get("source")) {
            (Some(text), _) => estimate.text(Some(text)),
            (None, Some(source)) if is(source, "text") => estimate.text(Some(member(source, "data"))),
            (None, Some(source)) if is(source, "content") => {
                count(source.get("content").unwrap_or(&Value::Null), estimate)
            }
            (None, Some(source)) if source.is_object() => estimate.media(true),
            (None, _) => estimate.json(Some(block)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scene_is_read_from_texts_and_blocks() {
        let body = json!({
            "anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "system": [{"type": "text", "text": "an agent"}],
            "tools": [{"name": "get", "input_schema": {"type": "object"}}],
            "messages": [
                {"role": "user", "content": "find it"},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "get", "input": {}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "ok", "is_error": true}]},
            ],
        });
        let Ok(Body::Speech(body)) = super::super::read("anthropic.x", body.to_string().as_bytes()) else { panic!() };
        let scene = body.question().scene();
        assert_eq!((&*scene.system, &*scene.last_user, scene.turn), ("an agent", "find it", 1));
        assert_eq!(scene.tools, ["get"]);
        let [result] = &scene.tool_results[..] else { panic!("{:?}", scene.tool_results) };
        assert_eq!((&*result.name, &*result.text, result.is_error), ("get", "ok", true));
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
