use std::time::Duration;

use aws_sdk_bedrockagent::types::{DataDeletionPolicy, DataSourceStatus};

use super::client;
use super::knowledge::{base, custom, ingest, text_document};
use crate::bedrock_agent_runtime::retrieve::found;
use crate::stage::{on_both_stages, refusal};

#[test]
fn what_was_ingested_goes_or_stays_as_its_policy_says() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        for (policy, left) in [(DataDeletionPolicy::Delete, 0), (DataDeletionPolicy::Retain, 1)] {
            let make = client.create_data_source().knowledge_base_id(&base).name("direct");
            let make = make.data_source_configuration(custom()).data_deletion_policy(policy);
            let source = make.send().await.unwrap().data_source.unwrap().data_source_id;
            ingest(&stage, &base, &source, vec![text_document("a", "Plums are blue.").build()]).await;
            assert_eq!(found(&stage, &base, "plums").await.len(), 1);
            let delete = || client.delete_data_source().knowledge_base_id(&base).data_source_id(&source).send();
            let deleted = delete().await.unwrap();
            assert_eq!((deleted.data_source_id(), deleted.status()), (&*source, &DataSourceStatus::Deleting));
            assert_eq!(refusal(delete().await).0, "ConflictException");
            stage.advance(Duration::from_secs(1)).await;
            assert_eq!(refusal(delete().await).0, "ResourceNotFoundException");
            assert_eq!(found(&stage, &base, "plums").await.len(), left);
        }
    });
}
