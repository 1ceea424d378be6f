//! A data source of a knowledge base: where documents come from, and how they are cut.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::chunking::Chunking;
use super::document::Document;
use super::ingestion_job::IngestionJob;
use super::refusal;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, EventId, Timestamp};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DataSource {
    pub id: String,
    pub knowledge_base_id: String,
    /// Name, description, policy and configurations, as they were given.
    pub settings: Map<String, Value>,
    pub status: Status,
    /// As the settings say it.
    #[serde(skip)]
    pub chunking: Chunking,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// The call that made it so.
    pub changed_by: EventId,
    /// By identifier.
    #[serde(skip)]
    pub documents: Kept<String, Document>,
    /// By id.
    #[serde(skip)]
    pub jobs: Kept<String, IngestionJob>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Available,
    Deleting,
}

impl DataSource {
    /// Goes through what is kept of it beside itself. `dimensions` are those of its vectors.
    pub fn keep(&mut self, dimensions: usize, book: &mut Book<'_>) {
        book.map("ingestion_job", &mut self.jobs);
        book.map_of("document", &mut self.documents, |document, book| {
            if book.reads() {
                document.indexed.make_searchable(dimensions);
            }
        });
        if book.reads() {
            match chunking(&self.settings) {
                Ok(chunking) => self.chunking = chunking,
                Err(error) => book.damaged(format!("data source {}: {}", self.id, error.message)),
            }
        }
    }

    pub fn name(&self) -> &str {
        self.settings.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// `CUSTOM`, `S3` or another connector.
    pub fn kind(&self) -> &str {
        self.settings["dataSourceConfiguration"]["type"].as_str().unwrap_or_default()
    }

    /// Whether what was ingested stays when the data source goes. AWS's default is that it goes, too.
    pub fn retains(&self) -> bool {
        self.settings.get("dataDeletionPolicy").is_some_and(|policy| policy == "RETAIN")
    }

    /// Refuses what needs a data source that stays and that nothing else works on.
    pub fn must_be_free(&self) -> Result<(), ApiError> {
        if self.status == Status::Deleting {
            return Err(refusal::data_source_goes(&self.id));
        }
        self.ongoing_job().map_or(Ok(()), |job| Err(refusal::ingestion_is_ongoing(&self.id, &job.id)))
    }

    pub fn job(&self, id: &str) -> Result<&IngestionJob, ApiError> {
        self.jobs.get(id).ok_or_else(|| refusal::no_ingestion_job(id))
    }

    pub fn ongoing_job(&self) -> Option<&IngestionJob> {
        self.jobs.values().find(|job| job.is_ongoing())
    }

    /// As AWS describes it.
    pub fn described(&self) -> Value {
        let mut described = self.settings.clone();
        described.insert("knowledgeBaseId".to_owned(), json!(self.knowledge_base_id));
        described.insert("dataSourceId".to_owned(), json!(self.id));
        described.insert("status".to_owned(), json!(self.status));
        described.insert("createdAt".to_owned(), json!(self.created.to_rfc3339()));
        described.insert("updatedAt".to_owned(), json!(self.updated.to_rfc3339()));
        described.entry("dataDeletionPolicy").or_insert_with(|| json!("DELETE"));
        Value::Object(described)
    }

    /// As it stands in a list.
    pub fn summary(&self) -> Value {
        let mut summary = json!({
            "knowledgeBaseId": self.knowledge_base_id,
            "dataSourceId": self.id,
            "name": self.name(),
            "status": self.status,
            "updatedAt": self.updated.to_rfc3339(),
        });
        if let Some(description) = self.settings.get("description") {
            summary["description"] = description.clone();
        }
        summary
    }
}

/// How the settings, which fit AWS's model, say that documents are cut.
pub fn chunking(settings: &Map<String, Value>) -> Result<Chunking, ApiError> {
    let configured = settings.get("vectorIngestionConfiguration").and_then(|all| all.get("chunkingConfiguration"));
    let Some(configured) = configured else { return Ok(Chunking::default()) };
    let chunking: Chunking =
        serde_json::from_value(configured.clone()).map_err(|error| ApiError::serialization(error.to_string()))?;
    chunking.problem().map_or(Ok(chunking), |problem| Err(ApiError::validation(problem)))
}

/// What a configuration lacks that its type asks for, and what of it is not here.
pub fn check_configuration(settings: &Map<String, Value>) -> Result<(), ApiError> {
    let configuration = &settings["dataSourceConfiguration"];
    if configuration["type"] == "MANAGED_KNOWLEDGE_BASE_CONNECTOR" {
        return Err(ApiError::not_implemented("connectors of bedrock-agent for MANAGED knowledge bases"));
    }
    let members = [
        ("S3", "s3Configuration"),
        ("WEB", "webConfiguration"),
        ("CONFLUENCE", "confluenceConfiguration"),
        ("SALESFORCE", "salesforceConfiguration"),
        ("SHAREPOINT", "sharePointConfiguration"),
    ];
    for (kind, member) in members {
        if configuration["type"] == kind && configuration.get(member).is_none() {
            return Err(refusal::missing_for(&format!("dataSourceConfiguration.{member}"), kind));
        }
    }
    let ingestion = settings.get("vectorIngestionConfiguration");
    for member in ["customTransformationConfiguration", "contextEnrichmentConfiguration"] {
        if ingestion.is_some_and(|ingestion| ingestion.get(member).is_some()) {
            return Err(ApiError::not_implemented(format_args!("{member} of a bedrock-agent data source")));
        }
    }
    Ok(())
}
