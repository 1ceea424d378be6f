//! Lets an agent's draft search a knowledge base.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_AssociateAgentKnowledgeBase.html>
//!
//! ```text
//! PUT /agents/Q7X0A2B9CD/agentversions/DRAFT/knowledgebases/
//! {"knowledgeBaseId":"KB00000001","description":"How orders are returned"}
//!
//! {"agentKnowledgeBase":{"knowledgeBaseId":"KB00000001","knowledgeBaseState":"ENABLED",..}}
//! ```

use serde::Deserialize;
use serde_json::Value;

use super::Association;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{DRAFT, Given, refusal, shapes};

pub struct AssociateAgentKnowledgeBase;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    knowledge_base_id: String,
    description: String,
    knowledge_base_state: Option<String>,
}

impl Operation for AssociateAgentKnowledgeBase {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "AssociateAgentKnowledgeBase";
    const BINDING: Binding = Binding::put("/agents/{agentId}/agentversions/{agentVersion}/knowledgebases/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("knowledgeBaseId"))
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let input: Input = input.read(&shapes::ASSOCIATE_AGENT_KNOWLEDGE_BASE)?;
        let Bedrock { agents, knowledge_bases, .. } = state;
        let agent = agents.to_change(&input.agent_id, "Create")?;
        knowledge_bases.get(&input.knowledge_base_id)?;
        if agent.draft.knowledge_bases.contains_key(&input.knowledge_base_id) {
            return Err(refusal::name_taken("An association", &input.knowledge_base_id));
        }
        let association = Association {
            knowledge_base_id: input.knowledge_base_id,
            description: input.description,
            state: input.knowledge_base_state.unwrap_or_else(|| "ENABLED".to_owned()),
            created: call.now,
            updated: call.now,
        };
        let shown = association.shown(&input.agent_id, DRAFT);
        agent.draft.knowledge_bases.insert(association.knowledge_base_id.clone(), association);
        agent.changed(call);
        Ok(shown)
    }
}
