use std::time::Duration;

use aws_sdk_bedrockagent::types::AgentStatus;

use super::{MODEL, NOT_FOUND, ROLE, agent, client, named_agent, prepare, status};
use crate::stage::{Stage, on_both_stages, refusal};

async fn update(stage: &Stage, id: &str, name: &str) -> Result<AgentStatus, (String, String)> {
    let request = client(stage).update_agent().agent_id(id).agent_name(name).foundation_model(MODEL);
    let sent = request.agent_resource_role_arn(ROLE).send().await;
    match sent {
        Ok(updated) => Ok(updated.agent().expect("it is told").agent_status().clone()),
        refused => Err(refusal(refused)),
    }
}

#[test]
fn an_update_replaces_all_and_the_agent_is_not_prepared() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        assert_eq!(status(&stage, &id).await, AgentStatus::Prepared);
        assert_eq!(update(&stage, &id, "shop").await, Ok(AgentStatus::Updating));
        stage.advance(Duration::from_secs(3)).await;
        let got = client(&stage).get_agent().agent_id(&id).send().await.expect("it is there");
        let got = got.agent().expect("it is told");
        assert_eq!((got.agent_status(), got.agent_name()), (&AgentStatus::NotPrepared, "shop"));
        assert_eq!(got.instruction(), None, "what the request leaves out is gone");
    });
}

#[test]
fn what_cannot_be_updated_is_refused() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        named_agent(&stage, "returns").await;
        assert_eq!(update(&stage, &id, "returns").await.unwrap_err().0, "ConflictException");
        let not_found = update(&stage, "NOAGENT000", "shop").await.unwrap_err();
        assert_eq!(not_found, ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned()));
        client(&stage).prepare_agent().agent_id(&id).send().await.expect("it is prepared");
        let (code, message) = update(&stage, &id, "shop").await.unwrap_err();
        assert_eq!(code, "ValidationException");
        assert_eq!(
            message,
            "Update operation can't be performed on Agent when it is in Preparing state. Retry the request when the agent is in a valid state."
        );
    });
}
