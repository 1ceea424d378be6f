//! The emulator in a test's hands: what a user writes, and what a failing test says.

mod accounts;
mod deliveries;
mod forks;
mod full_disk;
mod hanging_model;
mod isolation;
mod panics;
mod readme;
mod retries;
mod runtimes;
mod side_by_side;
mod unmet;

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::{DisplayErrorContext, SdkError};
use aws_sdk_bedrockruntime::operation::converse::ConverseError;
use aws_sdk_bedrockruntime::types::{ContentBlock, ConversationRole, Message};

const MODEL: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

/// One question to the model, and what it says.
async fn ask(client: &Client, text: &str) -> Result<String, String> {
    let content = ContentBlock::Text(text.to_owned());
    let message = Message::builder().role(ConversationRole::User).content(content).build().unwrap();
    let answer = client.converse().model_id(MODEL).messages(message).send().await;
    let explain = |error: SdkError<ConverseError>| DisplayErrorContext(error).to_string();
    let answer = answer.map_err(explain)?;
    let message = answer.output().and_then(|output| output.as_message().ok()).expect("there is a message");
    Ok(message.content()[0].as_text().expect("it is text").clone())
}
