//! Amazon Bedrock Agents Runtime: the API by which agents are asked and knowledge bases searched.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Agents_for_Amazon_Bedrock_Runtime.html>
//!
//! # Differences
//!
//! See [`DESCRIPTION`].

mod not_implemented;
pub mod retrieval;

use super::Bedrock;
use crate::kernel::{AnyOperation, ServiceDescription};

/// The service's name on the timeline.
pub const SERVICE: &str = "bedrock-agent-runtime";

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Agents for Amazon Bedrock Runtime",
    not_implemented_at: not_implemented::OPERATIONS,
    differences: &[
        "the score of a SEMANTIC search is the cosine, or 0 where that is less; that of a HYBRID one its mean with the \
         share of the best BM25 score; where a caller does not choose, the search is SEMANTIC",
        "a reranking model orders by the score of a HYBRID search",
        "managed searches, user contexts, implicit filters, images as queries, guardrails of Retrieve and RetrieveAndGenerate, query decomposition and \
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
    &retrieval::retrieve::Retrieve,
    &retrieval::retrieve_and_generate::RetrieveAndGenerate,
    &retrieval::retrieve_and_generate_stream::RetrieveAndGenerateStream,
];

/// The sessions of one account and region's agents.
#[derive(Debug, Default)]
pub struct Sessions {}
