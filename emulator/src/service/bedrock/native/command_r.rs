//! Cohere's Command R and R+: a message, the chat before it, tools by their parameters.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html>
//!
//! ```text
//! {"message":"hello","chat_history":[{"role":"USER","message":"hi"},{"role":"CHATBOT","message":"hi"}]}
//! {"response_id":"...","text":"hi","generation_id":"...","finish_reason":"COMPLETE","chat_history":[...]}
//! ```

use serde_json::{Map, Value, json};

use super::llama::{said, texts};
use super::schema::{self, Kind, OPTIONAL, REQUIRED, Violations};
use super::{Body, Chunks, Naming, Question, Speech};
use crate::kernel::ApiError;
use crate::service::bedrock::script::{Block, Performance, StopReason, ToolResult};

const MEMBERS: &[schema::Member] = &[
    ("message", Kind::Text, REQUIRED),
    ("chat_history", Kind::List, OPTIONAL),
    ("documents", Kind::List, OPTIONAL),
    ("search_queries_only", Kind::Boolean, OPTIONAL),
    ("preamble", Kind::Text, OPTIONAL),
    ("max_tokens", Kind::Integer, OPTIONAL),
    ("temperature", Kind::Number, OPTIONAL),
    ("p", Kind::Number, OPTIONAL),
    ("k", Kind::Number, OPTIONAL),
    ("prompt_truncation", Kind::Text, OPTIONAL),
    ("frequency_penalty", Kind::Number, OPTIONAL),
    ("presence_penalty", Kind::Number, OPTIONAL),
    ("seed", Kind::Integer, OPTIONAL),
    ("return_prompt", Kind::Boolean, OPTIONAL),
    ("tools", Kind::List, OPTIONAL),
    ("tool_results", Kind::List, OPTIONAL),
    ("stop_sequences", Kind::List, OPTIONAL),
    ("raw_prompting", Kind::Boolean, OPTIONAL),
];

struct Command {
    members: Map<String, Value>,
}

pub fn read(members: Map<String, Value>, _model: &str) -> Result<Body, ApiError> {
    let mut violations = Violations::default();
    violations.object("#", &members, MEMBERS);
    for (n, said) in schema::list(&members, "chat_history").iter().enumerate() {
        let at = format!("#/chat_history/{n}");
        violations.kind(&at, said, Kind::Object);
        if let Some(said) = said.as_object() {
            violations.open_object(&at, said, &[("role", Kind::Text, REQUIRED)]);
            let roles = ["USER", "CHATBOT", "SYSTEM", "TOOL"];
            violations.one_of(&format!("{at}/role"), said.get("role"), &roles);
        }
    }
    violations.joined()?;
    Ok(Body::Speech(Box::new(Command { members })))
}

impl Command {
    fn message(&self) -> &str {
        schema::text(&self.members, "message").unwrap_or_default()
    }

    /// The chat so far, with this turn.
    fn history(&self, performance: &Performance) -> Vec<Value> {
        let mut history = schema::list(&self.members, "chat_history").to_vec();
        history.push(json!({"role": "USER", "message": self.message()}));
        history.push(json!({"role": "CHATBOT", "message": said(performance)}));
        history
    }

    fn response(&self, performance: &Performance, naming: &Naming) -> Value {
        let mut response = json!({
            "response_id": format!("{}-r", naming.id),
            "text": said(performance),
            "generation_id": format!("{}-g", naming.id),
            "chat_history": self.history(performance),
            "finish_reason": finish_reason(performance.stop_reason),
        });
        let calls: Vec<Value> = performance.blocks.iter().filter_map(call).collect();
        if !calls.is_empty() {
            response["tool_calls"] = Value::Array(calls);
        }
        response
    }
}

impl Speech for Command {
    fn question(&self) -> Question {
        let mut question = Question {
            system: schema::text(&self.members, "preamble").unwrap_or_default().to_owned(),
            max_tokens: schema::count(&self.members, "max_tokens"),
            ..Question::default()
        };
        question.estimate.text(Some(&question.system));
        for said in schema::list(&self.members, "chat_history") {
            let role = match said.get("role").and_then(Value::as_str) {
                Some("CHATBOT") => "assistant",
                Some("SYSTEM") => "system",
                _ => "user",
            };
            let text = said.get("message").and_then(Value::as_str).unwrap_or_default();
            question.estimate.text(Some(text));
            question.say(role, text.to_owned());
        }
        question.estimate.text(Some(self.message()));
        question.say("user", self.message().to_owned());
        for document in schema::list(&self.members, "documents") {
            question.estimate.json(Some(document));
        }
        for result in schema::list(&self.members, "tool_results") {
            let outputs = result.get("outputs").map(ToString::to_string).unwrap_or_default();
            let name = result.pointer("/call/name").and_then(Value::as_str).unwrap_or_default().to_owned();
            question.estimate.json(Some(result));
            // These results have no ids.
            question.tool_results.push(ToolResult { name, text: outputs, ..ToolResult::default() });
        }
        for tool in schema::list(&self.members, "tools") {
            question.estimate.json(Some(tool));
            question.tools.extend(tool.get("name").and_then(Value::as_str).map(str::to_owned));
        }
        question
    }

    fn document(&self, performance: &Performance, naming: &Naming) -> Value {
        self.response(performance, naming)
    }

    fn chunks(&self, performance: &Performance, naming: &Naming) -> Chunks {
        let mut chunks = Chunks::default();
        for piece in texts(performance).flat_map(Block::pieces) {
            let chunk = json!({"event_type": "text-generation", "is_finished": false, "text": piece.text});
            chunks.say_piece(piece, chunk);
        }
        let calls: Vec<Value> = performance.blocks.iter().filter_map(call).collect();
        if !calls.is_empty() {
            let used = performance.blocks.iter().filter(|block| matches!(block, Block::ToolUse { .. }));
            let after = used.flat_map(Block::pieces).map(|piece| piece.after).sum();
            let chunk = json!({"event_type": "tool-calls-generation", "is_finished": false, "tool_calls": calls});
            chunks.said.push((after, chunk));
        }
        chunks.closing.push(json!({
            "event_type": "stream-end",
            "is_finished": true,
            "finish_reason": finish_reason(performance.stop_reason),
            "response": self.response(performance, naming),
        }));
        chunks
    }
}

fn call(block: &Block) -> Option<Value> {
    let Block::ToolUse { name, input, .. } = block else { return None };
    Some(json!({"name": name, "parameters": input}))
}

fn finish_reason(reason: StopReason) -> &'static str {
    match reason {
        StopReason::MaxTokens | StopReason::ModelContextWindowExceeded => "MAX_TOKENS",
        StopReason::ContentFiltered | StopReason::GuardrailIntervened => "ERROR_TOXIC",
        StopReason::MalformedModelOutput | StopReason::MalformedToolUse => "ERROR",
        _ => "COMPLETE",
    }
}
