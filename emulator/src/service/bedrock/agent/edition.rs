//! An agent with all that belongs to it: its working draft, and each version that was made of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::action_group::ActionGroup;
use super::association::Association;
use super::definition::Definition;
use super::refusal;
use crate::kernel::ApiError;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Edition {
    pub definition: Definition,
    /// By id.
    pub action_groups: BTreeMap<String, ActionGroup>,
    /// By the id of the knowledge base.
    pub knowledge_bases: BTreeMap<String, Association>,
}

impl Edition {
    pub fn new(definition: Definition) -> Self {
        Self { definition, action_groups: BTreeMap::new(), knowledge_bases: BTreeMap::new() }
    }

    pub fn action_group(&self, id: &str) -> Result<&ActionGroup, ApiError> {
        self.action_groups.get(id).ok_or_else(refusal::not_found)
    }

    pub fn action_group_mut(&mut self, id: &str) -> Result<&mut ActionGroup, ApiError> {
        self.action_groups.get_mut(id).ok_or_else(refusal::not_found)
    }

    /// Refuses the name if another group has it.
    pub fn check_group_name(&self, name: &str, but: Option<&str>) -> Result<(), ApiError> {
        let has_it = |group: &&ActionGroup| group.description.action_group_name == name && Some(&*group.id) != but;
        match self.action_groups.values().find(has_it) {
            Some(_) => Err(refusal::name_taken("Action group", name)),
            None => Ok(()),
        }
    }

    pub fn association(&self, knowledge_base_id: &str) -> Result<&Association, ApiError> {
        self.knowledge_bases.get(knowledge_base_id).ok_or_else(refusal::not_found)
    }

    /// Why it cannot be prepared. assumed: that this is found when it is prepared, and the wording.
    pub fn flaw(&self) -> Option<String> {
        let Definition { instruction, foundation_model, agent_resource_role_arn, .. } = &self.definition;
        for (member, name) in [
            (instruction, "instruction"),
            (foundation_model, "foundationModel"),
            (agent_resource_role_arn, "agentResourceRoleArn"),
        ] {
            if member.is_none() {
                return Some(format!("{name} is required to prepare the agent."));
            }
        }
        None
    }

    /// What GetAgent and GetAgentVersion have in common.
    pub fn shown(&self, agent_id: &str, arn: &str) -> Value {
        let mut shown = self.definition.shown();
        shown["agentId"] = json!(agent_id);
        shown["agentArn"] = json!(arn);
        shown
    }
}
