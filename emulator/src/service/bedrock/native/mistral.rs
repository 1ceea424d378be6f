//! Mistral's text completion: a prompt, and what comes out of it.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html>
//!
//! ```text
//! {"prompt":"<s>[INST] hello [/INST]","max_tokens":100}
//! {"outputs":[{"text":"hi","stop_reason":"stop"}]}
//! ```

use serde_json::{Map, Value, json};

use super::llama::{said, texts};
use super::schema::{self, Kind, OPTIONAL, REQUIRED, Violations};
use super::{Body, Chunks, Naming, Question, Speech};
use crate::kernel::ApiError;
use crate::service::bedrock::script::{Block, Performance, StopReason};

struct Prompt {
    text: String,
    max_tokens: Option<u32>,
}

pub fn read(members: Map<String, Value>, _model: &str) -> Result<Body, ApiError> {
    let mut violations = Violations::default();
    let known = [
        ("prompt", Kind::Text, REQUIRED),
        ("max_tokens", Kind::Integer, OPTIONAL),
        ("stop", Kind::List, OPTIONAL),
        ("temperature", Kind::Number, OPTIONAL),
        ("top_p", Kind::Number, OPTIONAL),
        ("top_k", Kind::Integer, OPTIONAL),
    ];
    violations.object("#", &members, &known);
    violations.range("#/temperature", members.get("temperature"), 0.0, 1.0);
    violations.range("#/top_p", members.get("top_p"), 0.0, 1.0);
    violations.range("#/max_tokens", members.get("max_tokens"), 1.0, f64::MAX);
    violations.count("#/stop", schema::list(&members, "stop"), 10);
    violations.joined()?;
    let text = schema::text(&members, "prompt").unwrap_or_default().to_owned();
    Ok(Body::Speech(Box::new(Prompt { text, max_tokens: schema::count(&members, "max_tokens") })))
}

impl Speech for Prompt {
    fn question(&self) -> Question {
        Question::of_prompt(&self.text, self.max_tokens)
    }

    fn document(&self, performance: &Performance, _naming: &Naming) -> Value {
        json!({"outputs": [{"text": said(performance), "stop_reason": stop_reason(performance.stop_reason)}]})
    }

    fn chunks(&self, performance: &Performance, _naming: &Naming) -> Chunks {
        let mut chunks = Chunks::default();
        for piece in texts(performance).flat_map(Block::pieces) {
            chunks.say_piece(piece, json!({"outputs": [{"text": piece.text, "stop_reason": null}]}));
        }
        let reason = stop_reason(performance.stop_reason);
        chunks.closing.push(json!({"outputs": [{"text": "", "stop_reason": reason}]}));
        chunks
    }
}

pub fn stop_reason(reason: StopReason) -> &'static str {
    match reason {
        StopReason::MaxTokens | StopReason::ModelContextWindowExceeded => "length",
        StopReason::ToolUse | StopReason::MalformedToolUse => "tool_calls",
        _ => "stop",
    }
}
