//! ConverseStream: one message from the model, piece by piece on the clock.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html>
//!
//! ```text
//! POST /model/anthropic.claude-3-haiku-20240307-v1%3A0/converse-stream
//! {"messages":[{"role":"user","content":[{"text":"hello"}]}]}
//!
//! messageStart      {"role":"assistant"}
//! contentBlockDelta {"delta":{"text":"hi"},"contentBlockIndex":0}
//! contentBlockStop  {"contentBlockIndex":0}
//! messageStop       {"stopReason":"end_turn"}
//! metadata          {"usage":{"inputTokens":2,"outputTokens":1,"totalTokens":3},"metrics":{"latencyMs":300}}
//! ```
//!
//! A text block has no `contentBlockStart`: its `start` is a union that knows tool
//! uses only, and official SDKs fail on an empty one.

use std::time::Duration;

use serde_json::{Value, json};

use super::Bedrock;
use super::asking;
use super::converse::{Said, latency_ms, usage};
use super::script::{Block, Ending, ModelOperation, Performance};
use crate::kernel::answer::{Frame, Reply};
use crate::kernel::operation::Prepared;
use crate::kernel::{AnyOperation, ApiError, Binding};
use crate::wire::{self, event_stream};

pub struct ConverseStream;

impl AnyOperation<Bedrock> for ConverseStream {
    fn name(&self) -> &'static str {
        ModelOperation::ConverseStream.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/model/{modelId}/converse-stream")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Said::read(request, ModelOperation::ConverseStream)
    }
}

pub fn speak(performance: &Performance) -> Reply {
    let mut frames = content(performance);
    if performance.ending != Ending::WithoutMessageStop {
        frames.push(frame("messageStop", &json!({"stopReason": performance.stop_reason.as_str()})));
        let metrics = json!({"latencyMs": latency_ms(performance)});
        frames.push(frame("metadata", &json!({"usage": usage(performance.usage), "metrics": metrics})));
    }
    asking::stream(performance, frames)
}

/// Everything up to `messageStop`.
fn content(performance: &Performance) -> Vec<Frame> {
    let mut frames = vec![frame("messageStart", &json!({"role": "assistant"}))];
    for (index, block) in performance.blocks.iter().enumerate() {
        let delta = |delta: Value| json!({"delta": delta, "contentBlockIndex": index});
        if let Block::ToolUse { id, name, .. } = block {
            let start = json!({"toolUse": {"toolUseId": id, "name": name}});
            frames.push(frame("contentBlockStart", &json!({"start": start, "contentBlockIndex": index})));
            // Real streams begin a tool's input with an empty fragment.
            frames.push(frame("contentBlockDelta", &delta(json!({"toolUse": {"input": ""}}))));
        }
        for piece in block.pieces() {
            let said = match block {
                Block::ToolUse { .. } => json!({"toolUse": {"input": piece.text}}),
                Block::Reasoning { .. } => json!({"reasoningContent": {"text": piece.text}}),
                Block::Text { .. } | Block::RedactedReasoning { .. } => json!({"text": piece.text}),
            };
            let frame = frame("contentBlockDelta", &delta(said));
            frames.push(Frame { after: piece.after, ..frame });
        }
        frames.push(frame("contentBlockStop", &json!({"contentBlockIndex": index})));
    }
    frames
}

fn frame(event_type: &'static str, payload: &Value) -> Frame {
    Frame { after: Duration::ZERO, bytes: event_stream::event(event_type, payload) }
}
