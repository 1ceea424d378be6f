//! Replaces an agent's definition: what the request leaves out is as if it had never been given.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateAgent.html>
//!
//! ```text
//! PUT /agents/Q7X0A2B9CD/
//! {"agentName":"orders","foundationModel":"amazon.nova-lite-v1:0",
//!  "agentResourceRoleArn":"arn:aws:iam::000000000000:role/agents"}
//!
//! 202 {"agent":{"agentId":"Q7X0A2B9CD","agentStatus":"UPDATING",..}}
//! ```
//!
//! What was prepared before is what the test alias runs until it is prepared again.

use serde::Deserialize;
use serde_json::Value;

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::definition::Definition;
use crate::service::bedrock::agent::status::{Progress, Status};
use crate::service::bedrock::agent::{AgentId, Given, refusal, shapes};

pub struct UpdateAgent;

#[derive(Deserialize)]
struct Input {
    #[serde(flatten)]
    agent: AgentId,
    #[serde(flatten)]
    definition: Definition,
}

impl Operation for UpdateAgent {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "UpdateAgent";
    const BINDING: Binding = Binding::put("/agents/{agentId}/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { agent: AgentId { agent_id }, definition } = input.read(&shapes::UPDATE_AGENT)?;
        definition.refuse_not_yet(Self::NAME)?;
        definition.check()?;
        let name = &definition.agent_name;
        let taken = state.agents.all().any(|other| other.id != agent_id && other.draft.definition.agent_name == *name);
        let agent = state.agents.to_change(&agent_id, "Update")?;
        if taken {
            return Err(refusal::name_taken("Agent", name));
        }
        agent.draft.definition = definition.completed();
        agent.changed(call);
        agent.status = Progress::begun(Status::Updating, Status::NotPrepared, call);
        Ok(agent.shown())
    }
}
