//! Amazon Bedrock and its runtime, with a model that follows a script.
//!
//! One state with three APIs on it: this one, that of [`agent`] and that of
//! [`agent_runtime`]. Bedrock and Bedrock Runtime are one here: their names and
//! paths do not meet, and to whoever writes a fault rule both are `bedrock`.
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
pub mod agent;
pub mod agent_runtime;
mod asking;
pub mod builder;
mod conversation;
mod converse;
mod converse_stream;
mod date_time;
pub mod embedding;
mod guardrail;
mod invoke_model;
mod knowledge;
mod ledger;
pub mod model;
mod native;
mod not_implemented;
pub mod price;
mod report;
pub mod request_scene;
pub mod script;
mod shape;
pub mod spending;
mod validation;

pub use actor::Actor;
pub use builder::RuleBuilder;
pub use ledger::{Attempt, ModelCall};
pub use price::{Price, Prices};
pub use spending::{Budget, Spending, Usd};

use self::agent::Agents;
use self::agent::tags::Tags;
use self::agent_runtime::Sessions;
use self::agent_runtime::retrieval::session::RetrievalSessions;
use self::guardrail::Guardrails;
use self::knowledge::KnowledgeBases;
use crate::kernel::{
    AnyOperation, ApiError, Call, Delivery, Protocol, Receipt, Service, ServiceDescription, Timestamp,
};
use crate::wire;

/// One account and region's state, of all three APIs.
pub struct Bedrock {
    /// The same for all accounts and regions.
    actor: Actor,
    #[expect(dead_code)]
    guardrails: Guardrails,
    agents: Agents,
    knowledge_bases: KnowledgeBases,
    retrieval_sessions: RetrievalSessions,
    /// Of agents and of knowledge bases.
    tags: Tags,
    sessions: Sessions,
}

impl Bedrock {
    pub fn new(actor: Actor) -> Self {
        Self {
            actor,
            guardrails: Guardrails::default(),
            agents: Agents::default(),
            knowledge_bases: KnowledgeBases::default(),
            retrieval_sessions: RetrievalSessions::default(),
            tags: Tags::default(),
            sessions: Sessions::default(),
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
        "inference settings, toolChoice, cachePoint, reasoningContent, requestMetadata and additionalModelRequestFields are accepted and change nothing: a scripted model does as it is told",
        "tokens are estimated as four characters each unless the script says otherwise",
        "there is no catalogue of models: every well-formed model id answers",
        "stream events carry no random padding",
        "InvokeModel knows Anthropic's messages, without thinking, images and documents",
    ],
};

impl Service for Bedrock {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] =
        &[&converse::Converse, &converse_stream::ConverseStream, &invoke_model::InvokeModel];

    fn next_due(&self) -> Option<Timestamp> {
        let due = [self.agents.next_due(), self.sessions.next_due(), self.knowledge_bases.next_due()];
        due.into_iter().flatten().min()
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.agents.run_due(call, &mut self.tags);
        self.sessions.run_due(call);
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
