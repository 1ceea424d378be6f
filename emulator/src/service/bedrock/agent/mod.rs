//! Amazon Bedrock Agents: the API by which agents and knowledge bases are built.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Agents_for_Amazon_Bedrock.html>
//!
//! # Differences
//!
//! See [`DESCRIPTION`].

mod not_implemented;

use super::Bedrock;
use crate::kernel::{AnyOperation, ServiceDescription};

/// The service's name on the timeline.
pub const SERVICE: &str = "bedrock-agent";

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Agents for Amazon Bedrock",
    not_implemented_at: not_implemented::OPERATIONS,
    differences: &[],
    ..super::DESCRIPTION
};

pub const OPERATIONS: &[&dyn AnyOperation<Bedrock>] = &[];

/// The agents of one account and region.
#[derive(Debug, Default)]
pub struct Agents {}
