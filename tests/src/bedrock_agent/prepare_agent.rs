use std::time::Duration;

use aws_sdk_bedrockagent::types::AgentStatus;

use super::{action_group, agent, client, prepare, status};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn an_agent_is_prepared_after_a_while_and_no_more_when_it_changes() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let preparing = client(&stage).prepare_agent().agent_id(&id).send().await.expect("it is prepared");
        assert_eq!((preparing.agent_status(), preparing.agent_version()), (&AgentStatus::Preparing, "DRAFT"));
        assert_eq!(status(&stage, &id).await, AgentStatus::Preparing);
        let (code, message) = refusal(client(&stage).prepare_agent().agent_id(&id).send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.starts_with("Prepare operation can't be performed on Agent when it is in Preparing state."));
        stage.advance(Duration::from_secs(6)).await;
        assert_eq!(status(&stage, &id).await, AgentStatus::Prepared);
        action_group(&stage, &id).await;
        assert_eq!(status(&stage, &id).await, AgentStatus::NotPrepared);
        prepare(&stage, &id).await;
        assert_eq!(status(&stage, &id).await, AgentStatus::Prepared);
    });
}

#[test]
fn an_agent_that_lacks_its_instruction_fails_and_says_why() {
    in_virtual_time(async |stage| {
        let made = client(&stage).create_agent().agent_name("orders").send().await.expect("it is made");
        let id = made.agent().expect("it is told").agent_id().to_owned();
        stage.advance(Duration::from_secs(3)).await;
        prepare(&stage, &id).await;
        let got = client(&stage).get_agent().agent_id(&id).send().await.expect("it is there");
        let got = got.agent().expect("it is told");
        assert_eq!(got.agent_status(), &AgentStatus::Failed);
        assert_eq!(got.failure_reasons(), ["instruction is required to prepare the agent."]);
    });
}

#[test]
fn the_timeline_tells_what_set_an_agent_s_state() {
    in_virtual_time(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("agent status") && timeline.contains("agent Prepared"), "{timeline}");
    });
}
