use super::client;
use super::knowledge::{base, source};
use crate::stage::{on_both_stages, refusal};

#[test]
fn one_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let get = client(&stage).get_ingestion_job().knowledge_base_id(base).data_source_id(source);
        let (code, message) = refusal(get.ingestion_job_id("ABCDEFGHIJ").send().await);
        assert_eq!(code, "ResourceNotFoundException");
        assert!(message.contains("ABCDEFGHIJ"), "{message}");
    });
}
