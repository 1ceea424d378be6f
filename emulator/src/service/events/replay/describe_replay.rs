//! Describes a replay.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeReplay.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint};
use super::list_replays::ReplayEntry;
use super::{Destination, does_not_exist};
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct DescribeReplay;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    replay_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    replay_arn: Arn,
    #[serde(flatten)]
    entry: ReplayEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    destination: Destination,
}

impl Operation for DescribeReplay {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeReplay";

    fn resource(input: &Input) -> String {
        input.replay_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "replayName", input.replay_name.as_deref(), 64);
        violations.finish()?;
        let name = input.replay_name.unwrap_or_default();
        let replay = state.replays.get(&name).ok_or_else(|| does_not_exist(&name))?;
        call.read_from(replay.started_by);
        Ok(Output {
            replay_arn: super::arn(&name, call),
            entry: ReplayEntry::of(replay),
            description: replay.description.clone(),
            destination: replay.destination.clone(),
        })
    }
}
