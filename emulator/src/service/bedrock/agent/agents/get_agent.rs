//! Describes an agent: its working draft, and in what state it is.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetAgent.html>
//!
//! ```text
//! GET /agents/Q7X0A2B9CD/
//!
//! {"agent":{"agentId":"Q7X0A2B9CD","agentName":"orders","agentStatus":"PREPARED","agentVersion":"DRAFT",..}}
//! ```

use serde_json::Value;

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{AgentId, Given, shapes};

pub struct GetAgent;

impl Operation for GetAgent {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "GetAgent";
    const BINDING: Binding = Binding::get("/agents/{agentId}/");

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let AgentId { agent_id } = input.read(&shapes::GET_AGENT)?;
        Ok(state.agents.get(&agent_id)?.shown())
    }
}
