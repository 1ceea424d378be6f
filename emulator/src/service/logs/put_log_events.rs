//! Writes a batch of events to a log stream.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html>
//!
//! # Differences
//!
//! - In which order AWS looks at sizes, order, span and existence is assumed.
//! - An entity is looked at and not kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::entity::{Entity, RejectedEntityInfo};
use super::invalid::{finish, invalid_parameter};
use super::log_event::OVERHEAD_BYTES;
use super::{Logs, log_group, names, place};
use crate::kernel::{ApiError, Call, Operation, Timestamp, Violations};

pub struct PutLogEvents;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    log_stream_name: Option<String>,
    log_events: Option<Vec<InputLogEvent>>,
    /// "The sequence token is now ignored in PutLogEvents actions."
    sequence_token: Option<String>,
    entity: Option<Entity>,
}

#[derive(Deserialize)]
struct InputLogEvent {
    timestamp: Option<i64>,
    message: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    next_sequence_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_log_events_info: Option<RejectedLogEventsInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_entity_info: Option<RejectedEntityInfo>,
}

/// Which events at the ends of a batch were not taken.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct RejectedLogEventsInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    too_new_log_event_start_index: Option<usize>,
    /// "This field is exclusive."
    #[serde(skip_serializing_if = "Option::is_none")]
    too_old_log_event_end_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_log_event_end_index: Option<usize>,
}

const EVENTS_MAX: usize = 10_000;
/// "The maximum batch size is 1,048,576 bytes", and "each log event can be no larger than 1 MB", both with the 26 bytes
/// that are counted for each event.
pub const BYTES_MAX: usize = 1 << 20;
/// "Events older than 14 days [...] are rejected".
const AGE_MAX: Duration = Duration::from_hours(14 * 24);
/// "Events more than 2 hours in the future are rejected".
const AHEAD_MAX: Duration = Duration::from_hours(2);
/// "The time span in a single batch cannot exceed 24 hours."
const SPAN_MAX_MILLIS: i64 = 24 * 60 * 60 * 1000;

impl Operation for PutLogEvents {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutLogEvents";

