//! One file an operation, through the official SDK; and the script that the model follows.

mod converse;
mod converse_stream;
mod count_tokens;
mod get_async_invoke;
mod invoke_model;
mod invoke_model_with_response_stream;
mod ledger;
mod list_async_invokes;
mod script;
mod script_faults;
mod script_matching;
mod script_replies;
mod start_async_invoke;

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
