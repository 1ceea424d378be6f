//! Mistral's chat completion: messages, tools, choices.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html>
//!
//! ```text
//! {"messages":[{"role":"user","content":"hello"}],"max_tokens":100}
//! {"choices":[{"index":0,"message":{"role":"assistant","content":"hi","tool_calls":null},"stop_reason":"stop"}]}
//! ```
//!
//! The form of a stream's chunks is assumed: that of the answer, with what is new.

use serde_json::{Map, Value, json};

use super::llama::said;
use super::mistral::stop_reason;
use super::schema::{self, Kind, OPTIONAL, REQUIRED, Violations};
use super::{Body, Chunks, Naming, Question, Speech};
use crate::kernel::ApiError;
use crate::service::bedrock::script::{Block, Performance, ToolResult};

struct Chat {
    members: Map<String, Value>,
}

pub fn read(members: Map<String, Value>, _model: &str) -> Result<Body, ApiError> {
    let mut violations = Violations::default();
    let known = [
        ("messages", Kind::List, REQUIRED),
        ("tools", Kind::List, OPTIONAL),
        ("tool_choice", Kind::Any, OPTIONAL),
        ("max_tokens", Kind::Integer, OPTIONAL),
        ("temperature", Kind::Number, OPTIONAL),
        ("top_p", Kind::Number, OPTIONAL),
        ("stop", Kind::List, OPTIONAL),
        ("random_seed", Kind::Integer, OPTIONAL),
        ("safe_prompt", Kind::Boolean, OPTIONAL),
        ("response_format", Kind::Object, OPTIONAL),
    ];
    violations.object("#", &members, &known);
    for (n, message) in schema::list(&members, "messages").iter().enumerate() {
        let at = format!("#/messages/{n}");
        violations.kind(&at, message, Kind::Object);
        if let Some(message) = message.as_object() {
            violations.open_object(&at, message, &[("role", Kind::Text, REQUIRED)]);
            let roles = ["system", "user", "assistant", "tool"];
            violations.one_of(&format!("{at}/role"), message.get("role"), &roles);
        }
    }
    violations.one_of("#/tool_choice", members.get("tool_choice"), &["auto", "any", "none", "required"]);
    violations.joined()?;
    Ok(Body::Speech(Box::new(Chat { members })))
}

impl Speech for Chat {
    fn question(&self) -> Question {
        let max_tokens = schema::count(&self.members, "max_tokens");
        let mut question = Question { max_tokens, ..Question::default() };
        let mut names: Vec<(&str, &str)> = Vec::new();
        for message in schema::list(&self.members, "messages") {
            let text = content(message);
            question.estimate.text(Some(&text));
            question.estimate.json(message.get("tool_calls").filter(|calls| !calls.is_null()));
            for call in message.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
                let name = call.pointer("/function/name").and_then(Value::as_str).unwrap_or_default();
                names.push((call.get("id").and_then(Value::as_str).unwrap_or_default(), name));
            }
            match message.get("role").and_then(Value::as_str) {
                Some("system") => question.system = join(&question.system, &text),
                Some("tool") => {
                    let id = message.get("tool_call_id").and_then(Value::as_str).unwrap_or_default();
                    let name = names.iter().rev().find(|(known, _)| *known == id).map_or("", |(_, name)| name);
                    question.tool_results.push(ToolResult {
                        tool_use_id: id.to_owned(),
                        name: name.to_owned(),
                        text,
                        is_error: false,
                    });
                    continue;
                }
                Some(role) => question.say(role, text),
                None => {}
            }
            // Only what comes after the last word is new.
            question.tool_results.clear();
        }
        for tool in schema::list(&self.members, "tools") {
            question.estimate.json(Some(tool));
            let name = tool.pointer("/function/name").and_then(Value::as_str);
            question.tools.extend(name.map(str::to_owned));
        }
        question
    }

    fn document(&self, performance: &Performance, _naming: &Naming) -> Value {
        let calls: Vec<Value> = performance.blocks.iter().filter_map(call).collect();
        let calls = (!calls.is_empty()).then_some(calls);
        json!({
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": said(performance), "tool_calls": calls},
                "stop_reason": stop_reason(performance.stop_reason),
            }],
        })
    }

    fn chunks(&self, performance: &Performance, _naming: &Naming) -> Chunks {
        let choice = |message: Value, reason: Option<&str>| json!({"choices": [{"index": 0, "message": message, "stop_reason": reason}]});
        let mut chunks = Chunks::default();
        for block in &performance.blocks {
            match block {
                Block::Text { pieces, .. } => {
                    for piece in pieces {
                        let message = json!({"role": "assistant", "content": piece.text});
                        chunks.say_piece(piece, choice(message, None));
                    }
                }
                Block::ToolUse { pieces, .. } => {
                    // A call comes in one piece, when its last fragment would.
                    let after = pieces.iter().map(|piece| piece.after).sum();
                    let calls: Vec<Value> = call(block).into_iter().collect();
                    let message = json!({"role": "assistant", "content": "", "tool_calls": calls});
                    chunks.said.push((after, choice(message, None)));
                }
                Block::Reasoning { .. } | Block::RedactedReasoning { .. } => {}
            }
        }
        let message = json!({"role": "assistant", "content": ""});
        chunks.closing.push(choice(message, Some(stop_reason(performance.stop_reason))));
        chunks
    }
}

fn call(block: &Block) -> Option<Value> {
    let Block::ToolUse { id, name, input, .. } = block else { return None };
    Some(json!({"id": id, "type": "function", "function": {"name": name, "arguments": input.to_string()}}))
}

/// A text, or parts that have texts.
fn content(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn join(before: &str, text: &str) -> String {
    if before.is_empty() { text.to_owned() } else { format!("{before}\n{text}") }
}
