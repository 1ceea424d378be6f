//! Lists the knowledge bases that an agent's draft or version may search.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListAgentKnowledgeBases.html>
//!
//! ```text
//! POST /agents/Q7X0A2B9CD/agentversions/DRAFT/knowledgebases/
//! {"maxResults":10}
//!
//! {"agentKnowledgeBaseSummaries":[{"knowledgeBaseId":"KB00000001","knowledgeBaseState":"ENABLED",..}]}
//! ```

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::page;
use crate::service::bedrock::agent::{Given, InVersion, shapes};

pub struct ListAgentKnowledgeBases;

#[derive(Deserialize)]
struct Input {
    #[serde(flatten)]
    place: InVersion,
    #[serde(flatten)]
    page: Map<String, Value>,
}

impl Operation for ListAgentKnowledgeBases {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "ListAgentKnowledgeBases";
    const BINDING: Binding = Binding::post("/agents/{agentId}/agentversions/{agentVersion}/knowledgebases/");

    fn resource(input: &Given) -> String {
        input.name("agentId")
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { place, page } = input.read(&shapes::LIST_AGENT_KNOWLEDGE_BASES)?;
        let associations = &state.agents.edition(&place.agent_id, &place.agent_version)?.knowledge_bases;
        let entries = associations.iter().map(|(id, association)| (id.clone(), association.summary()));
        page::answer(Self::NAME, &page, "agentKnowledgeBaseSummaries", entries.collect())
    }
}
