//! Gives the draft of an agent a group of actions.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_CreateAgentActionGroup.html>
//!
//! ```text
//! PUT /agents/Q7X0A2B9CD/agentversions/DRAFT/actiongroups/
//! {"actionGroupName":"orders","actionGroupExecutor":{"customControl":"RETURN_CONTROL"},
//!  "functionSchema":{"functions":[{"name":"get_order","parameters":{"id":{"type":"integer","required":true}}}]}}
//!
//! {"agentActionGroup":{"actionGroupId":"LK0P2M4N6B","actionGroupName":"orders","actionGroupState":"ENABLED",..}}
//! ```

use serde::Deserialize;
use serde_json::Value;

use super::{ActionGroup, Description};
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{DRAFT, Given, shapes};
use crate::service::bedrock::knowledge::new_id;

pub struct CreateAgentActionGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    client_token: Option<String>,
    #[serde(flatten)]
    description: Description,
}

impl Operation for CreateAgentActionGroup {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "CreateAgentActionGroup";
    const BINDING: Binding = Binding::put("/agents/{agentId}/agentversions/{agentVersion}/actiongroups/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("actionGroupName"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { agent_id, client_token, description } = input.read(&shapes::CREATE_AGENT_ACTION_GROUP)?;
        let actions = description.actions("bedrock-agent CreateAgentActionGroup")?;
        let agent = state.agents.get_mut(&agent_id)?;
        let groups = &agent.draft.action_groups;
        if let Some(same) = groups.values().find(|group| client_token.is_some() && group.client_token == client_token) {
            return Ok(same.shown(&agent_id, DRAFT));
        }
        agent.check_at_rest("Create")?;
        agent.draft.check_group_name(&description.action_group_name, None)?;
        let id = new_id(call.ids());
        let group = ActionGroup { id, client_token, description, actions, created: call.now, updated: call.now };
        let shown = group.shown(&agent_id, DRAFT);
        agent.draft.action_groups.insert(group.id.clone(), group);
        agent.changed(call);
        Ok(shown)
    }
}
