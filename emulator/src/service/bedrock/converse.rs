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
use super::ledger::Attempt;
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
        let Self { operation, conversation, attempt } = *self;
        validate(&conversation, operation)?;
        let scene = conversation.scene(operation);
        let speak: Speak = match operation {
            ModelOperation::ConverseStream => Box::new(converse_stream::speak),
            _ => Box::new(speak),
        };
        let state = cell.shared(call);
        asking::ask(&state.actor, call, scene, attempt, speak)
    }
}

fn speak(performance: &Performance) -> Reply {
    let content: Vec<Value> = performance.blocks.iter().map(content_block).collect();
    let document = json!({
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": performance.stop_reason.as_str(),
        "usage": usage(performance.usage),
        "metrics": {"latencyMs": latency_ms(performance)},
    });
    asking::document(performance, aws_json::encode(&document))
}

fn content_block(block: &Block) -> Value {
    match block {
        Block::Text { .. } => json!({"text": block.text()}),
        Block::ToolUse { id, name, input, .. } => {
            json!({"toolUse": {"toolUseId": id, "name": name, "input": input}})
        }
        Block::Reasoning { signature, .. } => {
            json!({"reasoningContent": {"reasoningText": {"text": block.text(), "signature": signature}}})
        }
        Block::RedactedReasoning { data } => json!({"reasoningContent": {"redactedContent": data}}),
    }
}

pub fn usage(usage: Usage) -> Value {
    let Usage { input_tokens, output_tokens, .. } = usage;
    let total = input_tokens.saturating_add(output_tokens).min(i32::MAX as u32);
    json!({"inputTokens": input_tokens, "outputTokens": output_tokens, "totalTokens": total})
}

pub fn latency_ms(performance: &Performance) -> u64 {
    u64::try_from(performance.lasts().as_millis()).unwrap_or(u64::MAX)
}
