//! Gets the summaries of a memory, the latest first (assumed).
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_GetAgentMemory.html>
//!
//! ```text
//! GET /agents/Q7X0A2B9CD/agentAliases/TSTALIASID/memories?memoryId=u_7&memoryType=SESSION_SUMMARY&maxItems=10
//!
//! {"memoryContents":[{"sessionSummary":{"memoryId":"u_7","sessionId":"s-1","sessionStartTime":"2026-01-01T00:00:00Z",
//!  "sessionExpiryTime":"2026-01-31T00:05:00Z","summaryText":"The user asked for order 7."}}]}
//! ```
//!
//! A memory that has none, or is not there, has no contents (assumed).

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::MemoryKey;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{Given, page};
use crate::service::bedrock::agent_runtime::shapes;
use crate::service::bedrock::shape::text;

pub struct GetAgentMemory;

impl Operation for GetAgentMemory {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "GetAgentMemory";
    const BINDING: Binding = Binding::get("/agents/{agentId}/agentAliases/{agentAliasId}/memories");

    fn resource(input: &Given) -> String {
        format!("{}/{}/{}", input.name("agentId"), input.name("agentAliasId"), input.name("memoryId"))
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request: Map<String, Value> = input.with_number("maxItems")?.read(&shapes::GET_AGENT_MEMORY)?;
        let [agent_id, alias_id, memory_id] =
            ["agentId", "agentAliasId", "memoryId"].map(|member| text(&request, member).to_owned());
        state.agents.check_alias(&agent_id, &alias_id)?;
        let memory = MemoryKey { agent_id, alias_id, memory_id };
        let entries = state.memories.of(&memory).map(|(number, summary)| (Reverse(number), summary.shown()));
        page::answer(Self::NAME, &request, "memoryContents", entries.collect())
    }
}
