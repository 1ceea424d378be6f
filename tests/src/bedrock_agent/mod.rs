//! One file an operation, through the official SDK.

mod create_data_source;
mod create_knowledge_base;
mod delete_data_source;
mod delete_knowledge_base;
mod delete_knowledge_base_documents;
mod get_data_source;
mod get_ingestion_job;
mod get_knowledge_base;
mod get_knowledge_base_documents;
mod ingest_knowledge_base_documents;
pub mod knowledge;
mod list_data_sources;
mod list_ingestion_jobs;
mod list_knowledge_base_documents;
mod list_knowledge_bases;
mod list_tags_for_resource;
mod start_ingestion_job;
mod stop_ingestion_job;
mod tag_resource;
mod untag_resource;
mod update_data_source;
mod update_knowledge_base;

use aws_sdk_bedrockagent::Client;

use crate::stage::{Stage, on_both_stages, refusal};

pub fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

#[test]
fn what_is_not_here_says_so() {
    on_both_stages(async |stage| {
        let refused = refusal(client(&stage).list_flows().send().await);
        assert_eq!(refused.0, "NotImplemented", "{}", refused.1);
        assert!(refused.1.contains("bedrock-agent ListFlows"), "{}", refused.1);
    });
}
