//! Amazon Bedrock and its runtime, with a model that follows a script.
//!
//! One state with three APIs on it: this one, that of [`agent`] and that of
//! [`agent_runtime`]. Bedrock and Bedrock Runtime are one here: their names and
//! paths do not meet, and to whoever writes a fault rule both are `bedrock`.
//!
//! A call is validated as Bedrock does it, then put to the [`Actor`], whose
//! [`script`] decides what is said, when and how it fails. One script serves all
//! accounts and regions. Every well-formed id of a model answers; of those that
//! are in the [`catalogue`](model::catalogue), more is known and more refused.
//! Guardrails find by themselves what a pattern can find, and by the script what
//! takes a model.
//!
//! Tokens are an [`estimate`], which a reply's `usage` overrides.
//!
//! # Differences
//!
//! - The order in which faults of a request are found is assumed; so are the texts marked so in the code.
//! - Inference settings, `toolChoice`, `cachePoint`, `outputConfig`, `requestMetadata` and
//!   `additionalModelRequestFields` are validated and change nothing: a scripted model does as it is told.
//! - An error or a hang that the script plays before the answer takes the place of the whole answer.
//! - A message of the role `system` is taken by every model.
//! - The performance configuration and service tier of a request are always those it was served with.
//! - InvokeModel's bodies for images, videos, speech and reranking are not there; nor are asynchronous
//!   invocations, whose output goes to S3.
//! - Embeddings are computed from the words of a text: those of texts that share words are near each other.
//! - The catalogue has text and embedding models alone, the same in every region, none of which can be customized. All
//!   inference profiles of an area lead to the same regions, and those of AWS have no dates.
//! - Model invocation logging is configured, and nothing is logged.
//! - What only a model finds (topics, harmful content, grounding, personal data that no pattern decides) a guardrail
//!   finds by rules of the script that name `ApplyGuardrail`. Automated reasoning is not implemented.
//! - The managed list of profanity is a small one of our own.
//! - A guardrail acts from its creation on, and is changed only while it is READY. That an agent uses it does not keep
//!   it from being deleted.
//! - What AWS does not document of guardrails and profiles is marked `assumed` in the code: the wording of most refusals,
//!   that defaults are given back, that words match in any case, which texts are judged.

mod actor;
pub mod admin;
pub mod agent;
pub mod agent_runtime;
mod asking;
pub mod builder;
mod control;
pub mod conversation;
mod converse;
mod converse_stream;
mod count_tokens;
mod date_time;
mod echo;
pub mod embedding;
pub mod estimate;
mod get_async_invoke;
mod guardrail;
mod invocation;
mod invoke_model;
mod invoke_model_with_response_stream;
mod knowledge;
mod ledger;
mod list_async_invokes;
pub mod model;
pub mod native;
mod not_implemented;
mod padding;
pub mod price;
#[cfg(test)]
mod properties;
mod replay;
mod report;
pub mod request_scene;
pub mod script;
mod shape;
pub mod spending;
mod start_async_invoke;
pub mod validation;

pub use actor::Actor;
pub use builder::RuleBuilder;
pub use ledger::{Attempt, ModelCall};
pub use price::{Price, Prices};
pub use spending::{Budget, Spending, Usd};

use self::agent::Agents;
use self::agent::tags::Tags;
use self::agent_runtime::Sessions;
use self::agent_runtime::memory::Memories;
use self::agent_runtime::retrieval::session::RetrievalSessions;
use self::guardrail::Guardrails;
use self::knowledge::KnowledgeBases;
use self::model::Models;
use crate::kernel::delivery::Failure;
use crate::kernel::store::Book;
use crate::kernel::{
    AnyOperation, ApiError, Call, Delivery, Protocol, Receipt, Service, ServiceDescription, Timestamp,
};
use crate::wire;

/// One account and region's state, of all three APIs.
pub struct Bedrock {
    /// The same for all accounts and regions. Not kept: the script, its counters and the states of its sessions, the
    /// ledger of what was asked, and what was spent belong to the process that plays it.
    actor: Actor,
    models: Models,
    guardrails: Guardrails,
    agents: Agents,
    knowledge_bases: KnowledgeBases,
    retrieval_sessions: RetrievalSessions,
    /// Of agents and of knowledge bases.
    tags: Tags,
    sessions: Sessions,
    memories: Memories,
}

