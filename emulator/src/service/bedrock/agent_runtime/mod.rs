//! Amazon Bedrock Agents Runtime: the API by which agents are asked and knowledge bases searched.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Agents_for_Amazon_Bedrock_Runtime.html>
//!
//! # Differences
//!
//! See [`DESCRIPTION`].

mod action_event;
mod beginning;
mod cast;
mod failure;
mod history;
mod invoke_agent;
mod invoke_inline_agent;
pub mod memory;
mod not_implemented;
pub mod retrieval;
mod session;
mod session_state;
mod shapes;
mod turn;

pub use self::action_event::explain;
pub use self::session::Sessions;
use super::Bedrock;
use crate::kernel::{AnyOperation, ServiceDescription};

/// The service's name on the timeline.
pub const SERVICE: &str = "bedrock-agent-runtime";

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Agents for Amazon Bedrock Runtime",
    not_implemented_at: not_implemented::OPERATIONS,
    differences: &[
        "an agent gives up after asking the model 15 times; AWS documents no number",
        "a tool is called `group__function` or `group__operationId`, a knowledge base `GET__x_amz_knowledgebase_ID__Search` with `searchQuery`, a question to the user `user__askuser` with `question`",
        "the model's answer is heard when it is complete, unless `streamFinalResponse` is set; failures of the script are exceptions in the stream, and errors that the stream does not have become the nearest that it has",
        "an answer after a search cites what was found",
        "a second request in a session in which one is being answered is refused with a conflict",
        "files of a session state are checked and not read; no files are given out, since no code is run",
        "performance settings and encryption keys of a request are checked and change nothing",
        "assumed of an agent's guardrail: it judges what the user says and what the agent answers, not what tools are \
         asked and bring back; what it blocks of the user's is not kept in the session; a streamed answer is judged in \
         intervals of at least applyGuardrailInterval characters, each by itself, and ends where one is blocked",
        "a session that a memory is named in is summarized when it ends or expires, and a model that fails leaves no \
         summary; assumed: the summary is there when the model has said it, lists come latest first, a memory id \
         without memory on the agent changes nothing, and which days 0 storageDays are: none",
        "Lambda functions are sent their events over the bus, where nobody takes them yet: dependencyFailedException",
        "collaborators, custom orchestration and parser Lambda functions are refused as not implemented",
        "most texts of refusals are assumed, and marked so in the code",
        "the score of a SEMANTIC search is the cosine, or 0 where that is less; that of a HYBRID one its mean with the \
         share of the best BM25 score; where a caller does not choose, the search is SEMANTIC",
        "a reranking model orders by the score of a HYBRID search",
        "managed searches, user contexts, implicit filters, images as queries, query decomposition and \
         sources in S3 are not there; inference settings, the orchestration's prompt, performance settings and keys \
         change nothing",
        "RetrieveAndGenerate finds what a sentence cites by the words that it shares, unless the script says it; where \
         nothing was retrieved, the model is not asked",
        "the default prompt of RetrieveAndGenerate is in other words than AWS's",
        "assumed: how metadata without a filter's key or of another type fits, that Retrieve has a next page while \
         there are chunks, that a session is kept for 24 hours, and the wording of messages that AWS does not publish",
    ],
    ..super::DESCRIPTION
};

pub const OPERATIONS: &[&dyn AnyOperation<Bedrock>] = &[
    &memory::delete_agent_memory::DeleteAgentMemory,
    &memory::get_agent_memory::GetAgentMemory,
    &invoke_agent::InvokeAgent,
    &invoke_inline_agent::InvokeInlineAgent,
    &retrieval::retrieve::Retrieve,
    &retrieval::retrieve_and_generate::RetrieveAndGenerate,
    &retrieval::retrieve_and_generate_stream::RetrieveAndGenerateStream,
];
