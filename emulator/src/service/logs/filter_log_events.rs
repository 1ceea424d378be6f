//! Searches the streams of a log group, events of all of them in the order of their time, in pages.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>
//!
//! # Differences
//!
//! - A page holds as many events as it may; AWS's may be empty although more follow.
//! - Tokens do not expire after 24 hours. One for another group is refused; one for other filters goes on from its place.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event_id::EventId;
use super::filter::Filter;
use super::invalid::{finish, invalid_parameter, invalid_token, refuse};
use super::log_event::LogEvent;
use super::log_group::LogGroup;
use super::{EVENTS_PAGE_MAX, Logs, PAGE_BYTES_MAX, group_reference, log_group, log_stream, names, time_range};
use crate::kernel::{ApiError, Call, Operation, Violations, opaque};

pub struct FilterLogEvents;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    filter_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
    /// "This parameter is ignored and the value is assumed to be true."
    #[serde(rename = "interleaved")]
    _interleaved: Option<bool>,
    unmask: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    events: Vec<FilteredLogEvent>,
    /// "This parameter returns an empty list."
    searched_log_streams: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FilteredLogEvent {
    log_stream_name: String,
    timestamp: u64,
    message: Arc<str>,
    ingestion_time: i64,
    event_id: String,
}

/// What [`opaque`] tokens are for.
const TOKEN: &str = "filtered log events";
pub const PATTERN_CHARACTERS_MAX: usize = 1024;
const STREAMS_MAX: usize = 100;

impl Operation for FilterLogEvents {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "FilterLogEvents";

    fn resource(input: &Input) -> String {
        group_reference::shown(input.log_group_name.as_deref(), input.log_group_identifier.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        refuse(Self::NAME, &[("unmask", input.unmask == Some(true))])?;
        let filter = compile(input.filter_pattern.as_deref().unwrap_or_default())?;
        let name =
            group_reference::resolve(input.log_group_name.clone(), input.log_group_identifier.clone(), call.scope)?;
        let after = match &input.next_token {
            Some(token) => Some(read_token(token, &name).ok_or_else(invalid_token)?),
            None => None,
        };
        let group = state.groups.get(&name).ok_or_else(log_group::not_found)?;
        // "Events with a timestamp later than this time are not returned."
        let end = input.end_time.map(|end| end.saturating_add(1));
        let mut range = time_range::ids(group, input.start_time, end, call.now);
        if let Some(after) = after {
            range.start = range.start.max(after.behind());
        }
        let streams = streams(group, &input)?;
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(EVENTS_PAGE_MAX);
        let (page, more) = search(group, &streams, &range, &filter, limit);
        match page.last() {
            Some((_, last)) => {
                call.read_from(last.writer);
                call.note(super::events(page.len()));
            }
            None => call.quiet(),
        }
        let next_token =
            page.last().filter(|_| more).map(|(_, last)| opaque::seal(TOKEN, &(&name, last.id.to_string())));
        let events = page.into_iter().map(|(stream, event)| FilteredLogEvent::of(stream, event)).collect();
        Ok(Output { events, searched_log_streams: [], next_token })
    }
}

/// The pattern, or AWS's complaint.
pub fn compile(pattern: &str) -> Result<Filter, ApiError> {
    Filter::compile(pattern).map_err(|error| invalid_parameter(error.to_string()))
}

fn read_token(token: &str, group: &str) -> Option<EventId> {
    let (of, id): (String, String) = opaque::open(TOKEN, token)?;
    EventId::parse(&id).filter(|_| of == group)
}

/// The names of the streams to search.
fn streams<'a>(group: &'a LogGroup, input: &'a Input) -> Result<Vec<&'a str>, ApiError> {
    let Some(names) = &input.log_stream_names else {
        let prefix = input.log_stream_name_prefix.as_deref().unwrap_or_default();
        return Ok(group.streams.keys().map(String::as_str).filter(|name| name.starts_with(prefix)).collect());
    };
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    if names.iter().all(|name| group.streams.contains_key(*name)) { Ok(names) } else { Err(log_stream::not_found()) }
}

/// One page of what the filter wants, and whether there is more of it.
fn search<'a>(
    group: &'a LogGroup,
    streams: &[&'a str],
    range: &Range<EventId>,
    filter: &Filter,
    limit: usize,
) -> (Vec<(&'a str, &'a LogEvent)>, bool) {
    let mut open: Vec<_> =
        streams.iter().filter_map(|name| Some((*name, group.streams.get(*name)?.within(range.clone())))).collect();
    // The next event of each stream, the earliest on top. No two events have one id.
    let mut next = BinaryHeap::new();
    let mut heads: Vec<Option<&LogEvent>> = Vec::with_capacity(open.len());
    for (place, (_, events)) in open.iter_mut().enumerate() {
        let head = events.next();
        heads.push(head);
        next.extend(head.map(|event| Reverse((event.id, place))));
    }
    let (mut page, mut bytes) = (Vec::new(), 0);
    while let Some(Reverse((_, place))) = next.pop() {
        let (name, events) = &mut open[place];
        let Some(event) = std::mem::replace(&mut heads[place], events.next()) else { continue };
        next.extend(heads[place].map(|event| Reverse((event.id, place))));
        if !filter.matches(&event.message) {
            continue;
        }
        bytes += event.bytes();
        if page.len() == limit || (bytes > PAGE_BYTES_MAX && !page.is_empty()) {
            return (page, true);
        }
        page.push((*name, event));
    }
    (page, false)
}

impl FilteredLogEvent {
    fn of(stream: &str, event: &LogEvent) -> Self {
        Self {
            log_stream_name: stream.to_owned(),
            timestamp: event.millis(),
            message: event.message.clone(),
            ingestion_time: event.ingested.as_millis(),
            event_id: event.id.to_string(),
        }
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    group_reference::check(&mut violations, input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
    if let Some(streams) = &input.log_stream_names {
        let shown = format!("[{}]", streams.join(", "));
        if streams.is_empty() {
            violations.add(&shown, "logStreamNames", "have length greater than or equal to 1");
        }
        if streams.len() > STREAMS_MAX {
            violations.add(&shown, "logStreamNames", format_args!("have length less than or equal to {STREAMS_MAX}"));
        }
        for (index, name) in streams.iter().enumerate() {
            names::check_stream(&mut violations, &format!("logStreamNames.{}.member", index + 1), name);
        }
    }
    if let Some(prefix) = &input.log_stream_name_prefix {
        names::check_stream(&mut violations, "logStreamNamePrefix", prefix);
    }
    names::check_time(&mut violations, "startTime", input.start_time);
    names::check_time(&mut violations, "endTime", input.end_time);
    if let Some(pattern) = &input.filter_pattern {
        violations.length("filterPattern", pattern, 0, PATTERN_CHARACTERS_MAX);
    }
    names::check_token(&mut violations, input.next_token.as_deref());
    names::check_limit(&mut violations, input.limit, EVENTS_PAGE_MAX as i64);
    finish(violations)?;
    if input.log_stream_names.is_some() && input.log_stream_name_prefix.is_some() {
        // AWS: "If you specify a value for both logStreamNamePrefix and logStreamNames, the action returns an
        // InvalidParameterException error." assumed: the wording.
        let message = "LogStream names and LogStream name prefix are mutually exclusive parameters.";
        return Err(invalid_parameter(message));
    }
    Ok(())
}
