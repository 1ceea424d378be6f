//! Lists replays by name, in pages: all of them, or those of a prefix, an archive or a state.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListReplays.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::page::{self, Page};
use super::super::{Events, constraint};
use super::{Replay, STATES, State};
use crate::kernel::{ApiError, Call, Operation, Timestamp, Violations};

pub struct ListReplays;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name_prefix: Option<String>,
    state: Option<String>,
    event_source_arn: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    replays: Vec<ReplayEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A replay as AWS lists it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReplayEntry {
    replay_name: String,
    event_source_arn: String,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason: Option<String>,
    event_start_time: Timestamp,
    event_end_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_last_replayed_time: Option<Timestamp>,
    replay_start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay_end_time: Option<Timestamp>,
}

impl ReplayEntry {
    pub fn of(replay: &Replay) -> Self {
        Self {
            replay_name: replay.name.clone(),
            event_source_arn: replay.archive_arn.clone(),
            state: replay.state,
            state_reason: replay.state_reason.clone(),
            event_start_time: replay.from,
            event_end_time: replay.until,
            event_last_replayed_time: replay.last_replayed,
            replay_start_time: replay.started,
            replay_end_time: replay.ended,
        }
    }
}

impl Operation for ListReplays {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListReplays";

    fn resource(input: &Input) -> String {
        input.name_prefix.as_ref().map(|prefix| format!("{prefix}*")).unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let fits = |replay: &Replay| {
            input.event_source_arn.as_ref().is_none_or(|arn| *arn == replay.archive_arn)
                && input.state.as_ref().is_none_or(|state| state == replay.state.as_str())
        };
        let fitting = state.replays.iter().filter(|(_, replay)| fits(replay));
        let fitting: BTreeMap<String, &Replay> = fitting.map(|(name, replay)| (name.clone(), replay)).collect();
        let (replays, next_token) = page.of(&fitting, input.name_prefix.as_deref().unwrap_or_default());
        Ok(Output { replays: replays.into_iter().map(|replay| ReplayEntry::of(replay)).collect(), next_token })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::name(&mut violations, "namePrefix", input.name_prefix.as_deref(), 64);
    constraint::one_of(&mut violations, "state", input.state.as_deref(), &STATES);
    constraint::resource_arn(&mut violations, "eventSourceArn", input.event_source_arn.as_deref());
    page::check(&mut violations, input.limit, input.next_token.as_deref());
    violations.finish()?;
    page::one_filter("ListReplays", [&input.state, &input.event_source_arn, &input.name_prefix].map(Option::is_some))
}
