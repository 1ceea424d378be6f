use std::time::Duration;

use aws_sdk_bedrockagent::primitives::Blob;
use aws_sdk_bedrockagent::types::{
    ByteContentDoc, ChunkingConfiguration, ChunkingStrategy, ContentDataSourceType, CustomContent,
    CustomDocumentIdentifier, CustomS3Location, CustomSourceType, DocumentContent, DocumentStatus,
    FixedSizeChunkingConfiguration, HierarchicalChunkingConfiguration, HierarchicalChunkingLevelConfiguration,
    InlineContent, InlineContentType, KnowledgeBaseDocument, KnowledgeBaseDocumentDetail, S3Content, S3Location,
};

use super::client;
use super::knowledge::{
    Attribute, base, chunked, document, identifier, ingest, metadata, source, text_document, told, unchunked,
};
use crate::bedrock_agent_runtime::retrieve::{found, texts};
use crate::stage::{Stage, on_both_stages, refusal};

async fn detail(stage: &Stage, base: &str, source: &str, id: &str) -> KnowledgeBaseDocumentDetail {
    let get = client(stage).get_knowledge_base_documents().knowledge_base_id(base).data_source_id(source);
    let got = get.document_identifiers(identifier(id)).send().await.expect("the data source is there");
    got.document_details()[0].clone()
}

fn bytes(mime_type: &str, data: &[u8]) -> InlineContent {
    let bytes = ByteContentDoc::builder().mime_type(mime_type).data(Blob::new(data)).build().unwrap();
    InlineContent::builder().r#type(InlineContentType::Byte).byte_content(bytes).build().unwrap()
}

#[test]
fn a_document_is_found_once_it_is_indexed() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let ingest = client.ingest_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        let taken = ingest.documents(text_document("a", "Plums are blue.").build()).send().await.unwrap();
        let [taken] = taken.document_details() else { panic!("one document: {taken:?}") };
        assert_eq!(taken.identifier(), Some(&identifier("a")));
        assert_eq!(taken.status(), &DocumentStatus::Starting);
        assert!(found(&stage, &base, "plums").await.is_empty());
        stage.advance(Duration::from_millis(500)).await;
        assert_eq!(detail(&stage, &base, &source, "a").await.status(), &DocumentStatus::InProgress);
        stage.advance(Duration::from_millis(500)).await;
        assert_eq!(detail(&stage, &base, &source, "a").await.status(), &DocumentStatus::Indexed);
        assert_eq!(texts(&found(&stage, &base, "plums").await), ["Plums are blue."]);
        assert_eq!(told(&stage, "a: 1 chunk"), 1);
    });
}

#[test]
fn handed_in_again_it_replaces_what_was_there() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        ingest(&stage, &base, &source, vec![text_document("a", "Plums are blue.").build()]).await;
        let again = client.ingest_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        again.documents(text_document("a", "Limes are sour.").build()).send().await.unwrap();
        assert_eq!(texts(&found(&stage, &base, "limes").await), ["Plums are blue."], "not yet");
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(texts(&found(&stage, &base, "limes").await), ["Limes are sour."]);
    });
}

#[test]
fn bytes_that_are_text_are_taken() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let markdown = document("a", bytes("text/markdown; charset=utf-8", "# Grüße\n".as_bytes()));
        let blank = text_document("b", "  \n ");
        ingest(&stage, &base, &source, vec![markdown.build(), blank.build()]).await;
        assert_eq!(texts(&found(&stage, &base, "Grüße").await), ["# Grüße"]);
        let ignored = detail(&stage, &base, &source, "b").await;
        assert_eq!(
            (ignored.status(), ignored.status_reason()),
            (&DocumentStatus::Ignored, Some("The document has no text."))
        );
        let take = |id: &str, content| {
            let take = client.ingest_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
            take.documents(document(id, content).build()).send()
        };
        let (code, message) = refusal(take("c", bytes("application/pdf", b"%PDF")).await);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("application/pdf"), "{message}");
        let (code, message) = refusal(take("c", bytes("text/plain", &[0xff])).await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("UTF-8"), "{message}");
    });
}

