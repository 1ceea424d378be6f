//! The Rust SDK's part, under virtual time: with its default retries, and nobody's patience but the SDK's own.

use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::Config;
use aws_sdk_bedrockruntime::config::retry::RetryConfig;
use aws_sdk_bedrockruntime::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::types::{ContentBlockDelta, ConverseStreamOutput};

use super::super::{MODEL, client, user};
use super::{Finding, Row};
use crate::stage::in_virtual_time;

/// Longer than any patience the SDK has by default.
const PATIENCE: Duration = Duration::from_secs(75);

pub fn findings(row: &Row) -> Vec<Finding> {
    row.operations().into_iter().map(|operation| finding(row, operation)).collect()
}

fn finding(row: &Row, operation: &str) -> Finding {
    let (send, receive) = std::sync::mpsc::channel();
    in_virtual_time(|stage| {
        let send = send.clone();
        let script = row.script(operation);
        async move {
            let bedrock = stage.emulator.bedrock();
            bedrock.load_yaml(&script).unwrap_or_else(|problem| panic!("{script}: {problem}"));
            let asked = ask(client(&stage), operation == "Converse");
            let outcome = tokio::time::timeout(PATIENCE, asked).await;
            let outcome = outcome.unwrap_or_else(|_| format!("no return in {} s", PATIENCE.as_secs()));
            bedrock.forgive();
            send.send((outcome, bedrock.spent(None).attempts)).expect("somebody listens");
        }
    });
    let (outcome, attempts) = receive.recv().expect("the call has an outcome");
    Finding { title: row.title.clone(), operation: operation.to_owned(), outcome, attempts }
}

async fn ask(client: Client, whole: bool) -> String {
    // The default, which the stage of these tests switches off.
    let retries = Config::builder().retry_config(RetryConfig::standard());
    if whole {
        let call = client.converse().model_id(MODEL).messages(user("hello")).customize().config_override(retries);
        return match call.send().await {
            Ok(_) => "the answer".to_owned(),
            Err(error) => describe(&error),
        };
    }
    let call = client.converse_stream().model_id(MODEL).messages(user("hello")).customize().config_override(retries);
    let mut stream = match call.send().await {
        Ok(answer) => answer.stream,
        Err(error) => return describe(&error),
    };
    let (mut stopped, mut text) = (false, String::new());
    loop {
        match stream.recv().await {
            Ok(Some(ConverseStreamOutput::ContentBlockDelta(delta))) => {
                if let Some(ContentBlockDelta::Text(piece)) = delta.delta() {
                    text.push_str(piece);
                }
            }
            Ok(Some(event)) => stopped |= matches!(event, ConverseStreamOutput::MessageStop(_)),
            Ok(None) if stopped => return "the answer".to_owned(),
            Ok(None) if text == "one two three" => return "no error, no `messageStop`".to_owned(),
            Ok(None) => return "no error, the text is cut off".to_owned(),
            Err(error) => return describe(&error),
        }
    }
}

/// The kind of the error, and the service's name for it.
fn describe<E, R>(error: &SdkError<E, R>) -> String
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    match error {
        SdkError::ServiceError(service) => match service.err().code() {
            Some(code) => format!("ServiceError `{code}`"),
            // Exceptions within a stream have no code: the variant tells.
            None => format!("ServiceError `{}`", variant(&format!("{:?}", service.err()))),
        },
        SdkError::DispatchFailure(failure) if failure.is_io() => "DispatchFailure (io)".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "DispatchFailure (timeout)".to_owned(),
        SdkError::DispatchFailure(_) => "DispatchFailure".to_owned(),
        SdkError::ResponseError(_) => format!("ResponseError: {}", last_cause(error)),
        SdkError::TimeoutError(_) => "TimeoutError".to_owned(),
        _ => format!("{}", DisplayErrorContext(error)),
    }
}

/// `ModelStreamErrorException` of `ModelStreamErrorException(ModelStreamErrorException { .. })`.
fn variant(debug: &str) -> &str {
    debug.split(['(', ' ', '{']).next().unwrap_or(debug)
}

fn last_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
