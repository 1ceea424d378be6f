//! Lists an agent's working draft and its versions.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListAgentVersions.html>
//!
//! ```text
//! POST /agents/Q7X0A2B9CD/agentversions/
//! {"maxResults":10}
//!
//! {"agentVersionSummaries":[{"agentName":"orders","agentStatus":"PREPARED","agentVersion":"DRAFT",..},
//!  {"agentName":"orders","agentStatus":"PREPARED","agentVersion":"1",..}]}
//! ```
//!
//! assumed: that the draft comes first and the versions follow, oldest first.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation, Timestamp};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::edition::Edition;
use crate::service::bedrock::agent::page;
use crate::service::bedrock::agent::status::Status;
use crate::service::bedrock::agent::{DRAFT, Given, shapes};
use crate::service::bedrock::date_time::DateTime;

pub struct ListAgentVersions;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    #[serde(flatten)]
    page: Map<String, Value>,
}

impl Operation for ListAgentVersions {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "ListAgentVersions";
    const BINDING: Binding = Binding::post("/agents/{agentId}/agentversions/");

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { agent_id, page } = input.read(&shapes::LIST_AGENT_VERSIONS)?;
        let agent = state.agents.get(&agent_id)?;
        let draft = summary(&agent.draft, agent.status.now, DRAFT.to_owned(), agent.created, agent.updated);
        let versions = agent.versions.iter().map(|(number, version)| {
            let created = version.created;
            (*number, summary(&version.edition, Status::Prepared, number.to_string(), created, created))
        });
        page::answer(Self::NAME, &page, "agentVersionSummaries", [(0, draft)].into_iter().chain(versions).collect())
    }
}

fn summary(edition: &Edition, status: Status, version: String, created: Timestamp, updated: Timestamp) -> Value {
    let definition = &edition.definition;
    let mut summary = json!({
        "agentName": definition.agent_name,
        "agentStatus": status,
        "agentVersion": version,
        "createdAt": DateTime(created),
        "updatedAt": DateTime(updated),
    });
    if let Some(description) = &definition.description {
        summary["description"] = json!(description);
    }
    if let Some(guardrail) = &definition.guardrail_configuration {
        summary["guardrailConfiguration"] = json!(guardrail);
    }
    summary
}
