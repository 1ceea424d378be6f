//! One file an operation, through the official SDK; and the script that the model follows.

mod apply_guardrail;
mod converse;
mod converse_stream;
mod count_tokens;
mod create_guardrail;
mod create_guardrail_version;
mod create_inference_profile;
mod delete_guardrail;
mod delete_inference_profile;
mod failures;
mod get_async_invoke;
mod get_foundation_model;
mod get_foundation_model_availability;
mod get_guardrail;
mod get_inference_profile;
mod guardrail_config;
mod invoke_model;
mod invoke_model_with_response_stream;
mod ledger;
mod list_async_invokes;
mod list_foundation_models;
mod list_guardrails;
mod list_inference_profiles;
mod put_model_invocation_logging_configuration;
mod script;
mod script_conditions;
mod script_faults;
mod script_matching;
mod script_replies;
mod start_async_invoke;
mod tag_resource;
mod update_guardrail;

use std::time::Duration;

use aws_sdk_bedrock::operation::create_guardrail::builders::CreateGuardrailFluentBuilder;
use aws_sdk_bedrock::types::{GuardrailWordConfig, GuardrailWordPolicyConfig};
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, Message, Tool, ToolConfiguration, ToolInputSchema, ToolSpecification,
};
use aws_smithy_types::{Document, Number};

use crate::stage::Stage;

pub const MODEL: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

pub fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

/// The control plane: models, profiles, guardrails.
pub fn control(stage: &Stage) -> aws_sdk_bedrock::Client {
    aws_sdk_bedrock::Client::new(&stage.config)
}

/// A guardrail with its messages, and no policy yet.
pub fn new_guardrail(control: &aws_sdk_bedrock::Client, name: &str) -> CreateGuardrailFluentBuilder {
    let new = control.create_guardrail().name(name);
    new.blocked_input_messaging("I cannot hear that.").blocked_outputs_messaging("I cannot say that.")
}

/// A policy against words.
pub fn words(words: &[&str]) -> GuardrailWordPolicyConfig {
    let words = words.iter().map(|word| GuardrailWordConfig::builder().text(*word).build().expect("a text is set"));
    GuardrailWordPolicyConfig::builder().set_words_config(Some(words.collect())).build()
}

/// A guardrail against words that is READY. Its id.
pub async fn guardrail_against(stage: &Stage, name: &str, against: &[&str]) -> String {
    let created = new_guardrail(&control(stage), name).word_policy_config(words(against)).send().await;
    stage.advance(Duration::from_secs(3)).await;
    created.expect("the guardrail is made").guardrail_id
}

pub fn validation(message: &str) -> (String, String) {
    ("ValidationException".to_owned(), message.to_owned())
}

/// AWS's message of one broken constraint.
pub fn violation(value: &str, member: &str, constraint: &str) -> (String, String) {
    validation(&format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
    ))
}

pub fn user(text: &str) -> Message {
    message(ConversationRole::User, vec![ContentBlock::Text(text.to_owned())])
}

pub fn assistant(text: &str) -> Message {
    message(ConversationRole::Assistant, vec![ContentBlock::Text(text.to_owned())])
}

pub fn message(role: ConversationRole, content: Vec<ContentBlock>) -> Message {
    Message::builder().role(role).set_content(Some(content)).build().expect("role and content are set")
}

/// A configuration that offers one tool, which takes an order's number.
pub fn order_tool(name: &str) -> ToolConfiguration {
    let schema = ToolInputSchema::Json(object([("type", Document::String("object".to_owned()))]));
    let spec = ToolSpecification::builder().name(name).input_schema(schema).build().expect("name and schema are set");
    ToolConfiguration::builder().tools(Tool::ToolSpec(spec)).build().expect("a tool is set")
}

pub fn object<const N: usize>(members: [(&str, Document); N]) -> Document {
    Document::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub fn number(value: u64) -> Document {
    Document::Number(Number::PosInt(value))
}
