use std::time::Duration;

use aws_sdk_bedrockagent::types::{
    BedrockEmbeddingModelConfiguration, EmbeddingModelConfiguration, KendraKnowledgeBaseConfiguration,
    KnowledgeBaseConfiguration, KnowledgeBaseStatus, KnowledgeBaseType, VectorKnowledgeBaseConfiguration,
};

use super::client;
use super::knowledge::{EMBEDDING_MODEL, ROLE, made_base, storage, told, vector_configuration};
use crate::stage::{on_both_stages, refusal};

fn vector_of(dimensions: i32) -> KnowledgeBaseConfiguration {
    let bedrock = BedrockEmbeddingModelConfiguration::builder().dimensions(dimensions).build();
    let model = EmbeddingModelConfiguration::builder().bedrock_embedding_model_configuration(bedrock).build();
    let vector = VectorKnowledgeBaseConfiguration::builder().embedding_model_arn(EMBEDDING_MODEL);
    KnowledgeBaseConfiguration::builder()
        .r#type(KnowledgeBaseType::Vector)
        .vector_knowledge_base_configuration(vector.embedding_model_configuration(model).build().unwrap())
        .build()
        .unwrap()
}

#[test]
fn a_knowledge_base_is_active_soon_and_keeps_what_it_was_given() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let made = client
            .create_knowledge_base()
            .name("docs")
            .description("What we know")
            .role_arn(ROLE)
            .knowledge_base_configuration(vector_of(256))
            .storage_configuration(storage());
        let made = made.send().await.unwrap().knowledge_base.unwrap();
        let id = made.knowledge_base_id();
        assert!(id.len() == 10 && id.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()), "{id}");
        assert_eq!(made.knowledge_base_arn(), format!("arn:aws:bedrock:us-east-1:000000000000:knowledge-base/{id}"));
        assert_eq!(made.status(), &KnowledgeBaseStatus::Creating);
        assert_eq!(made.knowledge_base_configuration(), Some(&vector_of(256)));
        assert_eq!(made.storage_configuration(), Some(&storage()));
        stage.advance(Duration::from_secs(2)).await;
        let active = client.get_knowledge_base().knowledge_base_id(id).send().await.unwrap().knowledge_base.unwrap();
        assert_eq!((active.name(), active.description()), ("docs", Some("What we know")));
        assert_eq!(active.status(), &KnowledgeBaseStatus::Active);
        assert!(active.updated_at() > active.created_at());
        assert_eq!(told(&stage, "KnowledgeBaseActive"), 1);
    });
}

#[test]
fn the_same_request_with_the_same_token_makes_one() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let make = |name: &str| {
            let make = client.create_knowledge_base().client_token("a".repeat(33)).name(name).role_arn(ROLE);
            make.knowledge_base_configuration(vector_configuration()).storage_configuration(storage()).send()
        };
        let first = make("docs").await.unwrap().knowledge_base.unwrap();
        let second = make("docs").await.unwrap().knowledge_base.unwrap();
        assert_eq!(first.knowledge_base_id(), second.knowledge_base_id());
        let (code, message) = refusal(make("other").await);
        assert_eq!(code, "ConflictException", "{message}");
    });
}

#[test]
fn names_are_unique() {
    on_both_stages(async |stage| {
        made_base(&stage, "docs").await;
        let again = client(&stage).create_knowledge_base().name("docs").role_arn(ROLE);
        let again = again.knowledge_base_configuration(vector_configuration()).storage_configuration(storage());
        let expected = ("ConflictException".to_owned(), "KnowledgeBase with name docs already exists.".to_owned());
        assert_eq!(refusal(again.send().await), expected);
    });
}

#[test]
fn what_the_model_does_not_allow_is_refused() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let make = |name: &str, role: &str, configuration: KnowledgeBaseConfiguration| {
            let make = client.create_knowledge_base().name(name).role_arn(role);
            make.knowledge_base_configuration(configuration).storage_configuration(storage()).send()
        };
        let kendra = |arn: &str| {
            let kendra = KendraKnowledgeBaseConfiguration::builder().kendra_index_arn(arn).build().unwrap();
            KnowledgeBaseConfiguration::builder()
                .r#type(KnowledgeBaseType::Kendra)
                .kendra_knowledge_base_configuration(kendra)
        };
        let untyped = KnowledgeBaseConfiguration::builder().r#type(KnowledgeBaseType::Vector).build().unwrap();
        for (name, role, configuration, expected) in [
            ("a b", ROLE, vector_configuration(), "Value 'a b' at 'name' failed to satisfy constraint"),
            ("a", "arn", vector_configuration(), "Value 'arn' at 'roleArn' failed to satisfy constraint"),
            ("a b", "arn", vector_configuration(), "2 validation errors detected"),
            ("a", ROLE, vector_of(4097), "Member must have value less than or equal to 4096"),
            ("a", ROLE, vector_of(300), "does not support 300 dimensions"),
            ("a", ROLE, kendra("arn").build().unwrap(), "kendraKnowledgeBaseConfiguration.kendraIndexArn"),
            ("a", ROLE, untyped, "knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration is required"),
        ] {
            let (code, message) = refusal(make(name, role, configuration).await);
            assert_eq!(code, "ValidationException", "{message}");
            assert!(message.contains(expected), "{expected}: {message}");
        }
        let managed = KnowledgeBaseConfiguration::builder().r#type(KnowledgeBaseType::Managed).build().unwrap();
        assert_eq!(refusal(make("a", ROLE, managed).await).0, "NotImplemented");
    });
}
