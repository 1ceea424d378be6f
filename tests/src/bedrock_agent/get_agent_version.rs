use aws_sdk_bedrockagent::types::AgentStatus;

use super::{NOT_FOUND, agent, alias, client, prepare};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_version_is_what_the_draft_was() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        alias(&stage, &id, "live").await;
        let get = |version: &str| client(&stage).get_agent_version().agent_id(&id).agent_version(version);
        let got = get("1").send().await.expect("it is there");
        let got = got.agent_version().expect("it is told");
        assert_eq!((got.version(), got.agent_name()), ("1", "orders"));
        assert_eq!(got.agent_status(), &AgentStatus::Prepared);
        let refused = refusal(get("2").send().await);
        assert_eq!(refused, ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned()));
        assert_eq!(refusal(get("first").send().await).0, "ValidationException");
    });
}