#[test]
fn documents_are_cut_as_the_data_source_says() {
    on_both_stages(async |stage| {
        let text = "Apples are red. Pears are green. Plums are blue. Limes are sour.";
        let fixed = FixedSizeChunkingConfiguration::builder().max_tokens(5).overlap_percentage(20).build().unwrap();
        let level = |tokens| HierarchicalChunkingLevelConfiguration::builder().max_tokens(tokens).build().unwrap();
        let levels = HierarchicalChunkingConfiguration::builder().level_configurations(level(9));
        let levels = levels.level_configurations(level(5)).overlap_tokens(1).build().unwrap();
        let strategy = |strategy| ChunkingConfiguration::builder().chunking_strategy(strategy);
        let fixed = strategy(ChunkingStrategy::FixedSize).fixed_size_chunking_configuration(fixed);
        let hierarchical = strategy(ChunkingStrategy::Hierarchical).hierarchical_chunking_configuration(levels);
        for (name, ingestion, expected) in [
            ("default", None, vec![text]),
            ("none", Some(unchunked()), vec![text]),
            (
                "fixed",
                Some(chunked(fixed.build().unwrap())),
                vec!["Apples are red.", "red. Pears are", "are green. Plums are", "are blue. Limes are", "are sour."],
            ),
            (
                "hierarchical",
                Some(chunked(hierarchical.build().unwrap())),
                vec!["Apples are red. Pears are green.", "Plums are blue. Limes are sour."],
            ),
        ] {
            let base = base(&stage, name).await;
            let source = source(&stage, &base, ingestion).await;
            ingest(&stage, &base, &source, vec![text_document("a", text).build()]).await;
            let mut chunks = texts(&found(&stage, &base, "fruit").await);
            let place = |chunk: &String| text.find(chunk.as_str());
            chunks.sort_by_key(place);
            assert_eq!(chunks, expected, "{name}");
        }
    });
}

#[test]
fn what_cannot_be_taken_is_refused_whole() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let take = |documents: Vec<KnowledgeBaseDocument>| {
            let take = client.ingest_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
            take.set_documents(Some(documents)).send()
        };
        let text = |id: &str| text_document(id, "Plums are blue.").build();
        let in_s3 = S3Location::builder().uri("s3://docs/a.txt").build().unwrap();
        let s3 = DocumentContent::builder()
            .data_source_type(ContentDataSourceType::S3)
            .s3(S3Content::builder().s3_location(in_s3).build());
        let s3 = KnowledgeBaseDocument::builder().content(s3.build().unwrap()).build();
        let many_attributes = (0..51).map(|_| ("k", Attribute::Boolean(true))).collect();
        let tagged = text_document("a", "x").metadata(metadata(many_attributes)).build();
        for (documents, expected) in [
            (
                vec![],
                "Value at 'documents' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ),
            ((0..11).map(|n| text(&n.to_string())).collect(), "Member must have length less than or equal to 10"),
            (vec![text("")], "documents.1.member.content.custom.customDocumentIdentifier.id"),
            (vec![text("a"), text("a")], "The document a is given more than once."),
            (vec![tagged], "Member must have length less than or equal to 50"),
            (
                vec![text("b"), s3],
                "The dataSourceType that you specified in S3 doesn't match the type of the data source specified in the \
                 request header. Check that both types match and retry your request.",
            ),
        ] {
            let (code, message) = refusal(take(documents).await);
            assert_eq!(code, "ValidationException", "{message}");
            assert!(message.contains(expected), "{expected}: {message}");
        }
        let location = CustomS3Location::builder().uri("s3://docs/a.txt").build().unwrap();
        let custom = CustomContent::builder()
            .custom_document_identifier(CustomDocumentIdentifier::builder().id("a").build().unwrap())
            .source_type(CustomSourceType::S3Location)
            .s3_location(location);
        let content = DocumentContent::builder()
            .data_source_type(ContentDataSourceType::Custom)
            .custom(custom.build().unwrap())
            .build()
            .unwrap();
        let elsewhere = KnowledgeBaseDocument::builder().content(content).build();
        assert_eq!(refusal(take(vec![elsewhere]).await).0, "NotImplemented");
        assert_eq!(detail(&stage, &base, &source, "b").await.status(), &DocumentStatus::NotFound);
    });
}
