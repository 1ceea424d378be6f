//! Describes a group of actions of an agent's draft or version.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetAgentActionGroup.html>
//!
//! ```text
//! GET /agents/Q7X0A2B9CD/agentversions/DRAFT/actiongroups/LK0P2M4N6B/
//!
//! {"agentActionGroup":{"actionGroupId":"LK0P2M4N6B","actionGroupName":"orders","actionGroupState":"ENABLED",..}}
//! ```

use serde_json::Value;

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{Given, GroupOf, shapes};

pub struct GetAgentActionGroup;

impl Operation for GetAgentActionGroup {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "GetAgentActionGroup";
    const BINDING: Binding =
        Binding::get("/agents/{agentId}/agentversions/{agentVersion}/actiongroups/{actionGroupId}/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("actionGroupId"))
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let GroupOf { agent_id, agent_version, action_group_id } = input.read(&shapes::GET_AGENT_ACTION_GROUP)?;
        let group = state.agents.edition(&agent_id, &agent_version)?.action_group(&action_group_id)?;
        Ok(group.shown(&agent_id, &agent_version))
    }
}
