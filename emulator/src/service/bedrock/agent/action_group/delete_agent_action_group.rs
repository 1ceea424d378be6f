//! Takes a group of actions from an agent's draft.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DeleteAgentActionGroup.html>
//!
//! ```text
//! DELETE /agents/Q7X0A2B9CD/agentversions/DRAFT/actiongroups/LK0P2M4N6B/
//!
//! 204 {}
//! ```
//!
//! assumed: that a group which is enabled is in use, unless `skipResourceInUseCheck` says not to look.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{Given, GroupOf, in_use_check, refusal, shapes};

pub struct DeleteAgentActionGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    #[serde(flatten)]
    group: GroupOf,
    #[serde(default, deserialize_with = "in_use_check::skipped")]
    skip_resource_in_use_check: bool,
}

impl Operation for DeleteAgentActionGroup {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "DeleteAgentActionGroup";
    const BINDING: Binding =
        Binding::delete("/agents/{agentId}/agentversions/{agentVersion}/actiongroups/{actionGroupId}/");
    const STATUS: u16 = 204;

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("actionGroupId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { group: place, skip_resource_in_use_check } = input.read(&shapes::DELETE_AGENT_ACTION_GROUP)?;
        let agent = state.agents.to_change(&place.agent_id, "Delete")?;
        let group = agent.draft.action_group(&place.action_group_id)?;
        if group.description.is_enabled() && !skip_resource_in_use_check {
            return Err(refusal::in_use("Action group", &group.id, "the agent: disable it first"));
        }
        agent.draft.action_groups.remove(&place.action_group_id);
        agent.changed(call);
        Ok(json!({}))
    }
}
