//! Changes what a knowledge base is to an agent's draft.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateAgentKnowledgeBase.html>
//!
//! ```text
//! PUT /agents/Q7X0A2B9CD/agentversions/DRAFT/knowledgebases/KB00000001/
//! {"knowledgeBaseState":"DISABLED"}
//!
//! {"agentKnowledgeBase":{"knowledgeBaseId":"KB00000001","knowledgeBaseState":"DISABLED",..}}
//! ```
//!
//! assumed: that what the request leaves out stays as it is.

use serde::Deserialize;
use serde_json::Value;

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{AssociationOf, DRAFT, Given, refusal, shapes};

pub struct UpdateAgentKnowledgeBase;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    #[serde(flatten)]
    place: AssociationOf,
    description: Option<String>,
    knowledge_base_state: Option<String>,
}

impl Operation for UpdateAgentKnowledgeBase {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "UpdateAgentKnowledgeBase";
    const BINDING: Binding =
        Binding::put("/agents/{agentId}/agentversions/{agentVersion}/knowledgebases/{knowledgeBaseId}/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("knowledgeBaseId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { place, description, knowledge_base_state } = input.read(&shapes::UPDATE_AGENT_KNOWLEDGE_BASE)?;
        let agent = state.agents.to_change(&place.agent_id, "Update")?;
        let association = agent.draft.knowledge_bases.get_mut(&place.knowledge_base_id);
        let association = association.ok_or_else(refusal::not_found)?;
        if let Some(description) = description {
            association.description = description;
        }
        if let Some(state) = knowledge_base_state {
            association.state = state;
        }
        association.updated = call.now;
        let shown = association.shown(&place.agent_id, DRAFT);
        agent.changed(call);
        Ok(shown)
    }
}
