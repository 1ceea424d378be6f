//! Prepares an agent: from then on its test alias runs the draft as it is now.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_PrepareAgent.html>
//!
//! ```text
//! POST /agents/Q7X0A2B9CD/
//!
//! 202 {"agentId":"Q7X0A2B9CD","agentStatus":"PREPARING","agentVersion":"DRAFT","preparedAt":"2026-01-01T00:00:00Z"}
//! ```

use serde_json::{Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::status::{Progress, Status};
use crate::service::bedrock::agent::{AgentId, DRAFT, Given, shapes};
use crate::service::bedrock::date_time::DateTime;

pub struct PrepareAgent;

impl Operation for PrepareAgent {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "PrepareAgent";
    const BINDING: Binding = Binding::post("/agents/{agentId}/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let AgentId { agent_id } = input.read(&shapes::PREPARE_AGENT)?;
        let agent = state.agents.to_change(&agent_id, "Prepare")?;
        let to = if agent.draft.flaw().is_some() { Status::Failed } else { Status::Prepared };
        agent.failure_reasons.clear();
        agent.status = Progress::begun(Status::Preparing, to, call);
        Ok(json!({
            "agentId": agent_id,
            "agentStatus": Status::Preparing,
            "agentVersion": DRAFT,
            "preparedAt": DateTime(call.now),
        }))
    }
}
