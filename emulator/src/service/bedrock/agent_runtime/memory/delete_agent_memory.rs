//! Deletes a memory, or one session's summary.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_DeleteAgentMemory.html>
//!
//! ```text
//! DELETE /agents/Q7X0A2B9CD/agentAliases/TSTALIASID/memories?memoryId=u_7
//!
//! {}
//! ```
//!
//! assumed: without a memory's id, of all memories of the alias; and that what is not there is deleted, too.

use serde_json::{Map, Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::Given;
use crate::service::bedrock::agent_runtime::shapes;
use crate::service::bedrock::shape::text;

pub struct DeleteAgentMemory;

impl Operation for DeleteAgentMemory {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "DeleteAgentMemory";
    const BINDING: Binding = Binding::delete("/agents/{agentId}/agentAliases/{agentAliasId}/memories");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        format!("{}/{}/{}", input.name("agentId"), input.name("agentAliasId"), input.name("memoryId"))
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request: Map<String, Value> = input.read(&shapes::DELETE_AGENT_MEMORY)?;
        let [agent_id, alias_id] = ["agentId", "agentAliasId"].map(|member| text(&request, member));
        state.agents.check_alias(agent_id, alias_id)?;
        let given = |member: &str| request.get(member).and_then(Value::as_str);
        let (memory_id, session_id) = (given("memoryId"), given("sessionId"));
        state.memories.forget(|summary| {
            summary.memory.agent_id == agent_id
                && summary.memory.alias_id == alias_id
                && memory_id.is_none_or(|id| summary.memory.memory_id == id)
                && session_id.is_none_or(|id| summary.session_id == id)
        });
        Ok(json!({}))
    }
}
