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
    differences: &[],
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
