//! What an agent may search: knowledge bases, and what they are for.

pub mod associate_agent_knowledge_base;
pub mod disassociate_agent_knowledge_base;
pub mod get_agent_knowledge_base;
pub mod list_agent_knowledge_bases;
pub mod update_agent_knowledge_base;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::kernel::Timestamp;
use crate::service::bedrock::date_time::DateTime;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Association {
    pub knowledge_base_id: String,
    pub description: String,
    pub state: String,
    pub created: Timestamp,
    pub updated: Timestamp,
}

impl Association {
    pub fn is_enabled(&self) -> bool {
        self.state == "ENABLED"
    }

    fn shown(&self, agent_id: &str, agent_version: &str) -> Value {
        let mut shown = self.summary();
        shown["agentId"] = json!(agent_id);
        shown["agentVersion"] = json!(agent_version);
        shown["createdAt"] = json!(DateTime(self.created));
        json!({ "agentKnowledgeBase": shown })
    }

    fn summary(&self) -> Value {
        json!({
            "knowledgeBaseId": self.knowledge_base_id,
            "description": self.description,
            "knowledgeBaseState": self.state,
            "updatedAt": DateTime(self.updated),
        })
    }
}
