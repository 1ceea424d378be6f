//! A document in a data source: what was handed in, and the chunks that are found of it.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::embedding::{embed, normalize};
use super::bm25::Counted;
use super::chunking::{Chunking, Cut};
use super::data_source::DataSource;
use super::refusal;
use crate::kernel::{ApiError, EventId, Ids, Timestamp};

/// What identifies a document that a caller handed in.
pub const CUSTOM: &str = "CUSTOM";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    pub id: String,
    pub status: Status,
    /// Why it is as it is: with `IGNORED`.
    pub reason: Option<Cow<'static, str>>,
    pub updated: Timestamp,
    /// Counts how often it was handed in or deleted: work for an earlier one is void.
    pub revision: u64,
    /// The call that handed it in last.
    pub event: EventId,
    pub submission: Submission,
    /// What is found of it: while it is ingested anew, what was before.
    pub indexed: Indexed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Starting,
    InProgress,
    Indexed,
    Ignored,
    Deleting,
    NotFound,
}

/// A document as it is handed in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub text: String,
    pub metadata: Map<String, Value>,
}

/// A document as it is searched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Indexed {
    pub chunks: Vec<Chunk>,
    /// Texts that are found in place of their chunks, each with an id.
    pub parents: Vec<(String, String)>,
    pub metadata: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chunk {
    pub id: String,
    pub text: String,
    /// Of length 1. It follows from the text.
    #[serde(skip)]
    pub vector: Vec<f32>,
    /// Those of the text.
    #[serde(skip)]
    pub words: Counted,
    /// Its place among the parents.
    pub parent: Option<usize>,
}

impl Document {
    /// Cuts and embeds what was handed in.
    pub fn index(&mut self, chunking: &Chunking, dimensions: usize, ids: &Ids) {
        let Cut { chunks, parents } = chunking.cut(&self.submission.text);
        let chunks = chunks.into_iter().map(|chunk| Chunk {
            id: chunk_id(ids),
            text: chunk.text,
            vector: Vec::new(),
            words: Counted::default(),
            parent: chunk.parent,
        });
        self.indexed = Indexed {
            chunks: chunks.collect(),
            parents: parents.into_iter().map(|text| (chunk_id(ids), text)).collect(),
            metadata: self.submission.metadata.clone(),
        };
        self.indexed.make_searchable(dimensions);
        let is_empty = self.indexed.chunks.is_empty();
        self.status = if is_empty { Status::Ignored } else { Status::Indexed };
        self.reason = is_empty.then_some(Cow::Borrowed("The document has no text."));
    }

    /// As AWS describes it.
    pub fn described(&self, data_source: &DataSource) -> Value {
        let mut described = described(data_source, &self.id, self.status);
        described["updatedAt"] = json!(self.updated.to_rfc3339());
        if let Some(reason) = &self.reason {
            described["statusReason"] = json!(reason);
        }
        described
    }
}

impl Indexed {
    /// Makes what is searched of the chunks' texts.
    pub fn make_searchable(&mut self, dimensions: usize) {
        for chunk in &mut self.chunks {
            chunk.vector = embed(&chunk.text, dimensions);
            normalize(&mut chunk.vector);
            chunk.words = Counted::new(&chunk.text);
        }
    }
}

fn described(data_source: &DataSource, id: &str, status: Status) -> Value {
    json!({
        "knowledgeBaseId": data_source.knowledge_base_id,
        "dataSourceId": data_source.id,
        "status": status,
        "identifier": {"dataSourceType": CUSTOM, "custom": {"id": id}},
    })
}

/// What is said of a document that is not there.
pub fn not_found(data_source: &DataSource, id: &str) -> Value {
    described(data_source, id, Status::NotFound)
}

/// As OpenSearch's ids look in answers of AWS.
fn chunk_id(ids: &Ids) -> String {
    let letters: String = ids.draw(|random| (0..20).map(|_| random.alphanumeric()).collect());
    format!("1%3A0%3A{letters}")
}

