//! Changes an alias of an agent. Unless it is told where to lead, it leads to a version that is made for it.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateAgentAlias.html>
//!
//! ```text
//! PUT /agents/Q7X0A2B9CD/agentaliases/ZX81QL0001/
//! {"agentAliasName":"live","routingConfiguration":[{"agentVersion":"2"}]}
//!
//! 202 {"agentAlias":{"agentAliasId":"ZX81QL0001","agentAliasStatus":"UPDATING","routingConfiguration":[{"agentVersion":"2"}],..}}
//! ```
//!
//! assumed: that the alias leads to its new version at once, and that a request without `aliasInvocationState` leaves that as it is.

use serde::Deserialize;
use serde_json::Value;

use super::{Route, own, refuse_test_alias, routing};
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::status::{Progress, Status};
use crate::service::bedrock::agent::{Given, refusal, shapes};

pub struct UpdateAgentAlias;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    agent_alias_id: String,
    agent_alias_name: String,
    description: Option<String>,
    routing_configuration: Option<Vec<Route>>,
    alias_invocation_state: Option<String>,
}

impl Operation for UpdateAgentAlias {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "UpdateAgentAlias";
    const BINDING: Binding = Binding::put("/agents/{agentId}/agentaliases/{agentAliasId}/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("agentAliasId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let input: Input = input.read(&shapes::UPDATE_AGENT_ALIAS)?;
        refuse_test_alias(&input.agent_alias_id)?;
        let agent = state.agents.to_change(&input.agent_id, "Update")?;
        own(agent, &input.agent_alias_id)?;
        let name = &input.agent_alias_name;
        if agent.aliases.values().any(|alias| alias.name == *name && alias.id != input.agent_alias_id) {
            return Err(refusal::name_taken("Agent alias", name));
        }
        let routing = routing(agent, input.routing_configuration, call)?;
        let alias = own(agent, &input.agent_alias_id)?;
        alias.lead_to(routing, call.now);
        alias.name = input.agent_alias_name;
        alias.description = input.description;
        alias.updated = call.now;
        if let Some(state) = input.alias_invocation_state {
            alias.accepts = state == "ACCEPT_INVOCATIONS";
        }
        alias.status = Progress::begun(Status::Updating, Status::Prepared, call);
        Ok(alias.shown(&input.agent_id, call.scope))
    }
}
