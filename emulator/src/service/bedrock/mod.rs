//! Amazon Bedrock Runtime, with a model that follows a script.
//!
//! A call is validated as Bedrock does it, then put to the [`Actor`], whose
//! [`script`] decides what is said, when and how it fails. One script serves all
//! accounts and regions. There is no catalogue of models: every well-formed id answers.
//!
//! Tokens are estimated as four characters each, rounded up, over the texts of
//! system, messages and tools; a reply's `usage` overrides the estimate.
//!
//! # Differences
//!
//! - The order in which faults of a request are found is assumed; so are the texts marked so in the code.
//! - Inference settings, `toolChoice`, `cachePoint`, `reasoningContent`, `requestMetadata` and
//!   `additionalModelRequestFields` are accepted and change nothing: a scripted model does as it is told.
//! - Stream events carry no random padding (`p`).
//! - An error or a hang that the script plays before the answer takes the place of the whole answer.
//! - InvokeModel knows the body of Anthropic's messages, without thinking, images and documents.

mod actor;
pub mod admin;
mod anthropic;
mod asking;
pub mod builder;
mod conversation;
mod converse;
mod converse_stream;
mod invoke_model;
mod ledger;
mod model_id;
mod report;
pub mod script;
mod validation;

pub use actor::Actor;
pub use builder::RuleBuilder;
pub use ledger::{Attempt, ModelCall};

use crate::kernel::{AnyOperation, ApiError, Binding, Protocol, Service, ServiceDescription};
use crate::wire;

/// One account and region's state: the model is the same for all.
pub struct BedrockRuntime {
    actor: Actor,
}

impl BedrockRuntime {
    pub fn new(actor: Actor) -> Self {
        Self { actor }
    }
}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "bedrock",
    title: "Amazon Bedrock Runtime",
    signing_name: "bedrock",
    target_prefix: "",
    protocol: Protocol::RestJson1,
    // AWS's model bounds the body of InvokeModel.
    body_bytes_max: 25_000_000,
    error_namespace: |_| "",
    crc32: false,
    cbor: false,
    throttled: |_| {
        ApiError::with_status(429, "ThrottlingException", "Too many requests, please wait before trying again.")
    },
    not_implemented: &[
        "ApplyGuardrail",
        "CountTokens",
        "GetAsyncInvoke",
        "InvokeGuardrailChecks",
        "InvokeModelWithBidirectionalStream",
        "InvokeModelWithResponseStream",
        "ListAsyncInvokes",
        "StartAsyncInvoke",
    ],
    differences: &[
        "the order in which faults of a request are found is assumed, and so are a few texts",
        "inference settings, toolChoice, cachePoint, reasoningContent, requestMetadata and additionalModelRequestFields are accepted and change nothing: a scripted model does as it is told",
        "tokens are estimated as four characters each unless the script says otherwise",
        "there is no catalogue of models: every well-formed model id answers",
        "stream events carry no random padding",
        "InvokeModel knows Anthropic's messages, without thinking, images and documents",
    ],
};

impl Service for BedrockRuntime {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] =
        &[&converse::Converse, &converse_stream::ConverseStream, &invoke_model::InvokeModel];
    const NOT_YET: &'static [(&'static str, Binding)] = &[
        ("ApplyGuardrail", Binding::post("/guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply")),
        ("CountTokens", Binding::post("/model/{modelId}/count-tokens")),
        ("GetAsyncInvoke", Binding::get("/async-invoke/{invocationArn}")),
        ("InvokeGuardrailChecks", Binding::post("/guardrail-checks/invoke")),
        ("InvokeModelWithBidirectionalStream", Binding::post("/model/{modelId}/invoke-with-bidirectional-stream")),
        ("InvokeModelWithResponseStream", Binding::post("/model/{modelId}/invoke-with-response-stream")),
        ("ListAsyncInvokes", Binding::get("/async-invoke")),
        ("StartAsyncInvoke", Binding::post("/async-invoke")),
    ];
}

impl Attempt {
    fn of(request: &wire::Request) -> Self {
        let invocation_id = request.header("amz-sdk-invocation-id").unwrap_or_default().to_owned();
        Self { invocation_id, attempt: request.attempt().unwrap_or(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_that_is_missing_has_its_path() {
        let names: Vec<&str> = BedrockRuntime::NOT_YET.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, DESCRIPTION.not_implemented);
    }
}
