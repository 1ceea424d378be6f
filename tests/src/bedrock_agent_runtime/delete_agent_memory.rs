use std::time::Duration;

use super::client;
use super::get_agent_memory::{a_session, get, summaries, summarizes, with_memory};
use super::invoke_agent::TEST_ALIAS;
use crate::bedrock_agent::NOT_FOUND;
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_session_a_memory_or_all_memories_are_deleted() {
    on_both_stages(async |stage| {
        summarizes(&stage);
        let id = with_memory(&stage).await;
        for (session, memory) in [("s-1", "u_7"), ("s-2", "u_7"), ("s-3", "u_7"), ("s-4", "u_8"), ("s-5", "u_9")] {
            a_session(&stage, &id, session, Some(memory)).await;
        }
        let delete = || client(&stage).delete_agent_memory().agent_id(&id).agent_alias_id(TEST_ALIAS);
        delete().memory_id("u_7").session_id("s-3").send().await.expect("it is deleted while the model speaks");
        stage.advance(Duration::from_secs(30)).await;
        let left = async || {
            let mut left = Vec::new();
            for memory in ["u_7", "u_8", "u_9"] {
                let got = get(&stage, &id, memory).send().await.expect("it is told");
                left.extend(summaries(&got).iter().filter_map(|summary| summary.split(' ').nth(1).map(str::to_owned)));
            }
            left
        };
        assert_eq!(left().await, ["s-2", "s-1", "s-4", "s-5"]);
        delete().memory_id("u_7").session_id("s-1").send().await.expect("it is deleted");
        assert_eq!(left().await, ["s-2", "s-4", "s-5"]);
        delete().memory_id("u_7").send().await.expect("it is deleted");
        delete().memory_id("u_7").send().await.expect("there is nothing left to delete");
        assert_eq!(left().await, ["s-4", "s-5"]);
        delete().send().await.expect("it is deleted");
        assert!(left().await.is_empty());
    });
}

#[test]
fn of_what_is_not_there_nothing_is_deleted() {
    on_both_stages(async |stage| {
        let id = with_memory(&stage).await;
        let delete = |agent: &str, alias: &str| {
            client(&stage).delete_agent_memory().agent_id(agent).agent_alias_id(alias).memory_id("u_7")
        };
        let not_found = ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned());
        assert_eq!(refusal(delete("NOAGENT000", TEST_ALIAS).send().await), not_found);
        assert_eq!(refusal(delete(&id, "NOALIAS000").send().await), not_found);
        let (code, message) = refusal(delete(&id, TEST_ALIAS).memory_id("u").send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("Value 'u' at 'memoryId'"), "{message}");
    });
}
