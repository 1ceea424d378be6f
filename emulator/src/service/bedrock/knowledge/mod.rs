//! Knowledge bases: documents, cut into chunks, that are found by what they say.

use serde_json::{Map, Value};

use crate::kernel::{ApiError, Timestamp};

/// The knowledge bases of one account and region.
#[derive(Debug, Default)]
pub struct KnowledgeBases {}

/// One chunk that a search has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What the chunk says; of hierarchical chunks, what the parent says.
    pub content: String,
    /// In the shape of AWS's `RetrievalResultLocation`.
    pub location: Value,
    /// From 0 to 1.
    pub score: f64,
    /// The document's own attributes, and AWS's (`x-amz-bedrock-kb-...`).
    pub metadata: Map<String, Value>,
}

impl KnowledgeBases {
    /// What of a knowledge base fits a text, best first. `config` is a `KnowledgeBaseRetrievalConfiguration` as it
    /// stands in a request, or null.
    #[expect(dead_code)]
    pub fn search(
        &self,
        knowledge_base_id: &str,
        _text: &str,
        _config: &Value,
        _now: Timestamp,
    ) -> Result<Vec<Found>, ApiError> {
        Err(no_knowledge_base(knowledge_base_id))
    }
}

/// assumed: the wording.
fn no_knowledge_base(id: &str) -> ApiError {
    let message = format!("Knowledge Base with id {id} does not exist");
    ApiError::with_status(404, "ResourceNotFoundException", message)
}
