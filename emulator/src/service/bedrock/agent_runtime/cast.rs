//! Who answers: an agent as its orchestration sees it, whether it was built before or comes with the request.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::memory::MemoryConfiguration;
use crate::kernel::Arn;
use crate::service::bedrock::agent::{Action, Edition, GuardrailConfiguration, PromptOverrides, PromptType, Routed};
use crate::service::bedrock::script::ModelOperation;

#[derive(Debug, Serialize, Deserialize)]
pub struct Cast {
    pub operation: ModelOperation,
    /// None for an agent that comes with the request.
    pub identity: Option<Identity>,
    pub model: String,
    pub instruction: String,
    pub prompts: PromptOverrides,
    pub actions: Vec<Action>,
    pub knowledge_bases: Vec<Searched>,
    pub guardrail: Option<GuardrailConfiguration>,
    /// None for an agent that forgets its sessions.
    pub memory: Option<MemoryConfiguration>,
    /// It may ask the user for what it has not been told.
    pub asks_the_user: bool,
    /// How long a session lives while nobody says anything.
    pub idle: Duration,
}

/// Which agent it is, and by which name it was called.
#[derive(Debug, Serialize, Deserialize)]
pub struct Identity {
    pub id: String,
    pub name: String,
    pub alias_id: String,
    pub alias_arn: Arn,
    pub version: String,
}

/// A knowledge base that an agent may search.
#[derive(Debug, Serialize, Deserialize)]
pub struct Searched {
    pub id: String,
    /// A `KnowledgeBaseRetrievalConfiguration`, or null.
    pub configuration: Value,
    pub description: String,
}

/// What the model wants when it asks for a tool.
#[derive(Debug)]
pub enum Wish<'a> {
    Act(&'a Action),
    Search(&'a Searched),
    AskUser,
}

/// What the model calls the tool by which it asks the user, as AWS's templates do.
pub const ASK_USER: &str = "user__askuser";

impl Cast {
    /// The agent that an alias leads to.
    pub fn of(routed: &Routed, agent_id: &str, alias_id: &str, alias_arn: Arn) -> Self {
        let Edition { definition, action_groups, knowledge_bases } = &*routed.edition;
        let groups = || action_groups.values().filter(|group| group.description.is_enabled());
        let searched = knowledge_bases.values().filter(|association| association.is_enabled());
        Self {
            operation: ModelOperation::InvokeAgent,
            identity: Some(Identity {
                id: agent_id.to_owned(),
                name: definition.agent_name.clone(),
                alias_id: alias_id.to_owned(),
                alias_arn,
                version: routed.version.clone(),
            }),
            model: definition.foundation_model.clone().unwrap_or_default(),
            instruction: definition.instruction.clone().unwrap_or_default(),
            prompts: definition.prompt_override_configuration.clone(),
            actions: groups().flat_map(|group| group.actions.iter().cloned()).collect(),
            knowledge_bases: searched
                .map(|association| Searched {
                    id: association.knowledge_base_id.clone(),
                    configuration: Value::Null,
                    description: association.description.clone(),
                })
                .collect(),
            guardrail: definition.guardrail_configuration.clone(),
            memory: definition.memory_configuration.as_ref().map(MemoryConfiguration::of),
            asks_the_user: groups().any(|group| group.description.asks_the_user()),
            idle: Duration::from_secs(u64::from(definition.idle_session_seconds)),
        }
    }

    /// The names of what the model may ask for.
    pub fn tools(&self) -> Vec<String> {
        let actions = self.actions.iter().map(Action::tool);
        let searches = self.knowledge_bases.iter().map(Searched::tool);
        actions.chain(searches).chain(self.asks_the_user.then(|| ASK_USER.to_owned())).collect()
    }

    /// The tools as the model is told of them.
    pub fn tool_specifications(&self) -> Vec<Value> {
        let tool = |name: String, description: &str, schema: Value| json!({"name": name, "description": description, "input_schema": schema});
        let one = |parameter: &str| json!({"type": "object", "properties": {parameter: {"type": "string"}}, "required": [parameter]});
        let actions = self.actions.iter().map(|action| tool(action.tool(), &action.description, action.input_schema()));
        let searches = self.knowledge_bases.iter().map(|base| tool(base.tool(), &base.description, one("searchQuery")));
        let asking = self.asks_the_user.then(|| tool(ASK_USER.to_owned(), "Asks the user.", one("question")));
        actions.chain(searches).chain(asking).collect()
    }

    pub fn wish(&self, tool: &str) -> Option<Wish<'_>> {
        if tool == ASK_USER && self.asks_the_user {
            return Some(Wish::AskUser);
        }
        let action = self.actions.iter().find(|action| action.tool() == tool).map(Wish::Act);
        action.or_else(|| self.knowledge_bases.iter().find(|base| base.tool() == tool).map(Wish::Search))
    }

    /// The one knowledge base of an agent that does nothing but answer from it. Such an agent searches at once and
    /// has its answer generated from what it finds: "Optimize performance for agents using a single knowledge base".
    ///
    /// <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-optimize-performance.html>
    pub fn only_answers_from(&self) -> Option<&Searched> {
        let [base] = &self.knowledge_bases[..] else { return None };
        let orchestrates = self.prompts.of(PromptType::Orchestration).is_some_and(|prompt| prompt.is_overridden());
        let generates = self.prompts.enabled(PromptType::KnowledgeBaseResponseGeneration).is_some();
        (self.actions.is_empty() && !self.asks_the_user && !orchestrates && generates).then_some(base)
    }

    /// The model that is asked in that step.
    pub fn model(&self, kind: PromptType) -> &str {
        let own = self.prompts.of(kind).and_then(|prompt| prompt.foundation_model.as_deref());
        own.unwrap_or(&self.model)
    }
}

impl Searched {
    /// What the model calls a search, as AWS's templates do. It takes a `searchQuery`.
    pub fn tool(&self) -> String {
        format!("GET__x_amz_knowledgebase_{}__Search", self.id)
    }
}
