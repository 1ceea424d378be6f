//! What Bedrock says to requests about knowledge bases that it refuses.
//!
//! The wording of conflicts is publicly reported where nothing else is said; the
//! rest is assumed.

use crate::kernel::ApiError;

fn not_found(message: String) -> ApiError {
    ApiError::with_status(404, "ResourceNotFoundException", message)
}

fn conflict(message: impl Into<String>) -> ApiError {
    ApiError::with_status(409, "ConflictException", message)
}

/// assumed: the wording.
pub fn no_knowledge_base(id: &str) -> ApiError {
    not_found(format!("Knowledge Base with id {id} does not exist"))
}

/// assumed: the wording.
pub fn no_data_source(id: &str) -> ApiError {
    not_found(format!("DataSource with id {id} does not exist"))
}

/// assumed: the wording.
pub fn no_ingestion_job(id: &str) -> ApiError {
    not_found(format!("Ingestion job with id {id} does not exist"))
}

pub fn knowledge_base_exists(name: &str) -> ApiError {
    conflict(format!("KnowledgeBase with name {name} already exists."))
}

/// assumed: the wording, after that of knowledge bases.
pub fn data_source_exists(name: &str) -> ApiError {
    conflict(format!("DataSource with name {name} already exists."))
}

pub fn invalid_status() -> ApiError {
    conflict(
        "The Knowledge Base is not in a valid status. Wait for the knowledge base to reach a valid status and try again.",
    )
}

/// assumed: the wording.
pub fn data_source_goes(id: &str) -> ApiError {
    conflict(format!("DataSource with id {id} is being deleted."))
}

/// assumed: the wording.
pub fn ingestion_is_ongoing(data_source_id: &str, job_id: &str) -> ApiError {
    conflict(format!("Ingestion job {job_id} is ongoing for data source {data_source_id}."))
}

/// assumed: the wording.
pub fn cannot_be_stopped(job_id: &str) -> ApiError {
    conflict(format!("Ingestion job {job_id} is not in a status in which it can be stopped."))
}

/// assumed: the wording.
pub fn token_differs() -> ApiError {
    conflict("The client token was used before with different parameters.")
}

pub fn other_type(given: &str) -> ApiError {
    ApiError::validation(format!(
        "The dataSourceType that you specified in {given} doesn't match the type of the data source specified in the \
         request header. Check that both types match and retry your request."
    ))
}

/// A structure whose `type` asks for a member that is missing. assumed: the wording.
pub fn missing_for(member: &str, kind: &str) -> ApiError {
    ApiError::validation(format!("{member} is required when the type is {kind}."))
}
