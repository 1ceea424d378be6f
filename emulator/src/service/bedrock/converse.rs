//! Converse: one message from the model, whole.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>
//!
//! ```text
//! POST /model/anthropic.claude-3-haiku-20240307-v1%3A0/converse
//! {"messages":[{"role":"user","content":[{"text":"hello"}]}]}
//!
//! {"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn",
//!  "usage":{"inputTokens":2,"outputTokens":1,"totalTokens":3},"metrics":{"latencyMs":300}}
//! ```

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Bedrock;
use super::asking::{self, Speak};
use super::conversation::Conversation;
use super::converse_stream;
use super::echo::Echo;
use super::guardrail::hearing::{self, Hearing};
use super::ledger::Attempt;
use super::padding::Padding;
use super::script::performance::Guarded;
use super::script::{Block, ModelOperation, Performance, Usage};
use super::validation::validate;
use crate::kernel::answer::Reply;
use crate::kernel::operation::{Encode, Prepared};
use crate::kernel::{AnyOperation, ApiError, Binding, Call, Cell};
use crate::wire::{self, aws_json};

pub struct Converse;

impl AnyOperation<Bedrock> for Converse {
    fn name(&self) -> &'static str {
        ModelOperation::Converse.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/model/{modelId}/converse")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Said::read(request, ModelOperation::Converse)
    }
}

/// A conversation that has arrived, by either of the two operations.
pub struct Said {
    operation: ModelOperation,
    conversation: Conversation,
    attempt: Attempt,
}

impl Said {
    pub fn read(request: &wire::Request, operation: ModelOperation) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Ok(Box::new(Self { operation, conversation: request.decode()?, attempt: Attempt::of(request) }))
    }
}

impl Prepared<Bedrock> for Said {
    fn resource(&self) -> String {
        self.conversation.model_id.clone()
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let Self { operation, mut conversation, attempt } = *self;
        validate(&conversation, operation)?;
        let echo = Echo::of(&conversation, || new_id(call));
        let speak: Speak = match operation {
            ModelOperation::ConverseStream => {
                let padding = Padding::seeded(call.event.0);
                Box::new(move |performance| converse_stream::speak(performance, &echo, padding))
            }
            _ => Box::new(move |performance| speak(performance, &echo)),
        };
        let state = cell.shared(call);
        match hearing::hear(&mut conversation, operation, &state, &attempt, call)? {
            Hearing::Refused(performance) => Ok(asking::answer(*performance, speak)),
            Hearing::Passed(watching) => {
                let scene = conversation.scene(operation);
                asking::ask_watched(&state.actor, call, scene, attempt, speak, watching)
            }
        }
    }
}

/// Letters and digits for whatever at the model's side needs a name.
pub fn new_id(call: &Call<'_>) -> String {
    call.ids().draw(|random| (0..24).map(|_| random.alphanumeric()).collect())
}

fn speak(performance: &Performance, echo: &Echo) -> Reply {
    let mut more = Value::Object(Map::new());
    echo.add_model_fields(performance, &mut more);
    echo.add_service(&mut more);
    if let Some(trace) = performance.guarded.as_deref().and_then(Guarded::converse_trace) {
        more["trace"] = trace;
    }
    let message = Message { role: "assistant", content: content(performance) };
    let document = Document {
        output: Output { message },
        stop_reason: performance.stop_reason.as_str(),
        usage: usage(performance.usage),
        metrics: Metrics { latency_ms: latency_ms(performance) },
        more,
    };
    asking::document(performance, aws_json::encode(&document))
}

/// An answer as it travels.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    output: Output,
    stop_reason: &'static str,
    usage: TokenUsage,
    metrics: Metrics,
    /// What only some answers have.
    #[serde(flatten)]
    more: Value,
}

#[derive(Serialize)]
struct Output {
    message: Message,
}

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: Vec<Content>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metrics {
    latency_ms: u64,
}

/// A block of an answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// What nearly all answers are.
    Text {
        text: String,
    },
    Other(Value),
}

/// What is said, block by block.
pub fn content(performance: &Performance) -> Vec<Content> {
    performance.blocks.iter().map(content_block).collect()
}

fn content_block(block: &Block) -> Content {
    Content::Other(match block {
        Block::Text { citations, .. } if citations.is_empty() => return Content::Text { text: block.text() },
        Block::Text { citations, .. } => {
            json!({"citationsContent": {"content": [{"text": block.text()}], "citations": citations}})
        }
        Block::ToolUse { id, name, input, .. } => {
            json!({"toolUse": {"toolUseId": id, "name": name, "input": input}})
        }
        Block::Reasoning { signature, .. } => {
            let mut text = json!({"text": block.text()});
            if let Some(signature) = signature {
                text["signature"] = Value::from(signature.as_str());
            }
            json!({"reasoningContent": {"reasoningText": text}})
        }
        Block::RedactedReasoning { data } => json!({"reasoningContent": {"redactedContent": data}}),
    })
}

/// What the answer says of its tokens.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenUsage {
    input_tokens: u32,
    output_tokens: u32,
    total_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_read_input_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write_input_tokens: Option<u32>,
}

pub fn usage(usage: Usage) -> TokenUsage {
    let Usage { input_tokens, output_tokens, cache_read_input_tokens, cache_write_input_tokens } = usage;
    let total_tokens = total_tokens(usage);
    TokenUsage { input_tokens, output_tokens, total_tokens, cache_read_input_tokens, cache_write_input_tokens }
}

/// With those of the cache, which are not among the input's.
pub fn total_tokens(usage: Usage) -> u32 {
    let caches = [usage.cache_read_input_tokens, usage.cache_write_input_tokens].into_iter().flatten();
    let total = caches.fold(usage.input_tokens.saturating_add(usage.output_tokens), u32::saturating_add);
    total.min(i32::MAX as u32)
}

pub fn latency_ms(performance: &Performance) -> u64 {
    u64::try_from(performance.lasts().as_millis()).unwrap_or(u64::MAX)
}
