use std::time::Duration;

use aws_sdk_bedrockagent::types::AgentStatus;

use super::{NOT_FOUND, agent, alias, client, prepare};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_agent_is_deleted_after_a_while_unless_it_is_in_use() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        alias(&stage, &id, "live").await;
        let delete = || client(&stage).delete_agent().agent_id(&id);
        assert_eq!(refusal(delete().send().await).0, "ConflictException");
        let deleted = delete().skip_resource_in_use_check(true).send().await.expect("it is deleted");
        assert_eq!(deleted.agent_status(), &AgentStatus::Deleting);
        stage.advance(Duration::from_secs(3)).await;
        let refused = refusal(client(&stage).get_agent().agent_id(&id).send().await);
        assert_eq!(refused, ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned()));
        assert_eq!(refusal(delete().send().await).0, "ResourceNotFoundException");
    });
}
