//! Takes a knowledge base from an agent's draft.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DisassociateAgentKnowledgeBase.html>
//!
//! ```text
//! DELETE /agents/Q7X0A2B9CD/agentversions/DRAFT/knowledgebases/KB00000001/
//!
//! 204 {}
//! ```

use serde_json::{Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{AssociationOf, Given, shapes};

pub struct DisassociateAgentKnowledgeBase;

impl Operation for DisassociateAgentKnowledgeBase {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "DisassociateAgentKnowledgeBase";
    const BINDING: Binding =
        Binding::delete("/agents/{agentId}/agentversions/{agentVersion}/knowledgebases/{knowledgeBaseId}/");
    const STATUS: u16 = 204;

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("knowledgeBaseId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let AssociationOf { agent_id, knowledge_base_id, .. } =
            input.read(&shapes::DISASSOCIATE_AGENT_KNOWLEDGE_BASE)?;
        let agent = state.agents.to_change(&agent_id, "Delete")?;
        agent.draft.association(&knowledge_base_id)?;
        agent.draft.knowledge_bases.remove(&knowledge_base_id);
        agent.changed(call);
        Ok(json!({}))
    }
}
