use super::client;
use super::knowledge::{base, made_base};
use crate::stage::{on_both_stages, refusal};

#[test]
fn they_come_in_pages_oldest_first() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        for name in ["c", "a"] {
            base(&stage, name).await;
        }
        made_base(&stage, "b").await;
        let list = || client.list_knowledge_bases().max_results(2);
        let first = list().send().await.unwrap();
        let second = list().next_token(first.next_token().expect("there is more")).send().await.unwrap();
        assert_eq!(second.next_token(), None);
        let all = first.knowledge_base_summaries().iter().chain(second.knowledge_base_summaries());
        let all: Vec<(&str, &str)> = all.map(|base| (base.name(), base.status().as_str())).collect();
        assert_eq!(all, [("c", "ACTIVE"), ("a", "ACTIVE"), ("b", "CREATING")]);
    });
}

#[test]
fn bounds_and_tokens_are_checked() {
    on_both_stages(async |stage| {
        let list = || client(&stage).list_knowledge_bases();
        for (refused, expected) in [
            (list().max_results(0).send().await, "Member must have value greater than or equal to 1"),
            (list().max_results(1001).send().await, "Member must have value less than or equal to 1000"),
            (list().next_token("mine").send().await, "Invalid nextToken."),
        ] {
            let (code, message) = refusal(refused);
            assert_eq!(code, "ValidationException");
            assert!(message.contains(expected), "{message}");
        }
    });
}
