use aws_sdk_bedrockagent::types::{ActionGroupState, AgentStatus};

use super::{action_group, agent, client, functions, prepare, return_control, status};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_update_replaces_the_group_and_the_agent_is_not_prepared() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let group = action_group(&stage, &id).await;
        prepare(&stage, &id).await;
        let update = |group: &str| {
            let request = client(&stage).update_agent_action_group().agent_id(&id).agent_version("DRAFT");
            let request =
                request.action_group_id(group).action_group_name("shop").action_group_executor(return_control());
            request.action_group_state(ActionGroupState::Disabled).function_schema(functions(&["pay"]))
        };
        let updated = update(&group).send().await.expect("it is updated");
        let updated = updated.agent_action_group().expect("it is told");
        assert_eq!((updated.action_group_name(), updated.action_group_state().as_str()), ("shop", "DISABLED"));
        assert_eq!(status(&stage, &id).await, AgentStatus::NotPrepared);
        assert_eq!(refusal(update("NOGROUP000").send().await).0, "ResourceNotFoundException");
    });
}
