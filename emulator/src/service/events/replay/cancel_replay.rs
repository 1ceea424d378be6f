//! Cancels a replay that has not ended. What was sent is sent.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CancelReplay.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint};
use super::{State, does_not_exist};
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct CancelReplay;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    replay_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    replay_arn: Arn,
    state: State,
}

impl Operation for CancelReplay {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CancelReplay";

    fn resource(input: &Input) -> String {
        input.replay_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "replayName", input.replay_name.as_deref(), 64);
        violations.finish()?;
        let name = input.replay_name.unwrap_or_default();
        let replay = state.replays.get_mut(&name).ok_or_else(|| does_not_exist(&name))?;
        if !matches!(replay.state, State::Starting | State::Running) {
            let message = format!("Replay {name} is not in a valid state for this operation.");
            return Err(ApiError::new("IllegalStatusException", message));
        }
        replay.state = State::Cancelling;
        Ok(Output { replay_arn: super::arn(&name, call), state: replay.state })
    }
}
