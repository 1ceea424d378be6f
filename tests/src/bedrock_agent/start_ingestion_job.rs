use std::time::Duration;

use aws_sdk_bedrockagent::types::{
    DataSourceConfiguration, DataSourceType, IngestionJob, IngestionJobStatus, S3DataSourceConfiguration,
};

use super::client;
use super::knowledge::{base, ingest, source, text_document, told};
use crate::stage::{Stage, on_both_stages, refusal};

async fn job(stage: &Stage, base: &str, source: &str, id: &str) -> IngestionJob {
    let got = client(stage).get_ingestion_job().knowledge_base_id(base).data_source_id(source).ingestion_job_id(id);
    got.send().await.expect("the job is there").ingestion_job.expect("it is described")
}

#[test]
fn a_job_goes_through_its_states_and_counts() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let documents = ["a", "b"].map(|id| text_document(id, "Plums are blue.").build());
        ingest(&stage, &base, &source, documents.into()).await;
        let late = client.ingest_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        late.documents(text_document("c", "Limes are sour.").build()).send().await.unwrap();
        let start =
            client.start_ingestion_job().knowledge_base_id(&base).data_source_id(&source).description("nightly");
        let started = start.send().await.unwrap().ingestion_job.unwrap();
        let id = started.ingestion_job_id();
        assert_eq!((started.status(), started.description()), (&IngestionJobStatus::Starting, Some("nightly")));
        let again = client.start_ingestion_job().knowledge_base_id(&base).data_source_id(&source).send().await;
        let (code, message) = refusal(again);
        assert_eq!(code, "ConflictException");
        assert!(message.contains(id), "{message}");
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(job(&stage, &base, &source, id).await.status(), &IngestionJobStatus::InProgress);
        stage.advance(Duration::from_secs(1)).await;
        let done = job(&stage, &base, &source, id).await;
        assert_eq!(done.status(), &IngestionJobStatus::Complete);
        let statistics = done.statistics().unwrap();
        assert_eq!(statistics.number_of_documents_scanned(), 3);
        assert_eq!(statistics.number_of_documents_failed(), 0);
        assert!(done.failure_reasons().is_empty());
        assert_eq!(told(&stage, "3 documents, 3 chunks"), 1);
    });
}

#[test]
fn what_lies_elsewhere_is_not_reached_yet() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let bucket = S3DataSourceConfiguration::builder().bucket_arn("arn:aws:s3:::docs").build().unwrap();
        let s3 = DataSourceConfiguration::builder().r#type(DataSourceType::S3).s3_configuration(bucket);
        let make = client.create_data_source().knowledge_base_id(&base).name("bucket");
        let made = make.data_source_configuration(s3.build().unwrap()).send().await.unwrap();
        let source = made.data_source.unwrap().data_source_id;
        let started = client.start_ingestion_job().knowledge_base_id(&base).data_source_id(&source).send().await;
        let id = started.unwrap().ingestion_job.unwrap().ingestion_job_id;
        stage.advance(Duration::from_secs(2)).await;
        let failed = job(&stage, &base, &source, &id).await;
        assert_eq!(failed.status(), &IngestionJobStatus::Failed);
        assert_eq!(failed.failure_reasons(), ["rehearsal cannot reach data sources of type S3 yet"]);
    });
}
