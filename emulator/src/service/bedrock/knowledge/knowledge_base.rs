//! A knowledge base: what it was made of, and its data sources.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::data_source::DataSource;
use super::refusal;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Arn, EventId, Timestamp};

/// Dimensions of the vectors of embedding models that were given no other number, by a part of their ids.
const DIMENSIONS: &[(&str, usize)] = &[("titan-embed-text-v1", 1536), ("titan-embed-g1", 1536)];
const OTHER_DIMENSIONS: usize = 1024;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KnowledgeBase {
    pub id: String,
    pub arn: Arn,
    /// Name, description, role and configurations, as they were given.
    pub settings: Map<String, Value>,
    pub status: Status,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// The call that made it so.
    pub changed_by: EventId,
    /// By id.
    #[serde(skip)]
    pub data_sources: Kept<String, DataSource>,
    /// Data sources that were deleted and whose data was to stay: it is found as before. By number, in the order in
    /// which they were deleted.
    #[serde(skip)]
    pub retained: Kept<u64, DataSource>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Creating,
    Active,
    Updating,
    Deleting,
}

impl KnowledgeBase {
    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        let dimensions = self.dimensions();
        book.map_of("data_source", &mut self.data_sources, |source, book| source.keep(dimensions, book));
        book.map_of("retained", &mut self.retained, |source, book| source.keep(dimensions, book));
    }

    /// A data source is gone, and its data stays.
    pub fn retain(&mut self, source: DataSource) {
        let number = self.retained.last_key_value().map_or(0, |(number, _)| number + 1);
        self.retained.insert(number, source);
    }

    pub fn name(&self) -> &str {
        self.settings.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the texts of its documents are searched by vectors, as other types are not.
    pub fn is_vector(&self) -> bool {
        self.settings["knowledgeBaseConfiguration"]["type"] == "VECTOR"
    }

    /// How many dimensions its vectors have.
    pub fn dimensions(&self) -> usize {
        let configuration = self.settings.get("knowledgeBaseConfiguration").unwrap_or(&Value::Null);
        let vector = &configuration["vectorKnowledgeBaseConfiguration"];
        let model = vector["embeddingModelArn"].as_str().unwrap_or_default();
        let given = vector["embeddingModelConfiguration"]["bedrockEmbeddingModelConfiguration"]["dimensions"].as_u64();
        let known = DIMENSIONS.iter().find(|(part, _)| model.contains(part));
        let usual = known.map_or(OTHER_DIMENSIONS, |(_, dimensions)| *dimensions);
        given.and_then(|given| usize::try_from(given).ok()).filter(|given| *given > 0).unwrap_or(usual)
    }

    pub fn data_source(&self, id: &str) -> Result<&DataSource, ApiError> {
        self.data_sources.get(id).ok_or_else(|| refusal::no_data_source(id))
    }

    pub fn data_source_mut(&mut self, id: &str) -> Result<&mut DataSource, ApiError> {
        self.data_sources.get_mut(id).ok_or_else(|| refusal::no_data_source(id))
    }

    /// Refuses what needs a knowledge base at rest.
    pub fn must_be_active(&self) -> Result<(), ApiError> {
        if self.status == Status::Active { Ok(()) } else { Err(refusal::invalid_status()) }
    }

    /// As AWS describes it.
    pub fn described(&self) -> Value {
        let mut described = self.settings.clone();
        described.insert("knowledgeBaseId".to_owned(), json!(self.id));
        described.insert("knowledgeBaseArn".to_owned(), json!(self.arn));
        described.insert("status".to_owned(), json!(self.status));
        described.insert("createdAt".to_owned(), json!(self.created.to_rfc3339()));
        described.insert("updatedAt".to_owned(), json!(self.updated.to_rfc3339()));
        Value::Object(described)
    }

    /// As it stands in a list.
    pub fn summary(&self) -> Value {
        let mut summary = json!({
            "knowledgeBaseId": self.id,
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

/// What a configuration lacks that its type asks for, beyond the constraints of AWS's model, and what of it is not here.
pub fn check_configuration(settings: &Map<String, Value>) -> Result<(), ApiError> {
    if settings["knowledgeBaseConfiguration"]["type"] == "MANAGED" {
        return Err(ApiError::not_implemented("knowledge bases of bedrock-agent of type MANAGED"));
    }
    let members = [
        ("knowledgeBaseConfiguration", "VECTOR", "vectorKnowledgeBaseConfiguration"),
        ("knowledgeBaseConfiguration", "KENDRA", "kendraKnowledgeBaseConfiguration"),
        ("knowledgeBaseConfiguration", "SQL", "sqlKnowledgeBaseConfiguration"),
        ("storageConfiguration", "OPENSEARCH_SERVERLESS", "opensearchServerlessConfiguration"),
        ("storageConfiguration", "OPENSEARCH_MANAGED_CLUSTER", "opensearchManagedClusterConfiguration"),
        ("storageConfiguration", "PINECONE", "pineconeConfiguration"),
        ("storageConfiguration", "REDIS_ENTERPRISE_CLOUD", "redisEnterpriseCloudConfiguration"),
        ("storageConfiguration", "RDS", "rdsConfiguration"),
        ("storageConfiguration", "MONGO_DB_ATLAS", "mongoDbAtlasConfiguration"),
        ("storageConfiguration", "NEPTUNE_ANALYTICS", "neptuneAnalyticsConfiguration"),
        ("storageConfiguration", "S3_VECTORS", "s3VectorsConfiguration"),
    ];
    for (configuration, kind, member) in members {
        let Some(given) = settings.get(configuration) else { continue };
        if given["type"] == kind && given.get(member).is_none() {
            return Err(refusal::missing_for(&format!("{configuration}.{member}"), kind));
        }
    }
    let vector = &settings["knowledgeBaseConfiguration"]["vectorKnowledgeBaseConfiguration"];
    let dimensions = &vector["embeddingModelConfiguration"]["bedrockEmbeddingModelConfiguration"]["dimensions"];
    let is_titan = vector["embeddingModelArn"].as_str().is_some_and(|arn| arn.contains("titan-embed-text-v2"));
    if let Some(given) = dimensions.as_u64().filter(|given| is_titan && ![256, 512, 1024].contains(given)) {
        // assumed: the wording.
        let message =
            format!("The embedding model does not support {given} dimensions: it supports 256, 512 and 1024.");
        return Err(ApiError::validation(message));
    }
    let is_vector = settings["knowledgeBaseConfiguration"]["type"] == "VECTOR";
    if is_vector && !settings.contains_key("storageConfiguration") {
        return Err(refusal::missing_for("storageConfiguration", "VECTOR"));
    }
    Ok(())
}
