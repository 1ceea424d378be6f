//! Describes an alias of an agent.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetAgentAlias.html>
//!
//! ```text
//! GET /agents/Q7X0A2B9CD/agentaliases/ZX81QL0001/
//!
//! {"agentAlias":{"agentAliasId":"ZX81QL0001","agentAliasStatus":"PREPARED",..}}
//! ```

use serde_json::Value;

use super::{Alias, TEST_ALIAS};
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{AliasOf, Given, refusal, shapes};

pub struct GetAgentAlias;

impl Operation for GetAgentAlias {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "GetAgentAlias";
    const BINDING: Binding = Binding::get("/agents/{agentId}/agentaliases/{agentAliasId}/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("agentAliasId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let AliasOf { agent_id, agent_alias_id } = input.read(&shapes::GET_AGENT_ALIAS)?;
        let agent = state.agents.get(&agent_id)?;
        if agent_alias_id == TEST_ALIAS {
            return Ok(Alias::test(agent).shown(&agent_id, call.scope));
        }
        let alias = agent.aliases.get(&agent_alias_id).ok_or_else(refusal::not_found)?;
        Ok(alias.shown(&agent_id, call.scope))
    }
}
