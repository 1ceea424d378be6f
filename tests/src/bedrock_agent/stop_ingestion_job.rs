use std::time::Duration;

use aws_sdk_bedrockagent::types::IngestionJobStatus;

use super::client;
use super::knowledge::{base, source};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_job_stops_and_one_that_has_ended_does_not() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let start = || client.start_ingestion_job().knowledge_base_id(&base).data_source_id(&source).send();
        let id = start().await.unwrap().ingestion_job.unwrap().ingestion_job_id;
        let stop = || {
            let stop = client.stop_ingestion_job().knowledge_base_id(&base).data_source_id(&source);
            stop.ingestion_job_id(&id).send()
        };
        assert_eq!(stop().await.unwrap().ingestion_job.unwrap().status(), &IngestionJobStatus::Stopping);
        stage.advance(Duration::from_secs(1)).await;
        let get = client.get_ingestion_job().knowledge_base_id(&base).data_source_id(&source).ingestion_job_id(&id);
        assert_eq!(get.send().await.unwrap().ingestion_job.unwrap().status(), &IngestionJobStatus::Stopped);
        assert_eq!(refusal(stop().await).0, "ConflictException");
        start().await.expect("another may start");
    });
}
