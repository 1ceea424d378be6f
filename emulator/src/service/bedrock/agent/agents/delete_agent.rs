//! Deletes an agent with its versions and aliases.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DeleteAgent.html>
//!
//! ```text
//! DELETE /agents/Q7X0A2B9CD/?skipResourceInUseCheck=true
//!
//! 202 {"agentId":"Q7X0A2B9CD","agentStatus":"DELETING"}
//! ```
//!
//! assumed: that an agent is in use while it has an alias.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::status::{Progress, Status};
use crate::service::bedrock::agent::{Given, in_use_check, refusal, shapes};

pub struct DeleteAgent;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    #[serde(default, deserialize_with = "in_use_check::skipped")]
    skip_resource_in_use_check: bool,
}

impl Operation for DeleteAgent {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "DeleteAgent";
    const BINDING: Binding = Binding::delete("/agents/{agentId}/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { agent_id, skip_resource_in_use_check } = input.read(&shapes::DELETE_AGENT)?;
        let agent = state.agents.to_change(&agent_id, "Delete")?;
        if let Some(alias) = agent.aliases.keys().next().filter(|_| !skip_resource_in_use_check) {
            return Err(refusal::in_use("Agent", &agent_id, &format!("alias {alias}")));
        }
        agent.status = Progress::begun(Status::Deleting, Status::Deleting, call);
        Ok(json!({"agentId": agent_id, "agentStatus": Status::Deleting}))
    }
}
