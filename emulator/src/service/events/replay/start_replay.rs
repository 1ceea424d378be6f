//! Starts to send archived events to their bus again.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html>
//!
//! The times of events are whole seconds: those of the second in which the window begins are replayed, and so are those
//! of the very moment in which it ends (assumed).

use serde::{Deserialize, Serialize};

use super::super::bus::BusName;
use super::super::{Events, constraint};
use super::{Destination, MOMENT, Replay, State};
use crate::kernel::{ApiError, Arn, Call, Operation, Timestamp, Violations};

pub struct StartReplay;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    replay_name: Option<String>,
    description: Option<String>,
    event_source_arn: Option<String>,
    event_start_time: Option<Timestamp>,
    event_end_time: Option<Timestamp>,
    destination: Option<Destination>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    replay_arn: Arn,
    state: State,
    replay_start_time: Timestamp,
}

/// AWS: "You can have up to 10 active concurrent replays per account per Region" (from the guide's quotas).
const ACTIVE_MAX: usize = 10;

impl Operation for StartReplay {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "StartReplay";

    fn resource(input: &Input) -> String {
        input.replay_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let name = input.replay_name.clone().unwrap_or_default();
        let replay = read(input, state, call)?;
        if state.replays.contains_key(&name) {
            let message = format!("Replay {name} already exists.");
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        if state.replays_due.len() >= ACTIVE_MAX {
            return Err(super::super::limit_exceeded());
        }
        let output = Output { replay_arn: super::arn(&name, call), state: replay.state, replay_start_time: call.now };
        state.replays_due.extend(replay.due());
        state.replays.insert(name, replay);
        Ok(output)
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::required_name(&mut violations, "replayName", input.replay_name.as_deref(), 64);
    constraint::description(&mut violations, input.description.as_deref());
    violations.required("eventSourceArn", &input.event_source_arn);
    constraint::resource_arn(&mut violations, "eventSourceArn", input.event_source_arn.as_deref());
    violations.required("eventStartTime", &input.event_start_time);
    violations.required("eventEndTime", &input.event_end_time);
    violations.required("destination", &input.destination);
    if let Some(Destination { arn, filter_arns }) = &input.destination {
        violations.required("destination.arn", arn);
        constraint::length(&mut violations, "destination.arn", arn.as_deref(), 1, 1600);
        for (index, arn) in filter_arns.iter().flatten().enumerate() {
            violations.length(format!("destination.filterArns.{}.member", index + 1), arn, 1, 1600);
        }
    }
    violations.finish()
}

fn invalid(parameter: &str, reason: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("Parameter {parameter} is not valid. Reason: {reason}"))
}

fn read(input: Input, state: &Events, call: &Call<'_>) -> Result<Replay, ApiError> {
    let archive_arn = input.event_source_arn.unwrap_or_default();
    let parsed = Arn::parse(&archive_arn);
    let archive_name = parsed.as_ref().and_then(|arn| arn.resource_after("archive"));
    let Some(archive_name) = archive_name else {
        return Err(invalid("EventSourceArn", "Must contain an archive ARN."));
    };
    let destination = input.destination.unwrap_or(Destination { arn: None, filter_arns: None });
    let bus_arn = destination.arn.clone().unwrap_or_default();
    let bus_name = BusName::parse(Some(&bus_arn));
    if bus_name.scope.is_none() {
        return Err(invalid("Destination.Arn", "Must contain an event bus ARN."));
    }
    let bus = state.bus(&bus_name, call.scope)?;
    let is_here = parsed.as_ref().is_some_and(|arn| arn.scope == *call.scope);
    let archive = state.archives.get(archive_name).filter(|_| is_here);
    let Some(archive) = archive else {
        return Err(invalid("EventSourceArn", format_args!("Archive {archive_name} does not exist.")));
    };
    // AWS: "You can replay events only to the event bus specified to create the archive."
    if archive.bus_name != bus.name {
        return Err(invalid("Destination.Arn", "Cross event bus replay is not permitted."));
    }
    let (start, end) = (input.event_start_time.unwrap_or_default(), input.event_end_time.unwrap_or_default());
    if start >= end {
        return Err(invalid("EventEndTime", "EventStartTime must be before EventEndTime."));
    }
    Ok(Replay {
        name: input.replay_name.unwrap_or_default(),
        description: input.description,
        archive_name: archive_name.to_owned(),
        archive_arn,
        destination,
        from: start,
        until: end,
        state: State::Starting,
        state_reason: None,
        last_replayed: None,
        started: call.now,
        ended: None,
        started_by: call.event,
        next: (Timestamp::from_secs(start.as_secs()), 0),
        goes_on: Some(call.now + MOMENT),
    })
}
