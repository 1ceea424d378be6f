use std::time::Duration;

use super::client;
use super::knowledge::{ROLE, storage, vector_configuration};
use crate::stage::{on_both_stages, refusal};

#[test]
fn what_a_knowledge_base_was_made_with_is_listed_while_it_is_there() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let make = client.create_knowledge_base().name("docs").role_arn(ROLE).tags("team", "shop");
        let make = make.knowledge_base_configuration(vector_configuration()).storage_configuration(storage());
        let base = make.send().await.unwrap().knowledge_base.unwrap();
        stage.advance(Duration::from_secs(2)).await;
        let list = || client.list_tags_for_resource().resource_arn(base.knowledge_base_arn()).send();
        assert_eq!(list().await.unwrap().tags().unwrap()["team"], "shop");
        client.delete_knowledge_base().knowledge_base_id(base.knowledge_base_id()).send().await.unwrap();
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(refusal(list().await).0, "ResourceNotFoundException");
        let (code, message) = refusal(client.list_tags_for_resource().resource_arn("nobody").send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("Value 'nobody' at 'resourceArn'"), "{message}");
    });
}
