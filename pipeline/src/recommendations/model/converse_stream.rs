//! Asks with ConverseStream: silence is noticed after seconds, not after the whole operation timeout.
//!
//! The SDK's timeouts end when the stream begins, and a stream that just ends looks like one that is complete. So there
//! is a limit on the silence between events, a limit on the whole, and no answer counts without `messageStop`. What
//! goes wrong after `messageStop` (only usage numbers come then) no longer matters.

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::primitives::event_stream::EventReceiver;
use aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError;
use aws_sdk_bedrockruntime::types::{ContentBlockDelta, ConverseStreamOutput, StopReason};

use super::{Answer, ModelFailure, inference, message, system};
use crate::recommendations::call_failure::reason;
use crate::recommendations::clients::Clients;
use crate::recommendations::settings::Settings;

pub async fn ask(clients: &Clients, settings: &Settings, question: &str) -> Result<Answer, ModelFailure> {
    let mut collected = Collected::default();
    let limit = settings.model_operation_timeout;
    let ended = clients.within(limit, collect(clients, settings, question, &mut collected)).await;
    if let Some(stop_reason) = collected.stop_reason {
        return Ok(Answer { text: collected.text, stop_reason });
    }
    match ended {
        Ok(Ok(())) => Err(ModelFailure::Broken("the stream ended without messageStop".to_owned())),
        Ok(Err(failure)) => Err(failure),
        Err(_) => Err(ModelFailure::Timeout(format!("no whole answer within {} ms", limit.as_millis()))),
    }
}

#[derive(Default)]
struct Collected {
    text: String,
    stop_reason: Option<StopReason>,
}

async fn collect(
    clients: &Clients,
    settings: &Settings,
    question: &str,
    collected: &mut Collected,
) -> Result<(), ModelFailure> {
    let mut output = clients
        .bedrock
        .converse_stream()
        .model_id(&settings.model_id)
        .system(system())
        .messages(message(question).expect("role and content are given"))
        .inference_config(inference(settings))
        .send()
        .await
        .map_err(|error| ModelFailure::of_call(&error))?;
    while let Some(event) = next(clients, settings, &mut output.stream).await? {
        match event {
            ConverseStreamOutput::ContentBlockDelta(event) => {
                // Reasoning comes as deltas of its own and is not part of the reply.
                if let Some(ContentBlockDelta::Text(text)) = event.delta {
                    collected.text.push_str(&text);
                }
            }
            ConverseStreamOutput::MessageStop(event) => collected.stop_reason = Some(event.stop_reason),
            _ => {}
        }
    }
    Ok(())
}

async fn next(
    clients: &Clients,
    settings: &Settings,
    stream: &mut EventReceiver<ConverseStreamOutput, ConverseStreamOutputError>,
) -> Result<Option<ConverseStreamOutput>, ModelFailure> {
    let limit = settings.model_event_timeout;
    match clients.within(limit, stream.recv()).await {
        Ok(Ok(event)) => Ok(event),
        Ok(Err(SdkError::ServiceError(error))) if error.err().is_validation_exception() => Err(
            ModelFailure::Unavailable(error.err().message().unwrap_or("validation failed in the stream").to_owned()),
        ),
        Ok(Err(error)) => Err(ModelFailure::Broken(reason(&error))),
        Err(_) => Err(ModelFailure::Timeout(format!("the stream was silent for {} ms", limit.as_millis()))),
    }
}
