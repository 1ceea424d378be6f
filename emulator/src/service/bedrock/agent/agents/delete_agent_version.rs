//! Deletes a version of an agent.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DeleteAgentVersion.html>
//!
//! ```text
//! DELETE /agents/Q7X0A2B9CD/agentversions/1/
//!
//! 202 {"agentId":"Q7X0A2B9CD","agentStatus":"DELETING","agentVersion":"1"}
//! ```
//!
//! assumed: that it is gone at once, and that an alias that leads to it is a use.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::status::Status;
use crate::service::bedrock::agent::{Given, in_use_check, refusal, shapes};

pub struct DeleteAgentVersion;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    agent_version: String,
    #[serde(default, deserialize_with = "in_use_check::skipped")]
    skip_resource_in_use_check: bool,
}

impl Operation for DeleteAgentVersion {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "DeleteAgentVersion";
    const BINDING: Binding = Binding::delete("/agents/{agentId}/agentversions/{agentVersion}/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("agentVersion"))
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { agent_id, agent_version, skip_resource_in_use_check } =
            input.read(&shapes::DELETE_AGENT_VERSION)?;
        let agent = state.agents.to_change(&agent_id, "Delete")?;
        let (number, _) = agent.version(&agent_version)?;
        let user = agent.aliases.values().find(|alias| alias.version() == Some(agent_version.as_str()));
        if let Some(alias) = user.filter(|_| !skip_resource_in_use_check) {
            return Err(refusal::in_use("Agent version", &agent_version, &format!("alias {}", alias.id)));
        }
        agent.versions.remove(&number);
        Ok(json!({"agentId": agent_id, "agentStatus": Status::Deleting, "agentVersion": agent_version}))
    }
}
