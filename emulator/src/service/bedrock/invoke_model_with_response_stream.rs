//! InvokeModelWithResponseStream: the model's own events, each as the bytes of a chunk.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html>
//!
//! ```text
//! POST /model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke-with-response-stream
//! {"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}
//!
//! X-Amzn-Bedrock-Content-Type: application/json
//! chunk {"bytes":"eyJ0eXBlIjoibWVzc2FnZV9zdGFydCIs...","p":"abcdefghij"}
//! ...
//! ```
//!
//! and in the bytes of the last one
//!
//! ```text
//! {"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":2,"outputTokenCount":1,
//!  "invocationLatency":300,"firstByteLatency":200}}
//! ```

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Bedrock;
use super::asking;
use super::converse::latency_ms;
use super::invocation::Invocation;
use super::native::Chunks;
use super::padding::Padding;
use super::script::{Ending, ModelOperation, Performance};
use crate::kernel::answer::{Frame, Reply};
use crate::kernel::operation::Prepared;
use crate::kernel::{AnyOperation, ApiError, Binding};
use crate::wire::{self, aws_json, event_stream};

pub struct InvokeModelWithResponseStream;

impl AnyOperation<Bedrock> for InvokeModelWithResponseStream {
    fn name(&self) -> &'static str {
        ModelOperation::InvokeModelWithResponseStream.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/model/{modelId}/invoke-with-response-stream")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Ok(Invocation::read(request, ModelOperation::InvokeModelWithResponseStream))
    }
}

pub fn reply(performance: &Performance, chunks: Chunks, mut padding: Padding) -> Reply {
    let Chunks { mut said, mut closing } = chunks;
    if performance.ending != Ending::WithoutMessageStop {
        if let Some(last) = closing.last_mut() {
            last["amazon-bedrock-invocationMetrics"] = metrics(performance);
        }
        said.extend(closing.into_iter().map(|chunk| (Duration::ZERO, chunk)));
    }
    let frame = |(after, chunk): (Duration, Value)| {
        let payload = padding.pad(json!({"bytes": STANDARD.encode(aws_json::encode(&chunk))}));
        Frame { after, bytes: event_stream::event("chunk", &payload) }
    };
    let frames: Vec<Frame> = said.into_iter().map(frame).collect();
    asking::stream(performance, frames).with_header("x-amzn-bedrock-content-type", "application/json")
}

fn metrics(performance: &Performance) -> Value {
    let usage = performance.usage;
    let first_byte = u64::try_from(performance.first_token_after.as_millis()).unwrap_or(u64::MAX);
    let mut metrics = json!({
        "inputTokenCount": usage.input_tokens,
        "outputTokenCount": usage.output_tokens,
        "invocationLatency": latency_ms(performance),
        "firstByteLatency": first_byte,
    });
    let caches = [
        ("cacheReadInputTokenCount", usage.cache_read_input_tokens),
        ("cacheWriteInputTokenCount", usage.cache_write_input_tokens),
    ];
    for (name, tokens) in caches {
        if let Some(tokens) = tokens {
            metrics[name] = Value::from(tokens);
        }
    }
    metrics
}