    fn resource(input: &Input) -> String {
        place(input.log_group_name.as_deref(), input.log_stream_name.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let event = |event: InputLogEvent| (event.timestamp.unwrap_or_default(), event.message.unwrap_or_default());
        let mut events: Vec<_> = input.log_events.unwrap_or_default().into_iter().map(event).collect();
        check_batch(&events)?;
        let (group_name, stream_name) =
            (input.log_group_name.unwrap_or_default(), input.log_stream_name.unwrap_or_default());
        let group = state.groups.get(&group_name).ok_or_else(log_group::not_found)?;
        group.stream(&stream_name)?;

        let rejected = RejectedLogEventsInfo::of(&events, group.retention(), call.now);
        events.truncate(rejected.too_new_log_event_start_index.unwrap_or(events.len()));
        let ends = [rejected.too_old_log_event_end_index, rejected.expired_log_event_end_index];
        let before = events.len();
        events.drain(..ends.into_iter().flatten().max().unwrap_or(0).min(before));
        check_span(&events)?;
        call.note(super::events(events.len()));
        let rejected_log_events_info = Some(rejected).filter(|rejected| *rejected != RejectedLogEventsInfo::default());
        if rejected_log_events_info.is_some() {
            call.note("some rejected");
        }
        Ok(Output {
            next_sequence_token: state.write(&group_name, &stream_name, events, call)?,
            rejected_log_events_info,
            rejected_entity_info: input.entity.and_then(|entity| entity.rejected()),
        })
    }
}

impl RejectedLogEventsInfo {
    fn of(events: &[(i64, String)], retention: Option<Duration>, now: Timestamp) -> Self {
        let older_than = |age: Duration| {
            let horizon = (now - age).as_millis();
            Some(events.partition_point(|(millis, _)| *millis < horizon)).filter(|count| *count > 0)
        };
        let latest = (now + AHEAD_MAX).as_millis();
        let in_time = events.partition_point(|(millis, _)| *millis <= latest);
        Self {
            too_new_log_event_start_index: Some(in_time).filter(|in_time| *in_time < events.len()),
            too_old_log_event_end_index: older_than(AGE_MAX),
            expired_log_event_end_index: retention.and_then(older_than),
        }
    }
}

fn check_batch(events: &[(i64, String)]) -> Result<(), ApiError> {
    let bytes = |message: &String| message.len() + OVERHEAD_BYTES;
    if let Some(bytes) = events.iter().map(|(_, message)| bytes(message)).find(|bytes| *bytes > BYTES_MAX) {
        return Err(too_large(bytes));
    }
    let bytes: usize = events.iter().map(|(_, message)| bytes(message)).sum();
    if bytes > BYTES_MAX {
        return Err(invalid_parameter(format!("Upload too large: {bytes} bytes exceeds limit of {BYTES_MAX}")));
    }
    if !events.is_sorted_by_key(|(millis, _)| *millis) {
        let message = "Log events in a single PutLogEvents request must be in chronological order.";
        return Err(invalid_parameter(message));
    }
    Ok(())
}

pub fn too_large(bytes: usize) -> ApiError {
    invalid_parameter(format!("Log event too large: {bytes} bytes exceeds limit of {BYTES_MAX}"))
}

/// "For valid events (within 14 days in the past to 2 hours in future)".
fn check_span(events: &[(i64, String)]) -> Result<(), ApiError> {
    match (events.first(), events.last()) {
        (Some((first, _)), Some((last, _))) if last.saturating_sub(*first) > SPAN_MAX_MILLIS => {
            let message = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.";
            Err(invalid_parameter(message))
        }
        _ => Ok(()),
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    names::check_required_group(&mut violations, input.log_group_name.as_deref());
    names::check_required_stream(&mut violations, input.log_stream_name.as_deref());
    match input.log_events.as_deref() {
        None => violations.missing("logEvents"),
        Some([]) => violations.add("[]", "logEvents", "have length greater than or equal to 1"),
        Some(events) if events.len() > EVENTS_MAX => {
            // AWS writes every event out here, in Java's words for them.
            violations.add(
                "[InputLogEvent...]",
                "logEvents",
                format_args!("have length less than or equal to {EVENTS_MAX}"),
            );
        }
        Some(events) => {
            for (index, event) in events.iter().enumerate() {
                event.check(&mut violations, index + 1);
            }
        }
    }
    if let Some(token) = &input.sequence_token {
        violations.length("sequenceToken", token, 1, usize::MAX);
    }
    if let Some(entity) = &input.entity {
        entity.check(&mut violations);
    }
    finish(violations)
}

impl InputLogEvent {
    fn check(&self, violations: &mut Violations, number: usize) {
        match self.timestamp {
            None => violations.missing(format!("logEvents.{number}.member.timestamp")),
            Some(millis) if millis < 0 => {
                names::check_time(violations, &format!("logEvents.{number}.member.timestamp"), Some(millis));
            }
            Some(_) => {}
        }
        match self.message.as_deref() {
            None => violations.missing(format!("logEvents.{number}.member.message")),
            Some("") => violations.length(format!("logEvents.{number}.member.message"), "", 1, usize::MAX),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1000;

    #[test]
    fn both_ends_of_a_batch_may_be_rejected() {
        let now = Timestamp::from_millis(100 * DAY);
        let days = |days: u64| Some(Duration::from_hours(24 * days));
        for (times, retention, expected) in [
            (vec![100 * DAY], None, (None, None, None)),
            (vec![100 * DAY + DAY / 12, 100 * DAY + DAY / 12 + 1], None, (Some(1), None, None)),
            (vec![86 * DAY - 1, 86 * DAY, 100 * DAY], None, (None, Some(1), None)),
            (vec![86 * DAY - 1, 93 * DAY - 1, 93 * DAY], days(7), (None, Some(1), Some(2))),
            (vec![93 * DAY - 1, 93 * DAY], days(30), (None, None, None)),
            (vec![0, 69 * DAY, 200 * DAY], days(30), (Some(2), Some(2), Some(2))),
        ] {
            let events: Vec<_> = times.iter().map(|millis| (*millis, "x".to_owned())).collect();
            let found = RejectedLogEventsInfo::of(&events, retention, now);
            let (too_new, too_old, expired) = expected;
            assert_eq!(
                found,
                RejectedLogEventsInfo {
                    too_new_log_event_start_index: too_new,
                    too_old_log_event_end_index: too_old,
                    expired_log_event_end_index: expired,
                },
                "{times:?}"
            );
        }
    }
}