/// The id in a `DocumentIdentifier` that fits AWS's model.
pub fn identified(identifier: &Value, data_source: &DataSource) -> Result<String, ApiError> {
    let kind = identifier["dataSourceType"].as_str().unwrap_or_default();
    if kind != data_source.kind() {
        return Err(refusal::other_type(kind));
    }
    match (kind, identifier["custom"]["id"].as_str()) {
        (CUSTOM, Some(id)) => Ok(id.to_owned()),
        (CUSTOM, None) => Err(refusal::missing_for("custom", CUSTOM)),
        _ => Err(ApiError::not_implemented("documents of bedrock-agent in S3")),
    }
}

/// The document in a `KnowledgeBaseDocument` that fits AWS's model.
pub fn submitted(document: &Value, data_source: &DataSource) -> Result<(String, Submission), ApiError> {
    let content = &document["content"];
    let kind = content["dataSourceType"].as_str().unwrap_or_default();
    if kind != data_source.kind() {
        return Err(refusal::other_type(kind));
    }
    if kind != CUSTOM {
        return Err(ApiError::not_implemented("documents of bedrock-agent in S3"));
    }
    let custom = content.get("custom").ok_or_else(|| refusal::missing_for("custom", CUSTOM))?;
    if custom["sourceType"] == "S3_LOCATION" {
        return Err(ApiError::not_implemented("documents of bedrock-agent in S3"));
    }
    let inline = custom.get("inlineContent").ok_or_else(|| refusal::missing_for("inlineContent", "IN_LINE"))?;
    let id = custom["customDocumentIdentifier"]["id"].as_str().unwrap_or_default();
    Ok((id.to_owned(), Submission { text: text(inline)?, metadata: metadata(document.get("metadata"))? }))
}

fn text(inline: &Value) -> Result<String, ApiError> {
    if inline["type"] == "TEXT" {
        let text = inline["textContent"]["data"].as_str().ok_or_else(|| refusal::missing_for("textContent", "TEXT"))?;
        return Ok(text.to_owned());
    }
    let bytes = inline.get("byteContent").ok_or_else(|| refusal::missing_for("byteContent", "BYTE"))?;
    decoded(bytes["mimeType"].as_str().unwrap_or_default(), bytes["data"].as_str().unwrap_or_default())
}

/// The text in bytes of a type that is text.
pub fn decoded(mime_type: &str, base64: &str) -> Result<String, ApiError> {
    let kind = mime_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_text = kind.starts_with("text/") || matches!(kind.as_str(), "application/json" | "application/xml");
    if !is_text {
        return Err(ApiError::not_implemented(format_args!("documents of type `{kind}` in a knowledge base")));
    }
    let bytes = STANDARD.decode(base64).unwrap_or_default();
    // assumed: the wording.
    String::from_utf8(bytes).map_err(|_| ApiError::validation("The content of the document is not encoded in UTF-8."))
}

fn metadata(metadata: Option<&Value>) -> Result<Map<String, Value>, ApiError> {
    let Some(metadata) = metadata else { return Ok(Map::new()) };
    if metadata.get("accessControlList").is_some() {
        return Err(ApiError::not_implemented("accessControlList of documents of bedrock-agent"));
    }
    if metadata["type"] == "S3_LOCATION" {
        return Err(ApiError::not_implemented("metadata of documents of bedrock-agent in S3"));
    }
    let attributes = metadata.get("inlineAttributes").and_then(Value::as_array);
    let attributes = attributes.ok_or_else(|| refusal::missing_for("inlineAttributes", "IN_LINE_ATTRIBUTE"))?;
    let read = attributes.iter().map(|attribute| {
        let (key, value) = (attribute["key"].as_str().unwrap_or_default(), &attribute["value"]);
        let kind = value["type"].as_str().unwrap_or_default();
        let member = match kind {
            "BOOLEAN" => "booleanValue",
            "NUMBER" => "numberValue",
            "STRING_LIST" => "stringListValue",
            _ => "stringValue",
        };
        let value = value.get(member).ok_or_else(|| refusal::missing_for(member, kind))?;
        Ok((key.to_owned(), value.clone()))
    });
    read.collect()
}
