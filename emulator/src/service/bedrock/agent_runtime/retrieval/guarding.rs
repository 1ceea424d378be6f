//! Guardrails around questions and answers. Search results are not judged, says AWS.

use serde_json::Value;

use super::answer::Answer;
use crate::kernel::{ApiError, Call};
use crate::service::bedrock::Attempt;
use crate::service::bedrock::actor::Actor;
use crate::service::bedrock::guardrail::assessment::Content;
use crate::service::bedrock::guardrail::judge::Judge;
use crate::service::bedrock::guardrail::policy::sides::{Action, Source};
use crate::service::bedrock::guardrail::{Guardrails, refusal};
use crate::service::bedrock::knowledge::Found;
use crate::service::bedrock::script::Performance;

pub const INTERVENED: &str = "INTERVENED";
pub const NONE: &str = "NONE";

/// The guardrail that a `GuardrailConfiguration` names, if there is one.
pub fn named(configuration: &Value, guardrails: &Guardrails, call: &Call<'_>) -> Result<Option<Judge>, ApiError> {
    let (Some(id), Some(version)) = (configuration["guardrailId"].as_str(), configuration["guardrailVersion"].as_str())
    else {
        return Ok(None);
    };
    Judge::find(guardrails, id, version, call, refusal::not_there).map(Some)
}

/// What a guardrail makes of a question.
pub enum Question {
    Passed,
    Masked(String),
    /// With what is said instead.
    Blocked(String),
}

pub fn question(
    judge: &Judge,
    asked: &str,
    actor: &Actor,
    attempt: Attempt,
    call: &Call<'_>,
) -> Result<Question, ApiError> {
    let outcome = judge.judge(Source::Input, &Content::of([asked.to_owned()]), actor, attempt, call)?;
    Ok(match outcome.action {
        Action::None => Question::Passed,
        Action::Anonymize => Question::Masked(outcome.texts.concat()),
        Action::Block => Question::Blocked(judge.blocked_message(Source::Input)),
    })
}

/// The answer as the guardrail lets it through. Where the script says that one intervenes, its text is what is said.
pub fn answer(
    judge: Option<&Judge>,
    performance: &Performance,
    sources: (&[Found], bool),
    actor: &Actor,
    attempt: Attempt,
    call: &Call<'_>,
) -> Result<Answer, ApiError> {
    let (found, cites) = sources;
    let answer = Answer::of(performance, found, cites);
    if performance.guardrail.is_some() {
        return Ok(Answer { guardrail: Some(INTERVENED), ..answer });
    }
    let Some(judge) = judge else { return Ok(answer) };
    let outcome = judge.judge(Source::Output, &Content::of([answer.text.clone()]), actor, attempt, call)?;
    Ok(match outcome.action {
        Action::None => Answer { guardrail: Some(NONE), ..answer },
        Action::Anonymize => {
            Answer { guardrail: Some(INTERVENED), ..Answer::citing(&outcome.texts.concat(), found, cites) }
        }
        Action::Block => {
            Answer { guardrail: Some(INTERVENED), ..Answer::citing_nothing(&judge.blocked_message(Source::Output)) }
        }
    })
}
