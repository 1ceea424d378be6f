//! Deletes an alias of an agent. The version that it leads to stays.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DeleteAgentAlias.html>
//!
//! ```text
//! DELETE /agents/Q7X0A2B9CD/agentaliases/ZX81QL0001/
//!
//! 202 {"agentAliasId":"ZX81QL0001","agentAliasStatus":"DELETING","agentId":"Q7X0A2B9CD"}
//! ```

use serde_json::{Value, json};

use super::{own, refuse_test_alias};
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::status::{Progress, Status};
use crate::service::bedrock::agent::{AliasOf, Given, shapes};

pub struct DeleteAgentAlias;

impl Operation for DeleteAgentAlias {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "DeleteAgentAlias";
    const BINDING: Binding = Binding::delete("/agents/{agentId}/agentaliases/{agentAliasId}/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("agentAliasId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let AliasOf { agent_id, agent_alias_id } = input.read(&shapes::DELETE_AGENT_ALIAS)?;
        refuse_test_alias(&agent_alias_id)?;
        let alias = own(state.agents.get_mut(&agent_id)?, &agent_alias_id)?;
        alias.status = Progress::begun(Status::Deleting, Status::Deleting, call);
        Ok(json!({"agentAliasId": agent_alias_id, "agentAliasStatus": Status::Deleting, "agentId": agent_id}))
    }
}
