//! Makes an alias of an agent, and, unless it is told where to lead, a version for it.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_CreateAgentAlias.html>
//!
//! ```text
//! PUT /agents/Q7X0A2B9CD/agentaliases/
//! {"agentAliasName":"live"}
//!
//! 202 {"agentAlias":{"agentAliasId":"ZX81QL0001","agentAliasName":"live","agentAliasStatus":"CREATING",
//!  "routingConfiguration":[{"agentVersion":"1"}],..}}
//! ```

use serde::Deserialize;
use serde_json::Value;

use super::{ALIASES_MAX, Alias, Route, routing};
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::agents::alias_arn;
use crate::service::bedrock::agent::{Given, refusal, shapes};
use crate::service::bedrock::knowledge::new_id;

pub struct CreateAgentAlias;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    agent_alias_name: String,
    client_token: Option<String>,
    description: Option<String>,
    routing_configuration: Option<Vec<Route>>,
    tags: Option<Value>,
}

impl Operation for CreateAgentAlias {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "CreateAgentAlias";
    const BINDING: Binding = Binding::put("/agents/{agentId}/agentaliases/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("agentAliasName"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let input: Input = input.read(&shapes::CREATE_AGENT_ALIAS)?;
        let Bedrock { agents, tags, .. } = state;
        let agent = agents.get_mut(&input.agent_id)?;
        let token = &input.client_token;
        if let Some(same) = agent.aliases.values().find(|alias| token.is_some() && alias.client_token == *token) {
            return Ok(same.shown(&input.agent_id, call.scope));
        }
        agent.check_at_rest("Create")?;
        if agent.aliases.values().any(|alias| alias.name == input.agent_alias_name) {
            return Err(refusal::name_taken("Agent alias", &input.agent_alias_name));
        }
        if agent.aliases.len() >= ALIASES_MAX {
            return Err(refusal::quota_exceeded("aliases per agent", ALIASES_MAX));
        }
        let id = new_id(call.ids());
        tags.add(&alias_arn(call.scope, &input.agent_id, &id), input.tags.as_ref())?;
        let routing = routing(agent, input.routing_configuration, call)?;
        let mut alias = Alias::new(id, input.agent_alias_name, routing, call);
        alias.description = input.description;
        alias.client_token = input.client_token;
        call.note(alias.id.clone());
        let shown = alias.shown(&input.agent_id, call.scope);
        agent.aliases.insert(alias.id.clone(), alias);
        Ok(shown)
    }
}
