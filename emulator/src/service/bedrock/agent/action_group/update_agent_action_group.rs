//! Replaces a group of actions of an agent's draft.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateAgentActionGroup.html>
//!
//! ```text
//! PUT /agents/Q7X0A2B9CD/agentversions/DRAFT/actiongroups/LK0P2M4N6B/
//! {"actionGroupName":"orders","actionGroupState":"DISABLED","functionSchema":{"functions":[{"name":"get_order"}]}}
//!
//! {"agentActionGroup":{"actionGroupId":"LK0P2M4N6B","actionGroupState":"DISABLED",..}}
//! ```

use serde::Deserialize;
use serde_json::Value;

use super::Description;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{DRAFT, Given, GroupOf, shapes};

pub struct UpdateAgentActionGroup;

#[derive(Deserialize)]
struct Input {
    #[serde(flatten)]
    group: GroupOf,
    #[serde(flatten)]
    description: Description,
}

impl Operation for UpdateAgentActionGroup {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "UpdateAgentActionGroup";
    const BINDING: Binding =
        Binding::put("/agents/{agentId}/agentversions/{agentVersion}/actiongroups/{actionGroupId}/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("actionGroupId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { group: place, description } = input.read(&shapes::UPDATE_AGENT_ACTION_GROUP)?;
        let actions = description.actions("bedrock-agent UpdateAgentActionGroup")?;
        let agent = state.agents.to_change(&place.agent_id, "Update")?;
        agent.draft.action_group(&place.action_group_id)?;
        agent.draft.check_group_name(&description.action_group_name, Some(&place.action_group_id))?;
        let group = agent.draft.action_group_mut(&place.action_group_id)?;
        group.description = description;
        group.actions = actions;
        group.updated = call.now;
        let shown = group.shown(&place.agent_id, DRAFT);
        agent.changed(call);
        Ok(shown)
    }
}
