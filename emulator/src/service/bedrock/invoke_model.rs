//! InvokeModel: the model's own document each way.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html>
//!
//! ```text
//! POST /model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke
//! {"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}
//!
//! X-Amzn-Bedrock-Input-Token-Count: 2
//! X-Amzn-Bedrock-Output-Token-Count: 1
//! X-Amzn-Bedrock-Invocation-Latency: 300
//! {"id":"msg_bdrk_...","type":"message","role":"assistant","model":"claude-3-haiku-20240307",
//!  "content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,
//!  "usage":{"input_tokens":2,"output_tokens":1}}
//! ```
//!
//! The forms of other models are in [`native`](super::native).

use serde_json::Value;

use super::Bedrock;
use super::asking;
use super::converse::latency_ms;
use super::invocation::Invocation;
use super::script::{ModelOperation, Performance};
use crate::kernel::answer::Reply;
use crate::kernel::operation::Prepared;
use crate::kernel::{AnyOperation, ApiError, Binding};
use crate::wire::{self, aws_json};

pub const INPUT_TOKENS: &str = "x-amzn-bedrock-input-token-count";
const OUTPUT_TOKENS: &str = "x-amzn-bedrock-output-token-count";
pub const LATENCY: &str = "x-amzn-bedrock-invocation-latency";

pub struct InvokeModel;

impl AnyOperation<Bedrock> for InvokeModel {
    fn name(&self) -> &'static str {
        ModelOperation::InvokeModel.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/model/{modelId}/invoke")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Ok(Invocation::read(request, ModelOperation::InvokeModel))
    }
}

pub fn reply(performance: &Performance, document: &Value) -> Reply {
    asking::document(performance, aws_json::encode(document))
        .with_header(INPUT_TOKENS, performance.usage.input_tokens.to_string())
        .with_header(OUTPUT_TOKENS, performance.usage.output_tokens.to_string())
        .with_header(LATENCY, latency_ms(performance).to_string())
}
