//! Knowledge bases for tests: made, filled and at rest.

use std::time::Duration;

use aws_sdk_bedrockagent::types::builders::KnowledgeBaseDocumentBuilder;
use aws_sdk_bedrockagent::types::{
    ChunkingConfiguration, ChunkingStrategy, ContentDataSourceType, CustomContent, CustomDocumentIdentifier,
    CustomSourceType, DataSourceConfiguration, DataSourceType, DocumentContent, DocumentIdentifier, DocumentMetadata,
    InlineContent, InlineContentType, KnowledgeBaseConfiguration, KnowledgeBaseDocument, KnowledgeBaseStorageType,
    KnowledgeBaseType, MetadataAttribute, MetadataAttributeValue, MetadataSourceType, MetadataValueType,
    S3VectorsConfiguration, StorageConfiguration, TextContentDoc, VectorIngestionConfiguration,
    VectorKnowledgeBaseConfiguration,
};

use super::client;
use crate::stage::Stage;

pub const ROLE: &str = "arn:aws:iam::000000000000:role/docs";
pub const EMBEDDING_MODEL: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0";

/// A few texts about different things.
pub const CORPUS: [(&str, &str); 4] = [
    ("returns", "Orders can be returned within 30 days of delivery. The return is free."),
    ("office", "Our office in Berlin is open from Monday to Friday, nine to five."),
    ("errors", "What an error means: ERR-4712 means that the device is too hot."),
    (
        "codes",
        "Table of codes for technicians: ERR-4711 stands for a clogged filter in the second stage of the pump, which \
         is cleaned with warm water, dried, oiled, put back into its place and closed with four screws.",
    ),
];

pub fn vector_configuration() -> KnowledgeBaseConfiguration {
    let vector = VectorKnowledgeBaseConfiguration::builder().embedding_model_arn(EMBEDDING_MODEL);
    KnowledgeBaseConfiguration::builder()
        .r#type(KnowledgeBaseType::Vector)
        .vector_knowledge_base_configuration(vector.build().expect("the model is set"))
        .build()
        .expect("the type is set")
}

pub fn storage() -> StorageConfiguration {
    let index =
        S3VectorsConfiguration::builder().index_arn("arn:aws:s3vectors:us-east-1:000000000000:bucket/b/index/i");
    StorageConfiguration::builder()
        .r#type(KnowledgeBaseStorageType::S3Vectors)
        .s3_vectors_configuration(index.build())
        .build()
        .expect("the type is set")
}

/// A knowledge base, just made. Its id.
pub async fn made_base(stage: &Stage, name: &str) -> String {
    let made = client(stage)
        .create_knowledge_base()
        .name(name)
        .role_arn(ROLE)
        .knowledge_base_configuration(vector_configuration())
        .storage_configuration(storage());
    let made = made.send().await.expect("it is made");
    made.knowledge_base().expect("it is described").knowledge_base_id().to_owned()
}

/// A knowledge base that is ACTIVE.
pub async fn base(stage: &Stage, name: &str) -> String {
    let id = made_base(stage, name).await;
    stage.advance(Duration::from_secs(2)).await;
    id
}

pub fn custom() -> DataSourceConfiguration {
    DataSourceConfiguration::builder().r#type(DataSourceType::Custom).build().expect("the type is set")
}

pub fn chunked(configuration: ChunkingConfiguration) -> VectorIngestionConfiguration {
    VectorIngestionConfiguration::builder().chunking_configuration(configuration).build()
}

pub fn unchunked() -> VectorIngestionConfiguration {
    let none = ChunkingConfiguration::builder().chunking_strategy(ChunkingStrategy::None);
    chunked(none.build().expect("the strategy is set"))
}

/// A source of documents that are handed in. Its id.
pub async fn source(stage: &Stage, base: &str, ingestion: Option<VectorIngestionConfiguration>) -> String {
    let made = client(stage)
        .create_data_source()
        .knowledge_base_id(base)
        .name("direct")
        .data_source_configuration(custom())
        .set_vector_ingestion_configuration(ingestion);
    let made = made.send().await.expect("it is made");
    made.data_source().expect("it is described").data_source_id().to_owned()
}

pub fn text_document(id: &str, text: &str) -> KnowledgeBaseDocumentBuilder {
    let text = TextContentDoc::builder().data(text).build().expect("the data is set");
    document(id, InlineContent::builder().r#type(InlineContentType::Text).text_content(text).build().expect("typed"))
}

pub fn document(id: &str, content: InlineContent) -> KnowledgeBaseDocumentBuilder {
    let custom = CustomContent::builder()
        .custom_document_identifier(CustomDocumentIdentifier::builder().id(id).build().expect("the id is set"))
        .source_type(CustomSourceType::InLine)
        .inline_content(content)
        .build()
        .expect("id and type are set");
    let content = DocumentContent::builder().data_source_type(ContentDataSourceType::Custom).custom(custom);
    KnowledgeBaseDocument::builder().content(content.build().expect("the type is set"))
}

/// Metadata of a few types.
pub fn metadata(attributes: Vec<(&str, Attribute)>) -> DocumentMetadata {
    let attributes = attributes.into_iter().map(|(key, value)| {
        MetadataAttribute::builder().key(key).value(value.into()).build().expect("key and value are set")
    });
    DocumentMetadata::builder()
        .r#type(MetadataSourceType::InLineAttribute)
        .set_inline_attributes(Some(attributes.collect()))
        .build()
        .expect("the type is set")
}

pub enum Attribute {
    Text(&'static str),
    Number(f64),
    Boolean(bool),
    Texts(Vec<&'static str>),
}

impl From<Attribute> for MetadataAttributeValue {
    fn from(attribute: Attribute) -> Self {
        let value = MetadataAttributeValue::builder();
        let value = match attribute {
            Attribute::Text(text) => value.r#type(MetadataValueType::String).string_value(text),
            Attribute::Number(number) => value.r#type(MetadataValueType::Number).number_value(number),
            Attribute::Boolean(is) => value.r#type(MetadataValueType::Boolean).boolean_value(is),
            Attribute::Texts(texts) => value
                .r#type(MetadataValueType::StringList)
                .set_string_list_value(Some(texts.into_iter().map(str::to_owned).collect())),
        };
        value.build().expect("the type is set")
    }
}

pub fn identifier(id: &str) -> DocumentIdentifier {
    DocumentIdentifier::builder()
        .data_source_type(ContentDataSourceType::Custom)
        .custom(CustomDocumentIdentifier::builder().id(id).build().expect("the id is set"))
        .build()
        .expect("the type is set")
}

/// Hands documents in and waits until they are indexed.
pub async fn ingest(stage: &Stage, base: &str, source: &str, documents: Vec<KnowledgeBaseDocument>) {
    let ingested = client(stage).ingest_knowledge_base_documents().knowledge_base_id(base).data_source_id(source);
    ingested.set_documents(Some(documents)).send().await.expect("they are taken");
    stage.advance(Duration::from_secs(1)).await;
}

/// A knowledge base with the corpus in it, each text a chunk. Its id.
pub async fn filled_base(stage: &Stage) -> String {
    let base = base(stage, "docs").await;
    let source = source(stage, &base, Some(unchunked())).await;
    let documents = CORPUS.iter().map(|(id, text)| text_document(id, text).build()).collect();
    ingest(stage, &base, &source, documents).await;
    base
}

/// The timeline's lines that hold a text.
pub fn told(stage: &Stage, text: &str) -> usize {
    stage.emulator.timeline().to_string().lines().filter(|line| line.contains(text)).count()
}
