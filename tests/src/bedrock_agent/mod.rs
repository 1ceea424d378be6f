//! One file an operation, through the official SDK.

mod associate_agent_knowledge_base;
mod create_agent;
mod create_agent_action_group;
mod create_agent_alias;
mod create_data_source;
mod create_knowledge_base;
mod delete_agent;
mod delete_agent_action_group;
mod delete_agent_alias;
mod delete_agent_version;
mod delete_data_source;
mod delete_knowledge_base;
mod delete_knowledge_base_documents;
mod disassociate_agent_knowledge_base;
mod get_agent;
mod get_agent_action_group;
mod get_agent_alias;
mod get_agent_knowledge_base;
mod get_agent_version;
mod get_data_source;
mod get_ingestion_job;
mod get_knowledge_base;
mod get_knowledge_base_documents;
mod ingest_knowledge_base_documents;
pub mod knowledge;
mod list_agent_action_groups;
mod list_agent_aliases;
mod list_agent_knowledge_bases;
mod list_agent_versions;
mod list_agents;
mod list_data_sources;
mod list_ingestion_jobs;
mod list_knowledge_base_documents;
mod list_knowledge_bases;
mod list_tags_for_resource;
mod prepare_agent;
mod start_ingestion_job;
mod stop_ingestion_job;
mod tag_resource;
mod untag_resource;
mod update_agent;
mod update_agent_action_group;
mod update_agent_alias;
mod update_agent_knowledge_base;
mod update_data_source;
mod update_knowledge_base;

use std::time::Duration;

use aws_sdk_bedrockagent::Client;
use aws_sdk_bedrockagent::types::{
    ActionGroupExecutor, AgentStatus, CustomControlMethod, Function, FunctionSchema, ParameterDetail, Type,
};

use crate::stage::{Stage, on_both_stages, refusal};

pub const MODEL: &str = "anthropic.claude-3-haiku-20240307-v1:0";
pub const ROLE: &str = "arn:aws:iam::000000000000:role/agents";
pub const INSTRUCTION: &str = "You help customers of a shop with their orders.";
/// What is said of something that is not there.
pub const NOT_FOUND: &str =
    "Failed to retrieve resource because it doesn't exist. Retry the request with a different resource identifier.";

pub fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

/// An agent that is not prepared.
pub async fn agent(stage: &Stage) -> String {
    named_agent(stage, "orders").await
}

pub async fn named_agent(stage: &Stage, name: &str) -> String {
    let request = client(stage).create_agent().agent_name(name).foundation_model(MODEL).instruction(INSTRUCTION);
    let made = request.agent_resource_role_arn(ROLE).send().await.expect("it is made");
    stage.advance(Duration::from_secs(3)).await;
    made.agent().expect("it is told").agent_id().to_owned()
}

pub async fn prepare(stage: &Stage, agent: &str) {
    client(stage).prepare_agent().agent_id(agent).send().await.expect("it is prepared");
    stage.advance(Duration::from_secs(6)).await;
}

pub async fn status(stage: &Stage, agent: &str) -> AgentStatus {
    let got = client(stage).get_agent().agent_id(agent).send().await.expect("it is there");
    got.agent().expect("it is told").agent_status().clone()
}

/// Functions that each take the number of an order.
pub fn functions(names: &[&str]) -> FunctionSchema {
    let id = ParameterDetail::builder().r#type(Type::Integer).required(true).description("Its number");
    let id = id.build().expect("the type is set");
    let functions = names.iter().map(|name| {
        let function = Function::builder().name(*name).description("About an order").parameters("id", id.clone());
        function.build().expect("the name is set")
    });
    FunctionSchema::Functions(functions.collect())
}

pub fn return_control() -> ActionGroupExecutor {
    ActionGroupExecutor::CustomControl(CustomControlMethod::ReturnControl)
}

/// A group with the function `get_order`, which is returned to the caller.
pub async fn action_group(stage: &Stage, agent: &str) -> String {
    let request = client(stage).create_agent_action_group().agent_id(agent).agent_version("DRAFT");
    let request = request.action_group_name("orders").action_group_executor(return_control());
    let made = request.function_schema(functions(&["get_order"])).send().await.expect("it is made");
    made.agent_action_group().expect("it is told").action_group_id().to_owned()
}

/// An alias of an agent that is prepared, and has a version then.
pub async fn alias(stage: &Stage, agent: &str, name: &str) -> String {
    let made = client(stage).create_agent_alias().agent_id(agent).agent_alias_name(name).send().await;
    let made = made.expect("it is made");
    stage.advance(Duration::from_secs(3)).await;
    made.agent_alias().expect("it is told").agent_alias_id().to_owned()
}

/// A knowledge base with texts in it, which an agent may search.
pub async fn associated(stage: &Stage, agent: &str) -> String {
    let base = knowledge::filled_base(stage).await;
    let request = client(stage).associate_agent_knowledge_base().agent_id(agent).agent_version("DRAFT");
    request.knowledge_base_id(&base).description("How orders are returned").send().await.expect("it is associated");
    base
}

#[test]
fn what_is_not_here_says_so() {
    on_both_stages(async |stage| {
        let refused = refusal(client(&stage).list_flows().send().await);
        assert_eq!(refused.0, "NotImplemented", "{}", refused.1);
        assert!(refused.1.contains("bedrock-agent ListFlows"), "{}", refused.1);
    });
}
