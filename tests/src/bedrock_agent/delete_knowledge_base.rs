use std::time::Duration;

use aws_sdk_bedrockagent::types::KnowledgeBaseStatus;

use super::client;
use super::knowledge::{base, source};
use crate::stage::{on_both_stages, refusal};

#[test]
fn it_goes_with_its_data_sources_and_its_name_is_free() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let id = base(&stage, "docs").await;
        source(&stage, &id, None).await;
        let deleted = client.delete_knowledge_base().knowledge_base_id(&id).send().await.unwrap();
        assert_eq!((deleted.knowledge_base_id(), deleted.status()), (&*id, &KnowledgeBaseStatus::Deleting));
        let again = client.delete_knowledge_base().knowledge_base_id(&id).send().await;
        assert_eq!(refusal(again).0, "ConflictException");
        stage.advance(Duration::from_secs(2)).await;
        let gone = client.get_knowledge_base().knowledge_base_id(&id).send().await;
        assert_eq!(refusal(gone).0, "ResourceNotFoundException");
        base(&stage, "docs").await;
    });
}

#[test]
fn not_while_a_data_source_is_ingested() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let id = base(&stage, "docs").await;
        let source = source(&stage, &id, None).await;
        client.start_ingestion_job().knowledge_base_id(&id).data_source_id(source).send().await.unwrap();
        let refused = client.delete_knowledge_base().knowledge_base_id(&id).send().await;
        assert_eq!(refusal(refused).0, "ConflictException");
    });
}