impl Bedrock {
    pub fn new(actor: Actor) -> Self {
        Self {
            actor,
            models: Models::default(),
            guardrails: Guardrails::default(),
            agents: Agents::default(),
            knowledge_bases: KnowledgeBases::default(),
            retrieval_sessions: RetrievalSessions::default(),
            tags: Tags::default(),
            sessions: Sessions::default(),
            memories: Memories::default(),
        }
    }
}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "bedrock",
    title: "Amazon Bedrock and Amazon Bedrock Runtime",
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
    not_implemented: &[],
    not_implemented_at: not_implemented::OPERATIONS,
    differences: &[
        "the order in which faults of a request are found is assumed, and so are a few texts",
        "assumed of scripted faults: a tool input that is no JSON is a string in a whole answer, faults about frames cut a whole answer at its half, the words of a guardrail that a script plays",
        "inference settings, toolChoice, cachePoint, outputConfig, requestMetadata and additionalModelRequestFields are validated and change nothing: a scripted model does as it is told",
        "tokens are estimated as four characters each, and 1,600 for an image or a document that is no text, unless the script says otherwise",
        "every well-formed model id answers; only of a model in the catalogue are limits known",
        "a message of the role system is taken by every model",
        "the performance configuration and service tier of a request are always those it was served with",
        "InvokeModel does not know the bodies of models for images, videos, speech and reranking; StartAsyncInvoke validates, but there is no S3 for its output",
        "embeddings are computed from the words of a text, the same for every model: texts that share words are near each other",
        "the catalogue has text and embedding models alone, the same in every region, none of which can be customized",
        "all inference profiles of an area lead to the same regions; those of AWS have no dates",
        "model invocation logging is configured, and nothing is logged",
        "what only a model finds (topics, harmful content, grounding, personal data that no pattern decides) a guardrail finds by rules of the script that name ApplyGuardrail; automated reasoning is not implemented",
        "the managed list of profanity is a small one",
        "a guardrail acts from its creation on, and is changed only while it is READY; that an agent uses it does not keep it from being deleted",
        "assumed of guardrails and profiles: the wording of most refusals, that defaults are given back, that words match in any case, which texts are judged",
    ],
};

impl Service for Bedrock {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &converse::Converse,
        &converse_stream::ConverseStream,
        &count_tokens::CountTokens,
        &get_async_invoke::GetAsyncInvoke,
        &invoke_model::InvokeModel,
        &invoke_model_with_response_stream::InvokeModelWithResponseStream,
        &list_async_invokes::ListAsyncInvokes,
        &start_async_invoke::StartAsyncInvoke,
        &guardrail::apply_guardrail::ApplyGuardrail,
        &guardrail::create_guardrail::CreateGuardrail,
        &guardrail::create_guardrail_version::CreateGuardrailVersion,
        &model::create_inference_profile::CreateInferenceProfile,
        &guardrail::delete_guardrail::DeleteGuardrail,
        &model::delete_inference_profile::DeleteInferenceProfile,
        &model::delete_model_invocation_logging_configuration::DeleteModelInvocationLoggingConfiguration,
        &model::get_foundation_model::GetFoundationModel,
        &model::get_foundation_model_availability::GetFoundationModelAvailability,
        &guardrail::get_guardrail::GetGuardrail,
        &model::get_inference_profile::GetInferenceProfile,
        &model::get_model_invocation_logging_configuration::GetModelInvocationLoggingConfiguration,
        &model::list_foundation_models::ListFoundationModels,
        &guardrail::list_guardrails::ListGuardrails,
        &model::list_inference_profiles::ListInferenceProfiles,
        &control::list_tags_for_resource::ListTagsForResource,
        &model::put_model_invocation_logging_configuration::PutModelInvocationLoggingConfiguration,
        &control::tag_resource::TagResource,
        &control::untag_resource::UntagResource,
        &guardrail::update_guardrail::UpdateGuardrail,
    ];

    fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
        agent_runtime::explain(failure)
    }

    fn keep(&mut self, book: &mut Book<'_>) {
        self.models.keep(book);
        self.guardrails.keep(book);
        self.agents.keep(book);
        self.tags.keep(book);
        self.knowledge_bases.keep(book);
        self.retrieval_sessions.keep(book);
        self.sessions.keep(book);
        self.memories.keep(book);
    }

    fn next_due(&self) -> Option<Timestamp> {
        let (agents, sessions) = (self.agents.next_due(), self.sessions.next_due());
        let (memories, bases) = (self.memories.next_due(), self.knowledge_bases.next_due());
        let due = [self.guardrails.next_due(), agents, sessions, memories, bases];
        due.into_iter().flatten().min()
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.guardrails.run_due(call);
        self.agents.run_due(call, &mut self.tags);
        self.sessions.run_due(&mut self.memories, &self.actor, call);
        self.memories.run_due(call);
        self.knowledge_bases.run_due(call);
    }

    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        self.sessions.receive(delivery, call)
    }
}

impl Attempt {
    fn of(request: &wire::Request) -> Self {
        let invocation_id = request.header("amz-sdk-invocation-id").unwrap_or_default().to_owned();
        Self { invocation_id, attempt: request.attempt().unwrap_or(1) }
    }
}
