//! Asks the model for recommendations, with a bound on time, tries and cost.
//!
//! Three things can go wrong, and each has its own remedy:
//!
//! - The service is busy or a connection breaks before an answer begins: the SDK's retries, as `SdkConfig` sets them.
//! - The model is slow, not ready, or breaks off in the middle of its stream: the SDK does not retry that, we do.
//! - The reply cannot be used: it is asked again, with the reason, at most `model_reasks` times.
//!
//! All of it together costs at most `model_attempts` questions of `model_operation_timeout` each.

mod converse;
mod converse_stream;
mod failure;

use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, InferenceConfiguration, Message, StopReason, SystemContentBlock,
};

use super::backoff::Backoff;
use super::clients::Clients;
use super::profile::Profile;
use super::prompt;
use super::reply::{self, Recommendation, ReplyError};
use super::settings::{ModelMode, Settings};

pub use failure::ModelFailure;

/// Five recommendations for the user of `profile`.
pub async fn recommend(
    clients: &Clients,
    settings: &Settings,
    profile: &Profile,
) -> Result<Vec<Recommendation>, ModelFailure> {
    let first_question = prompt::question(profile);
    let mut question = first_question.clone();
    let mut backoff = Backoff::new(settings);
    let mut reasks_left = settings.model_reasks;
    let mut attempts_left = settings.model_attempts;
    loop {
        attempts_left -= 1;
        let failure = match ask(clients, settings, &question).await {
            Ok(recommendations) => return Ok(recommendations),
            Err(failure) if attempts_left == 0 => return Err(failure),
            Err(failure) => failure,
        };
        match &failure {
            ModelFailure::BadReply(problem) if reasks_left > 0 => {
                reasks_left -= 1;
                question = prompt::again(&first_question, problem);
            }
            failure if failure.may_pass() => clients.sleep(backoff.step()).await,
            _ => return Err(failure),
        }
        tracing::warn!("asking again for `{}`: {failure}", profile.user_id);
    }
}

/// One question, one answer.
async fn ask(clients: &Clients, settings: &Settings, question: &str) -> Result<Vec<Recommendation>, ModelFailure> {
    let answer = match settings.model_mode {
        ModelMode::Converse => converse::ask(clients, settings, question).await?,
        ModelMode::ConverseStream => converse_stream::ask(clients, settings, question).await?,
    };
    match answer.stop_reason {
        StopReason::EndTurn | StopReason::StopSequence => Ok(reply::parse(&answer.text)?),
        other => Err(ReplyError::Stopped(other.as_str().to_owned()).into()),
    }
}

/// What the model said until it stopped.
struct Answer {
    text: String,
    stop_reason: StopReason,
}

fn system() -> SystemContentBlock {
    SystemContentBlock::Text(prompt::SYSTEM.to_owned())
}

fn message(question: &str) -> Result<Message, BuildError> {
    Message::builder().role(ConversationRole::User).content(ContentBlock::Text(question.to_owned())).build()
}

fn inference(settings: &Settings) -> InferenceConfiguration {
    InferenceConfiguration::builder().max_tokens(settings.model_max_tokens.into()).build()
}
