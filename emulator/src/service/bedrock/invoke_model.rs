//! InvokeModel: the model's own document each way. Here: Anthropic's messages.
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

use std::sync::Arc;

use bytes::Bytes;

use super::Bedrock;
use super::asking;
use super::converse::latency_ms;
use super::ledger::Attempt;
use super::model::model_id;
use super::native::anthropic::{self, Body};
use super::script::{ModelOperation, Performance};
use crate::kernel::answer::Reply;
use crate::kernel::operation::{Encode, Prepared};
use crate::kernel::{AnyOperation, ApiError, Binding, Call, Cell, Violations};
use crate::wire::{self, aws_json};

pub struct InvokeModel;

/// Headers that mean something to AWS and nothing here yet.
/// `X-Amzn-Bedrock-Request-Metadata` is for AWS's logs only, and is accepted.
const NOT_YET: &[&str] = &[
    "x-amzn-bedrock-guardrailidentifier",
    "x-amzn-bedrock-guardrailversion",
    "x-amzn-bedrock-performanceconfig-latency",
    "x-amzn-bedrock-service-tier",
    "x-amzn-bedrock-trace",
];

impl AnyOperation<Bedrock> for InvokeModel {
    fn name(&self) -> &'static str {
        ModelOperation::InvokeModel.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/model/{modelId}/invoke")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        let not_yet = NOT_YET.iter().copied().find(|name| request.header(name).is_some());
        let model_id = request.label("modelId").to_owned();
        Ok(Box::new(Invoked { model_id, not_yet, body: request.body.clone(), attempt: Attempt::of(request) }))
    }
}

struct Invoked {
    model_id: String,
    not_yet: Option<&'static str>,
    body: Bytes,
    attempt: Attempt,
}

impl Prepared<Bedrock> for Invoked {
    fn resource(&self) -> String {
        self.model_id.clone()
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let Self { model_id, not_yet, body, attempt } = *self;
        let mut violations = Violations::new();
        model_id::constrain(&model_id, &mut violations);
        violations.finish()?;
        if let Some(header) = not_yet {
            return Err(ApiError::not_implemented(format_args!("header {header} of bedrock InvokeModel")));
        }
        model_id::resolve(&model_id)?;
        if !Body::is_meant(&model_id, &body) {
            let model = model_id::short(&model_id);
            return Err(ApiError::not_implemented(format_args!(
                "the native body of model {model} of bedrock InvokeModel"
            )));
        }
        let scene = Body::read(&body)?.scene(model_id.clone());
        let letters: String = call.ids().draw(|random| (0..24).map(|_| random.alphanumeric()).collect());
        let message_id = format!("msg_bdrk_{letters}");
        let speak = Box::new(move |performance: &Performance| speak(performance, &message_id, &model_id));
        let state = cell.shared(call);
        asking::ask(&state.actor, call, scene, attempt, speak)
    }
}

fn speak(performance: &Performance, message_id: &str, model_id: &str) -> Reply {
    let document = anthropic::document(performance, message_id, model_id);
    asking::document(performance, aws_json::encode(&document))
        .with_header("x-amzn-bedrock-input-token-count", performance.usage.input_tokens.to_string())
        .with_header("x-amzn-bedrock-output-token-count", performance.usage.output_tokens.to_string())
        .with_header("x-amzn-bedrock-invocation-latency", latency_ms(performance).to_string())
}
