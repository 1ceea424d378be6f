//! Amazon Bedrock Agents: the API by which agents and knowledge bases are built.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Agents_for_Amazon_Bedrock.html>
//!
//! # Differences
//!
//! See [`DESCRIPTION`].

mod action;
mod action_group;
mod agents;
mod alias;
mod association;
mod definition;
mod edition;
mod given;
mod in_use_check;
mod knowledge_base;
mod not_implemented;
mod open_api;
pub mod page;
mod prompt;
mod refusal;
mod shapes;
mod status;
pub mod tags;

use serde::Deserialize;

pub use self::action::{Action, Argument, Arguments, Executor, What};
pub use self::action_group::Description as ActionGroupDescription;
pub use self::agents::{Agents, Routed, alias_arn};
pub use self::definition::{GuardrailConfiguration, PromptOverrides};
pub use self::edition::Edition;
pub use self::given::Given;
pub use self::prompt::{PromptConfiguration, PromptType};
use super::Bedrock;
use crate::kernel::{AnyOperation, ServiceDescription};

/// The service's name on the timeline.
pub const SERVICE: &str = "bedrock-agent";

/// The version of an agent that can be changed.
pub const DRAFT: &str = "DRAFT";

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Agents for Amazon Bedrock",
    not_implemented_at: not_implemented::OPERATIONS,
    differences: &[
        "an agent takes 5 seconds to be prepared and 2 for everything else; AWS documents no times",
        "the prompt templates that an agent has by default are short ones of our own; pre-processing and post-processing are disabled by default",
        "an agent without instruction, model or role can be made, as on AWS, and fails when it is prepared",
        "schemas of action groups in S3, ANTHROPIC.* action groups, parser Lambda functions, custom orchestration, collaborators and their ROUTING_CLASSIFIER prompt are refused as not implemented",
        "an action group AMAZON.CodeInterpreter is kept, and runs no code",
        "a guardrail that an agent names need not be there until the agent is invoked; encryption settings are kept and change nothing",
        "of quotas, those that cannot be raised hold: 10 versions and 10 aliases of an agent",
        "most texts of refusals are assumed, and marked so in the code",
        "knowledge bases of every storage configuration keep their vectors here, computed from words and parts of \
         words; BINARY vectors are not told apart",
        "knowledge bases, ingestion jobs and documents change their states after 0.5 to 2 seconds of the clock",
        "of data sources, only CUSTOM holds documents; an ingestion job of another fails and says so",
        "MANAGED knowledge bases and their connectors, access control lists, documents and metadata in S3, documents that \
         are not text, custom transformations and context enrichment are \
         not there; parsing configurations are kept and change nothing",
        "where exactly chunks are cut is assumed; tokens are estimated as four characters each",
        "roles, keys, secrets and stores are looked at for their form only",
        "assumed: a client token is valid for 10 minutes, lists come oldest first, and the wording of messages that \
         AWS does not publish",
    ],
    ..super::DESCRIPTION
};

pub const OPERATIONS: &[&dyn AnyOperation<Bedrock>] = &[
    &association::associate_agent_knowledge_base::AssociateAgentKnowledgeBase,
    &agents::create_agent::CreateAgent,
    &action_group::create_agent_action_group::CreateAgentActionGroup,
    &alias::create_agent_alias::CreateAgentAlias,
    &agents::delete_agent::DeleteAgent,
    &action_group::delete_agent_action_group::DeleteAgentActionGroup,
    &alias::delete_agent_alias::DeleteAgentAlias,
    &agents::delete_agent_version::DeleteAgentVersion,
    &association::disassociate_agent_knowledge_base::DisassociateAgentKnowledgeBase,
    &agents::get_agent::GetAgent,
    &action_group::get_agent_action_group::GetAgentActionGroup,
    &alias::get_agent_alias::GetAgentAlias,
    &association::get_agent_knowledge_base::GetAgentKnowledgeBase,
    &agents::get_agent_version::GetAgentVersion,
    &action_group::list_agent_action_groups::ListAgentActionGroups,
    &alias::list_agent_aliases::ListAgentAliases,
    &association::list_agent_knowledge_bases::ListAgentKnowledgeBases,
    &agents::list_agent_versions::ListAgentVersions,
    &agents::list_agents::ListAgents,
    &agents::prepare_agent::PrepareAgent,
    &agents::update_agent::UpdateAgent,
    &action_group::update_agent_action_group::UpdateAgentActionGroup,
    &alias::update_agent_alias::UpdateAgentAlias,
    &association::update_agent_knowledge_base::UpdateAgentKnowledgeBase,
    &knowledge_base::create_data_source::CreateDataSource,
    &knowledge_base::create_knowledge_base::CreateKnowledgeBase,
    &knowledge_base::delete_data_source::DeleteDataSource,
    &knowledge_base::delete_knowledge_base::DeleteKnowledgeBase,
    &knowledge_base::delete_knowledge_base_documents::DeleteKnowledgeBaseDocuments,
    &knowledge_base::get_data_source::GetDataSource,
    &knowledge_base::get_ingestion_job::GetIngestionJob,
    &knowledge_base::get_knowledge_base::GetKnowledgeBase,
    &knowledge_base::get_knowledge_base_documents::GetKnowledgeBaseDocuments,
    &knowledge_base::ingest_knowledge_base_documents::IngestKnowledgeBaseDocuments,
    &knowledge_base::list_data_sources::ListDataSources,
    &knowledge_base::list_ingestion_jobs::ListIngestionJobs,
    &knowledge_base::list_knowledge_base_documents::ListKnowledgeBaseDocuments,
    &knowledge_base::list_knowledge_bases::ListKnowledgeBases,
    &knowledge_base::list_tags_for_resource::ListTagsForResource,
    &knowledge_base::start_ingestion_job::StartIngestionJob,
    &knowledge_base::stop_ingestion_job::StopIngestionJob,
    &knowledge_base::tag_resource::TagResource,
    &knowledge_base::untag_resource::UntagResource,
    &knowledge_base::update_data_source::UpdateDataSource,
    &knowledge_base::update_knowledge_base::UpdateKnowledgeBase,
];

/// Members that many requests have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AgentId {
    agent_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InVersion {
    agent_id: String,
    agent_version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AliasOf {
    agent_id: String,
    agent_alias_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupOf {
    agent_id: String,
    agent_version: String,
    action_group_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssociationOf {
    agent_id: String,
    agent_version: String,
    knowledge_base_id: String,
}
