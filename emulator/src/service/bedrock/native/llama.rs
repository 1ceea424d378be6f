//! Meta's Llama: a prompt, and what it generates.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html>
//!
//! ```text
//! {"prompt":"hello","max_gen_len":100}
//! {"generation":"hi","prompt_token_count":2,"generation_token_count":1,"stop_reason":"stop"}
//! ```
//!
//! A model of this form knows no tools: what the script asks of one is left out.

use serde_json::{Map, Value, json};

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
        ("temperature", Kind::Number, OPTIONAL),
        ("top_p", Kind::Number, OPTIONAL),
        ("max_gen_len", Kind::Integer, OPTIONAL),
        ("images", Kind::List, OPTIONAL),
    ];
    violations.object("#", &members, &known);
    violations.range("#/temperature", members.get("temperature"), 0.0, 1.0);
    violations.range("#/top_p", members.get("top_p"), 0.0, 1.0);
    violations.range("#/max_gen_len", members.get("max_gen_len"), 1.0, 8192.0);
    if let Some(prompt) = schema::text(&members, "prompt") {
        violations.length("#/prompt", prompt, 1, usize::MAX);
    }
    violations.joined()?;
    let text = schema::text(&members, "prompt").unwrap_or_default().to_owned();
    Ok(Body::Speech(Box::new(Prompt { text, max_tokens: schema::count(&members, "max_gen_len") })))
}

impl Speech for Prompt {
    fn question(&self) -> Question {
        Question::of_prompt(&self.text, self.max_tokens)
    }

    fn document(&self, performance: &Performance, _naming: &Naming) -> Value {
        json!({
            "generation": said(performance),
            "prompt_token_count": performance.usage.input_tokens,
            "generation_token_count": performance.usage.output_tokens,
            "stop_reason": stop_reason(performance.stop_reason),
        })
    }

    fn chunks(&self, performance: &Performance, _naming: &Naming) -> Chunks {
        let mut chunks = Chunks::default();
        for piece in texts(performance).flat_map(Block::pieces) {
            let count = chunks.said.len() + 1;
            // Only the first tells how long the prompt was.
            let prompt = (count == 1).then_some(performance.usage.input_tokens);
            let chunk = json!({
                "generation": piece.text,
                "prompt_token_count": prompt,
                "generation_token_count": count,
                "stop_reason": null,
            });
            chunks.say_piece(piece, chunk);
        }
        chunks.closing.push(json!({
            "generation": "",
            "prompt_token_count": null,
            "generation_token_count": performance.usage.output_tokens,
            "stop_reason": stop_reason(performance.stop_reason),
        }));
        chunks
    }
}

fn stop_reason(reason: StopReason) -> &'static str {
    if reason == StopReason::MaxTokens { "length" } else { "stop" }
}

/// The blocks of an answer that are text.
pub fn texts(performance: &Performance) -> impl Iterator<Item = &Block> {
    performance.blocks.iter().filter(|block| matches!(block, Block::Text { .. }))
}

/// All that is said as text.
pub fn said(performance: &Performance) -> String {
    texts(performance).map(Block::text).collect()
}
