//! Reads the events of one log stream, in pages that go forward or backward.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html>
//!
//! A token names a place in the stream and a direction: `f/<id>/s` what is behind that event, `b/<id>/s` what is before
//! it. A page without events gives back the token that asked for it.
//!
//! # Differences
//!
//! - Pages are as full as they may be; AWS's need not be. What counts towards 1 MB is assumed: messages and 26 bytes each.
//! - A token's direction goes before `startFromHead` (assumed). Tokens do not expire after 24 hours.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event_id::EventId;
use super::invalid::{finish, invalid_token, refuse};
use super::log_event::LogEvent;
use super::{EVENTS_PAGE_MAX, Logs, PAGE_BYTES_MAX, group_reference, log_group, names, place, time_range};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct GetLogEvents;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
    unmask: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    events: Vec<OutputLogEvent>,
    next_forward_token: String,
    next_backward_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputLogEvent {
    timestamp: u64,
    message: Arc<str>,
    ingestion_time: i64,
}

/// A place and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Forward(EventId),
    Backward(EventId),
}

impl Operation for GetLogEvents {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetLogEvents";

    fn resource(input: &Input) -> String {
        let group = group_reference::shown(input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
        place(Some(&group), input.log_stream_name.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        refuse(Self::NAME, &[("unmask", input.unmask == Some(true))])?;
        let token =
            input.next_token.as_deref().map(|token| Token::parse(token).ok_or_else(invalid_token)).transpose()?;
        let name = group_reference::resolve(input.log_group_name, input.log_group_identifier, call.scope)?;
        let group = state.groups.get(&name).ok_or_else(log_group::not_found)?;
        let stream = group.stream(input.log_stream_name.as_deref().unwrap_or_default())?;
        let mut range = time_range::ids(group, input.start_time, input.end_time, call.now);
        match token {
            Some(Token::Forward(id)) => range.start = range.start.max(id.behind()),
            Some(Token::Backward(id)) => range.end = range.end.min(id),
            None => {}
        }
        let forward = match token {
            Some(token) => matches!(token, Token::Forward(_)),
            None => input.start_from_head == Some(true),
        };
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(EVENTS_PAGE_MAX);
        let found = stream.within(range.clone());
        let page = if forward {
            page(found, limit)
        } else {
            let mut latest = page(found.rev(), limit);
            latest.reverse();
            latest
        };
        let (next_forward, next_backward) = match (page.first(), page.last(), token) {
            (Some(first), Some(last), _) => (Token::Forward(last.id), Token::Backward(first.id)),
            (_, _, Some(Token::Forward(id))) => (Token::Forward(id), Token::Backward(id.behind())),
            (_, _, Some(Token::Backward(id))) => (Token::Forward(id.before()), Token::Backward(id)),
            // What comes later is in front of the reader, wherever it falls in the range.
            (_, _, None) => (Token::Forward(range.start.before()), Token::Backward(range.start)),
        };
        match page.last() {
            Some(last) => {
                call.read_from(last.writer);
                call.note(super::events(page.len()));
            }
            None => call.quiet(),
        }
        let events = page.into_iter().map(OutputLogEvent::of).collect();
        Ok(Output {
            events,
            next_forward_token: next_forward.to_string(),
            next_backward_token: next_backward.to_string(),
        })
    }
}

/// As many events as one page holds, at least one.
fn page<'a>(events: impl Iterator<Item = &'a LogEvent>, limit: usize) -> Vec<&'a LogEvent> {
    let mut bytes = 0;
    let mut page = Vec::new();
    for event in events.take(limit) {
        bytes += event.bytes();
        if bytes > PAGE_BYTES_MAX && !page.is_empty() {
            break;
        }
        page.push(event);
    }
    page
}

impl OutputLogEvent {
    fn of(event: &LogEvent) -> Self {
        Self { timestamp: event.millis(), message: event.message.clone(), ingestion_time: event.ingested.as_millis() }
    }
}

impl Token {
    fn parse(text: &str) -> Option<Self> {
        let (direction, rest) = text.split_once('/')?;
        let id = EventId::parse(rest.strip_suffix("/s")?)?;
        match direction {
            "f" => Some(Self::Forward(id)),
            "b" => Some(Self::Backward(id)),
            _ => None,
        }
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forward(id) => write!(f, "f/{id}/s"),
            Self::Backward(id) => write!(f, "b/{id}/s"),
        }
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    group_reference::check(&mut violations, input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
    names::check_required_stream(&mut violations, input.log_stream_name.as_deref());
    names::check_time(&mut violations, "startTime", input.start_time);
    names::check_time(&mut violations, "endTime", input.end_time);
    names::check_token(&mut violations, input.next_token.as_deref());
    names::check_limit(&mut violations, input.limit, EVENTS_PAGE_MAX as i64);
    finish(violations)
}
