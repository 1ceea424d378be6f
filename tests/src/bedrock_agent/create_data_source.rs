use aws_sdk_bedrockagent::types::{
    ChunkingConfiguration, ChunkingStrategy, DataDeletionPolicy, DataSourceConfiguration, DataSourceStatus,
    DataSourceType, FixedSizeChunkingConfiguration, S3DataSourceConfiguration, VectorIngestionConfiguration,
};

use super::client;
use super::knowledge::{base, chunked, custom, made_base, source, unchunked};
use crate::stage::{on_both_stages, refusal};

fn fixed(max_tokens: i32, overlap: i32) -> VectorIngestionConfiguration {
    let fixed = FixedSizeChunkingConfiguration::builder().max_tokens(max_tokens).overlap_percentage(overlap);
    let configuration = ChunkingConfiguration::builder()
        .chunking_strategy(ChunkingStrategy::FixedSize)
        .fixed_size_chunking_configuration(fixed.build().unwrap());
    chunked(configuration.build().unwrap())
}

#[test]
fn a_data_source_keeps_what_it_was_given() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let bucket = S3DataSourceConfiguration::builder().bucket_arn("arn:aws:s3:::docs").inclusion_prefixes("en/");
        let s3 = DataSourceConfiguration::builder()
            .r#type(DataSourceType::S3)
            .s3_configuration(bucket.build().unwrap())
            .build()
            .unwrap();
        let made = client
            .create_data_source()
            .knowledge_base_id(&base)
            .name("bucket")
            .description("English")
            .data_source_configuration(s3.clone())
            .data_deletion_policy(DataDeletionPolicy::Retain)
            .vector_ingestion_configuration(fixed(100, 20));
        let made = made.send().await.unwrap().data_source.unwrap();
        let got = client.get_data_source().knowledge_base_id(&base).data_source_id(made.data_source_id());
        let got = got.send().await.unwrap().data_source.unwrap();
        assert_eq!(got, made);
        assert_eq!((got.name(), got.description()), ("bucket", Some("English")));
        assert_eq!(got.status(), &DataSourceStatus::Available);
        assert_eq!(got.data_deletion_policy(), Some(&DataDeletionPolicy::Retain));
        assert_eq!(got.data_source_configuration(), Some(&s3));
        assert_eq!(got.vector_ingestion_configuration(), Some(&fixed(100, 20)));
    });
}

#[test]
fn the_same_request_with_the_same_token_makes_one() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let make = || {
            let make = client.create_data_source().client_token("b".repeat(40)).knowledge_base_id(&base).name("a");
            make.data_source_configuration(custom()).send()
        };
        let (first, second) = (make().await.unwrap(), make().await.unwrap());
        assert_eq!(first.data_source(), second.data_source());
    });
}

#[test]
fn what_cannot_be_is_refused() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let id = base(&stage, "docs").await;
        source(&stage, &id, Some(unchunked())).await;
        let make = |name: &str, configuration: DataSourceConfiguration, ingestion| {
            let make = client.create_data_source().knowledge_base_id(&id).name(name);
            make.data_source_configuration(configuration).set_vector_ingestion_configuration(ingestion).send()
        };
        let of_type = |kind| DataSourceConfiguration::builder().r#type(kind).build().unwrap();
        let unset = ChunkingConfiguration::builder().chunking_strategy(ChunkingStrategy::Semantic).build().unwrap();
        for (name, configuration, ingestion, code, expected) in [
            ("direct", custom(), None, "ConflictException", "DataSource with name direct already exists."),
            ("a", of_type(DataSourceType::S3), None, "ValidationException", "s3Configuration is required"),
            ("a", of_type("FTP".into()), None, "ValidationException", "Member must satisfy enum value set: [S3, WEB,"),
            ("a", custom(), Some(fixed(0, 20)), "ValidationException", "fixedSizeChunkingConfiguration.maxTokens"),
            (
                "a",
                custom(),
                Some(fixed(9, 100)),
                "ValidationException",
                "Member must have value less than or equal to 99",
            ),
            ("a", custom(), Some(chunked(unset)), "ValidationException", "semanticChunkingConfiguration is required"),
        ] {
            let refused = refusal(make(name, configuration, ingestion).await);
            assert_eq!(refused.0, code, "{}", refused.1);
            assert!(refused.1.contains(expected), "{expected}: {}", refused.1);
        }
        let missing = client.create_data_source().knowledge_base_id("ABCDEFGHIJ").name("a");
        let missing = missing.data_source_configuration(custom()).send().await;
        assert_eq!(refusal(missing).0, "ResourceNotFoundException");
        let making = made_base(&stage, "other").await;
        let early = client.create_data_source().knowledge_base_id(making).name("a").data_source_configuration(custom());
        let (code, message) = refusal(early.send().await);
        assert_eq!(code, "ConflictException");
        assert!(message.starts_with("The Knowledge Base is not in a valid status."), "{message}");
    });
}
