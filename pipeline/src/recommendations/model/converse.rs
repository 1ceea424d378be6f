//! Asks with Converse: the whole answer in one response, within the client's operation timeout.

use aws_sdk_bedrockruntime::types::ContentBlock;

use super::{Answer, ModelFailure, inference, message, system};
use crate::recommendations::clients::Clients;
use crate::recommendations::settings::Settings;

pub async fn ask(clients: &Clients, settings: &Settings, question: &str) -> Result<Answer, ModelFailure> {
    let output = clients
        .bedrock
        .converse()
        .model_id(&settings.model_id)
        .system(system())
        .messages(message(question).expect("role and content are given"))
        .inference_config(inference(settings))
        .send()
        .await
        .map_err(|error| ModelFailure::of_call(&error))?;
    let message = output.output.as_ref().and_then(|output| output.as_message().ok());
    let Some(message) = message else {
        return Err(ModelFailure::Broken("the answer has no message".to_owned()));
    };
    // Reasoning comes as blocks of its own and is not part of the reply.
    let texts = message.content.iter().filter_map(|block| match block {
        ContentBlock::Text(text) => Some(text.as_str()),
        _ => None,
    });
    Ok(Answer { text: texts.collect(), stop_reason: output.stop_reason })
}
