use aws_sdk_bedrockagent::types::{DataDeletionPolicy, VectorIngestionConfiguration};

use super::client;
use super::knowledge::{base, custom, source, unchunked};
use crate::stage::{on_both_stages, refusal};

#[test]
fn all_but_the_chunking_may_change() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, Some(unchunked())).await;
        let update = |ingestion: Option<VectorIngestionConfiguration>| {
            let update = client.update_data_source().knowledge_base_id(&base).data_source_id(&source).name("new");
            let update = update.data_source_configuration(custom()).data_deletion_policy(DataDeletionPolicy::Retain);
            update.set_vector_ingestion_configuration(ingestion).send()
        };
        let updated = update(Some(unchunked())).await.unwrap().data_source.unwrap();
        assert_eq!((updated.name(), updated.data_deletion_policy()), ("new", Some(&DataDeletionPolicy::Retain)));
        let (code, message) = refusal(update(None).await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("chunking configuration"), "{message}");
    });
}
