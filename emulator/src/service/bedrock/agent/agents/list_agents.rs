//! Lists agents in the order in which they were made.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListAgents.html>
//!
//! ```text
//! POST /agents/
//! {"maxResults":10}
//!
//! {"agentSummaries":[{"agentId":"Q7X0A2B9CD","agentName":"orders","agentStatus":"PREPARED","latestAgentVersion":"1",..}]}
//! ```

use serde_json::{Map, Value, json};

use super::Agent;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::page;
use crate::service::bedrock::agent::{Given, shapes};
use crate::service::bedrock::date_time::DateTime;

pub struct ListAgents;

impl Operation for ListAgents {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "ListAgents";
    const BINDING: Binding = Binding::post("/agents/");

    fn resource(_input: &Given) -> String {
        String::new()
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let page: Map<String, Value> = input.read(&shapes::LIST_AGENTS)?;
        let entries = state.agents.all().map(|agent| (agent.number, summary(agent)));
        page::answer(Self::NAME, &page, "agentSummaries", entries.collect())
    }
}

fn summary(agent: &Agent) -> Value {
    let definition = &agent.draft.definition;
    let mut summary = json!({
        "agentId": agent.id,
        "agentName": definition.agent_name,
        "agentStatus": agent.status.now,
        "latestAgentVersion": agent.latest_version(),
        "updatedAt": DateTime(agent.updated),
    });
    if let Some(description) = &definition.description {
        summary["description"] = json!(description);
    }
    if let Some(guardrail) = &definition.guardrail_configuration {
        summary["guardrailConfiguration"] = json!(guardrail);
    }
    summary
}
