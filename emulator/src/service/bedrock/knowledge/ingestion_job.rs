//! An ingestion job: a data source is looked through, and what has changed is indexed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::kernel::{EventId, Timestamp};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IngestionJob {
    pub id: String,
    pub description: Option<String>,
    pub status: Status,
    pub statistics: Statistics,
    pub failure: Option<String>,
    pub started: Timestamp,
    pub updated: Timestamp,
    /// The call that started it.
    pub event: EventId,
}

/// In the order in which jobs are sorted by status: that of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Complete,
    Failed,
    InProgress,
    Starting,
    Stopped,
    Stopping,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    pub number_of_documents_scanned: u64,
    pub number_of_metadata_documents_scanned: u64,
    pub number_of_new_documents_indexed: u64,
    pub number_of_modified_documents_indexed: u64,
    pub number_of_metadata_documents_modified: u64,
    pub number_of_documents_deleted: u64,
    pub number_of_documents_failed: u64,
    pub number_of_documents_skipped: u64,
}

impl IngestionJob {
    pub fn is_ongoing(&self) -> bool {
        matches!(self.status, Status::Starting | Status::InProgress | Status::Stopping)
    }

    pub fn can_be_stopped(&self) -> bool {
        matches!(self.status, Status::Starting | Status::InProgress)
    }

    /// As it stands in a list.
    pub fn summary(&self, knowledge_base_id: &str, data_source_id: &str) -> Value {
        let mut summary = json!({
            "knowledgeBaseId": knowledge_base_id,
            "dataSourceId": data_source_id,
            "ingestionJobId": self.id,
            "status": self.status,
            "startedAt": self.started.to_rfc3339(),
            "updatedAt": self.updated.to_rfc3339(),
            "statistics": self.statistics,
        });
        if let Some(description) = &self.description {
            summary["description"] = json!(description);
        }
        summary
    }

    /// As AWS describes it.
    pub fn described(&self, knowledge_base_id: &str, data_source_id: &str) -> Value {
        let mut described = self.summary(knowledge_base_id, data_source_id);
        if let Some(failure) = &self.failure {
            described["failureReasons"] = json!([failure]);
        }
        described
    }
}
