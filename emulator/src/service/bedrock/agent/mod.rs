//! Amazon Bedrock Agents: the API by which agents and knowledge bases are built.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Agents_for_Amazon_Bedrock.html>
//!
//! # Differences
//!
//! See [`DESCRIPTION`].

mod knowledge_base;
mod not_implemented;
mod page;
pub mod tags;

use super::Bedrock;
use crate::kernel::{AnyOperation, ServiceDescription};

/// The service's name on the timeline.
pub const SERVICE: &str = "bedrock-agent";

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Agents for Amazon Bedrock",
    not_implemented_at: not_implemented::OPERATIONS,
    differences: &[
        "knowledge bases of every storage configuration keep their vectors here, computed from words and parts of \
         words; BINARY vectors are not told apart",
        "knowledge bases, ingestion jobs and documents change their states after 0.5 to 2 seconds of the clock",
        "of data sources, only CUSTOM holds documents; an ingestion job of another fails and says so",
        "MANAGED knowledge bases and their connectors, access control lists, documents and metadata in S3, documents that \
         are not text, custom transformations and context enrichment are \
         not there; parsing configurations are kept and change nothing",
        "where exactly chunks are cut is assumed; tokens are estimated as four characters each",
        "roles, keys, secrets and stores are looked at for their form only",
        "assumed: a client token is valid for 10 minutes, lists come oldest first, and the wording of messages that \
         AWS does not publish",
    ],
    ..super::DESCRIPTION
};

pub const OPERATIONS: &[&dyn AnyOperation<Bedrock>] = &[
    &knowledge_base::create_data_source::CreateDataSource,
    &knowledge_base::create_knowledge_base::CreateKnowledgeBase,
    &knowledge_base::delete_data_source::DeleteDataSource,
    &knowledge_base::delete_knowledge_base::DeleteKnowledgeBase,
    &knowledge_base::delete_knowledge_base_documents::DeleteKnowledgeBaseDocuments,
    &knowledge_base::get_data_source::GetDataSource,
    &knowledge_base::get_ingestion_job::GetIngestionJob,
    &knowledge_base::get_knowledge_base::GetKnowledgeBase,
    &knowledge_base::get_knowledge_base_documents::GetKnowledgeBaseDocuments,
    &knowledge_base::ingest_knowledge_base_documents::IngestKnowledgeBaseDocuments,
    &knowledge_base::list_data_sources::ListDataSources,
    &knowledge_base::list_ingestion_jobs::ListIngestionJobs,
    &knowledge_base::list_knowledge_base_documents::ListKnowledgeBaseDocuments,
    &knowledge_base::list_knowledge_bases::ListKnowledgeBases,
    &knowledge_base::list_tags_for_resource::ListTagsForResource,
    &knowledge_base::start_ingestion_job::StartIngestionJob,
    &knowledge_base::stop_ingestion_job::StopIngestionJob,
    &knowledge_base::tag_resource::TagResource,
    &knowledge_base::untag_resource::UntagResource,
    &knowledge_base::update_data_source::UpdateDataSource,
    &knowledge_base::update_knowledge_base::UpdateKnowledgeBase,
];

/// The agents of one account and region.
#[derive(Debug, Default)]
pub struct Agents {}
