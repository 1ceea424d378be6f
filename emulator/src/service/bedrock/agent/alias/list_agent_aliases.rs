//! Lists an agent's aliases: the test alias, then those that were made, by id.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListAgentAliases.html>
//!
//! ```text
//! POST /agents/Q7X0A2B9CD/agentaliases/
//! {"maxResults":10}
//!
//! {"agentAliasSummaries":[{"agentAliasId":"TSTALIASID","agentAliasName":"AgentTestAlias","agentAliasStatus":"PREPARED",..}]}
//! ```

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Alias;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::page;
use crate::service::bedrock::agent::{Given, shapes};

pub struct ListAgentAliases;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    #[serde(flatten)]
    page: Map<String, Value>,
}

impl Operation for ListAgentAliases {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "ListAgentAliases";
    const BINDING: Binding = Binding::post("/agents/{agentId}/agentaliases/");

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { agent_id, page } = input.read(&shapes::LIST_AGENT_ALIASES)?;
        let agent = state.agents.get(&agent_id)?;
        let test = Alias::test(agent);
        let made = agent.aliases.iter().map(|(id, alias)| (id.clone(), alias.summary()));
        let all = [(String::new(), test.summary())].into_iter().chain(made);
        page::answer(Self::NAME, &page, "agentAliasSummaries", all.collect())
    }
}
