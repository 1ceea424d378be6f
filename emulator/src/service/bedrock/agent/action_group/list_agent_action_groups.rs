//! Lists the groups of actions of an agent's draft or version.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListAgentActionGroups.html>
//!
//! ```text
//! POST /agents/Q7X0A2B9CD/agentversions/DRAFT/actiongroups/
//! {"maxResults":10}
//!
//! {"actionGroupSummaries":[{"actionGroupId":"LK0P2M4N6B","actionGroupName":"orders","actionGroupState":"ENABLED",..}]}
//! ```

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::page;
use crate::service::bedrock::agent::{Given, InVersion, shapes};

pub struct ListAgentActionGroups;

#[derive(Deserialize)]
struct Input {
    #[serde(flatten)]
    place: InVersion,
    #[serde(flatten)]
    page: Map<String, Value>,
}

impl Operation for ListAgentActionGroups {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "ListAgentActionGroups";
    const BINDING: Binding = Binding::post("/agents/{agentId}/agentversions/{agentVersion}/actiongroups/");

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { place, page } = input.read(&shapes::LIST_AGENT_ACTION_GROUPS)?;
        let groups = &state.agents.edition(&place.agent_id, &place.agent_version)?.action_groups;
        let entries = groups.iter().map(|(id, group)| (id.clone(), group.summary()));
        page::answer(Self::NAME, &page, "actionGroupSummaries", entries.collect())
    }
}
