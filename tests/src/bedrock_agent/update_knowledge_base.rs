use std::time::Duration;

use aws_sdk_bedrockagent::types::{KnowledgeBaseStatus, StorageConfiguration};

use super::client;
use super::knowledge::{ROLE, base, made_base, storage, vector_configuration};
use crate::stage::{on_both_stages, refusal};

#[test]
fn it_has_a_new_name_and_loses_what_is_left_out() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let id = base(&stage, "docs").await;
        base(&stage, "other").await;
        let update = |name: &str, storage: StorageConfiguration| {
            let update = client.update_knowledge_base().knowledge_base_id(&id).name(name).role_arn(ROLE);
            update.knowledge_base_configuration(vector_configuration()).storage_configuration(storage).send()
        };
        let updated = update("manuals", storage()).await.unwrap().knowledge_base.unwrap();
        assert_eq!((updated.name(), updated.status()), ("manuals", &KnowledgeBaseStatus::Updating));
        let (code, message) = refusal(update("again", storage()).await);
        assert_eq!(code, "ConflictException");
        assert!(message.starts_with("The Knowledge Base is not in a valid status."), "{message}");
        stage.advance(Duration::from_secs(2)).await;
        let (code, message) = refusal(update("other", storage()).await);
        assert_eq!((&*code, &*message), ("ConflictException", "KnowledgeBase with name other already exists."));
        let index = aws_sdk_bedrockagent::types::S3VectorsConfiguration::builder().index_name("other").build();
        let elsewhere = StorageConfiguration::builder().r#type("S3_VECTORS".into()).s3_vectors_configuration(index);
        let (code, message) = refusal(update("manuals", elsewhere.build().unwrap()).await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("storageConfiguration"), "{message}");
        let got = client.get_knowledge_base().knowledge_base_id(&id).send().await.unwrap().knowledge_base.unwrap();
        assert_eq!((got.name(), got.status()), ("manuals", &KnowledgeBaseStatus::Active));
    });
}

#[test]
fn one_that_is_being_made_cannot_change() {
    on_both_stages(async |stage| {
        let id = made_base(&stage, "docs").await;
        let update = client(&stage).update_knowledge_base().knowledge_base_id(&id).name("a").role_arn(ROLE);
        let update = update.knowledge_base_configuration(vector_configuration()).storage_configuration(storage());
        assert_eq!(refusal(update.send().await).0, "ConflictException");
    });
}
