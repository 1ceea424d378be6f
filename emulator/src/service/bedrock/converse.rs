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

use serde_json::{Value, json};

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
    let mut document = json!({
        "output": {"message": {"role": "assistant", "content": content(performance)}},
        "stopReason": performance.stop_reason.as_str(),
        "usage": usage(performance.usage),
        "metrics": {"latencyMs": latency_ms(performance)},
    });
    echo.add_model_fields(performance, &mut document);
    echo.add_service(&mut document);
    if let Some(trace) = performance.guarded.as_deref().and_then(Guarded::converse_trace) {
        document["trace"] = trace;
    }
    asking::document(performance, aws_json::encode(&document))
}

/// What is said, block by block.
pub fn content(performance: &Performance) -> Vec<Value> {
    performance.blocks.iter().map(content_block).collect()
}

fn content_block(block: &Block) -> Value {
    match block {
        Block::Text { citations, .. } if citations.is_empty() => json!({"text": block.text()}),
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
    }
}

pub fn usage(usage: Usage) -> Value {
    let Usage { input_tokens, output_tokens, cache_read_input_tokens, cache_write_input_tokens } = usage;
    let total = total_tokens(usage);
    let mut document = json!({"inputTokens": input_tokens, "outputTokens": output_tokens, "totalTokens": total});
    let caches =
        [("cacheReadInputTokens", cache_read_input_tokens), ("cacheWriteInputTokens", cache_write_input_tokens)];
    for (name, tokens) in caches {
        if let Some(tokens) = tokens {
            document[name] = Value::from(tokens);
        }
    }
    document
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
