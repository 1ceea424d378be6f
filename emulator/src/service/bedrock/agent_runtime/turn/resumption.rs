//! A turn goes on when its caller has done what it was asked to do.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-returncontrol.html>

use serde::{Deserialize, Serialize};

use super::tools::Asked;
use super::{Stage, Turn, Work};
use crate::kernel::{ApiError, Arn, Call, Timestamp};
use crate::service::bedrock::agent::{Executor, What};
use crate::service::bedrock::agent_runtime::failure::Exception;
use crate::service::bedrock::agent_runtime::session_state::{ActionResult, InvocationResult, ResponseState};

/// What the caller has been asked to do, and the turn that waits for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    pub invocation_id: String,
    pub asked: Vec<Asked>,
    pub work: Work,
    pub since: Timestamp,
}

/// What the caller brings back, each with what it was asked for.
#[derive(Debug, Default)]
pub struct Resumption {
    results: Vec<(Asked, Outcome)>,
    since: Timestamp,
}

#[derive(Debug)]
enum Outcome {
    Text(String, Option<ResponseState>),
    Denied,
    /// The user has said yes: the function is to be invoked.
    Confirmed(Arn),
}

/// Matches what the caller brings back with what it was asked for. assumed: the wording of what is refused.
pub fn resume(
    pending: Option<&Pending>,
    invocation_id: Option<&str>,
    results: &[InvocationResult],
) -> Result<(Work, Resumption), ApiError> {
    let Some(pending) = pending else {
        return Err(ApiError::validation(
            "The session has no invocation that waits for results. Remove returnControlInvocationResults and retry your request.",
        ));
    };
    let Some(id) = invocation_id else {
        return Err(ApiError::validation("invocationId is required with returnControlInvocationResults."));
    };
    if id != pending.invocation_id {
        return Err(ApiError::validation(format!(
            "The invocationId {id} is invalid. Provide the invocationId of the last returnControl event and retry your request."
        )));
    }
    let mut left: Vec<&ActionResult> = results.iter().filter_map(InvocationResult::result).collect();
    let mut matched = Vec::new();
    for asked in &pending.asked {
        let Some(place) = left.iter().position(|result| result.is_of(&asked.action)) else {
            let name = name(asked);
            return Err(ApiError::validation(format!(
                "The result of {name} is missing in returnControlInvocationResults."
            )));
        };
        matched.push((asked.clone(), outcome(asked, left.remove(place))?));
    }
    if !left.is_empty() {
        return Err(ApiError::validation(
            "returnControlInvocationResults has a result that the agent did not ask for.",
        ));
    }
    Ok((pending.work.clone(), Resumption { results: matched, since: pending.since }))
}

fn outcome(asked: &Asked, result: &ActionResult) -> Result<Outcome, ApiError> {
    if result.is_denied() {
        return Ok(Outcome::Denied);
    }
    if let Executor::Lambda(function) = &asked.action.executor {
        if result.is_confirmed() {
            return Ok(Outcome::Confirmed(function.clone()));
        }
        return Err(ApiError::validation(format!("confirmationState is required in the result of {}.", name(asked))));
    }
    if asked.action.needs_confirmation && !result.is_confirmed() {
        return Err(ApiError::validation(format!("confirmationState is required in the result of {}.", name(asked))));
    }
    Ok(Outcome::Text(result.text(), result.state()))
}

fn name(asked: &Asked) -> String {
    let group = &asked.action.group;
    match &asked.action.what {
        What::Function { name } => format!("function {name} of action group {group}"),
        What::Api { path, method, .. } => format!("{method} {path} of action group {group}"),
    }
}

impl Turn {
    /// Takes in what the caller brings back. Whatever fails over it, fails in the stream.
    pub fn go_on(&mut self, resumption: Resumption, call: &mut Call<'_>) {
        let Resumption { results, since } = resumption;
        self.stage = Stage::Tools;
        for (asked, outcome) in results {
            match outcome {
                Outcome::Denied => {
                    // assumed: the wording.
                    let text = "The user has denied the action.".to_owned();
                    self.observe(&asked.tool, &text, None, since, call);
                }
                Outcome::Confirmed(function) => self.confirmed.push_back((asked, function)),
                Outcome::Text(text, Some(ResponseState::Failure)) => {
                    let exception =
                        Exception::dependency_failed(if text.is_empty() { FAILED.to_owned() } else { text });
                    return self.fail(&exception, call);
                }
                Outcome::Text(text, state) => self.observe(&asked.tool, &text, state, since, call),
            }
        }
    }
}

/// assumed: what a failure is called that brings no text.
const FAILED: &str = "Received failed response from API execution";
