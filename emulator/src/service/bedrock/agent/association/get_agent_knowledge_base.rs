//! Describes what a knowledge base is to an agent's draft or version.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetAgentKnowledgeBase.html>
//!
//! ```text
//! GET /agents/Q7X0A2B9CD/agentversions/DRAFT/knowledgebases/KB00000001/
//!
//! {"agentKnowledgeBase":{"knowledgeBaseId":"KB00000001","knowledgeBaseState":"ENABLED",..}}
//! ```

use serde_json::Value;

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{AssociationOf, Given, shapes};

pub struct GetAgentKnowledgeBase;

impl Operation for GetAgentKnowledgeBase {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "GetAgentKnowledgeBase";
    const BINDING: Binding =
        Binding::get("/agents/{agentId}/agentversions/{agentVersion}/knowledgebases/{knowledgeBaseId}/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("knowledgeBaseId"))
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let AssociationOf { agent_id, agent_version, knowledge_base_id } =
            input.read(&shapes::GET_AGENT_KNOWLEDGE_BASE)?;
        let association = state.agents.edition(&agent_id, &agent_version)?.association(&knowledge_base_id)?;
        Ok(association.shown(&agent_id, &agent_version))
    }
}
