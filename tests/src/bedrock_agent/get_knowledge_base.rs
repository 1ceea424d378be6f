use super::client;
use crate::stage::{on_both_stages, refusal};

#[test]
fn one_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let get = |id: &str| client(&stage).get_knowledge_base().knowledge_base_id(id).send();
        let (code, message) = refusal(get("ABCDEFGHIJ").await);
        assert_eq!(code, "ResourceNotFoundException");
        assert!(message.contains("ABCDEFGHIJ"), "{message}");
        let (code, message) = refusal(get("short").await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("Value 'short' at 'knowledgeBaseId'"), "{message}");
    });
}
