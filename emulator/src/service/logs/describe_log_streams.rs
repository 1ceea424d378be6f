//! Lists the streams of a log group by name or by the time of their newest event, in pages.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html>
//!
//! # Differences
//!
//! - Streams without events are taken for older than all others (assumed).

use serde::{Deserialize, Serialize};

use super::invalid::{finish, invalid_parameter, invalid_token};
use super::log_stream::LogStream;
use super::{Logs, PAGE_MAX, group_reference, log_group, names};
use crate::kernel::{ApiError, Call, Operation, Violations, opaque};

pub struct DescribeLogStreams;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    order_by: Option<String>,
    descending: Option<bool>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    log_streams: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    log_stream_name: String,
    creation_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_timestamp: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_timestamp: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ingestion_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_sequence_token: Option<String>,
    arn: String,
    /// "As of June 17, 2019, this parameter is no longer supported for log streams, and is always reported as zero."
    stored_bytes: u64,
}

const BY_TIME: &str = "LastEventTime";
const TOKEN: &str = "log streams";

impl Operation for DescribeLogStreams {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeLogStreams";

    fn resource(input: &Input) -> String {
        group_reference::shown(input.log_group_name.as_deref(), input.log_group_identifier.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let by_time = input.order_by.as_deref() == Some(BY_TIME);
        if by_time && input.log_stream_name_prefix.is_some() {
            return Err(invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix."));
        }
        let after: Option<(u64, String)> = match &input.next_token {
            Some(token) => Some(opaque::open(TOKEN, token).ok_or_else(invalid_token)?),
            None => None,
        };
        let name = group_reference::resolve(input.log_group_name, input.log_group_identifier, call.scope)?;
        let group = state.groups.get(&name).ok_or_else(log_group::not_found)?;
        let prefix = input.log_stream_name_prefix.unwrap_or_default();
        let place = |name: &str, stream: &LogStream| {
            let newest = stream.newest().map_or(0, |event| event.millis());
            (if by_time { newest } else { 0 }, name.to_owned())
        };
        let mut streams: Vec<_> = group
            .streams
            .iter()
            .filter(|(name, _)| name.starts_with(&prefix))
            .map(|(name, stream)| (place(name, stream), stream))
            .collect();
        streams.sort_by(|(this, _), (other, _)| this.cmp(other));
        let descending = input.descending == Some(true);
        if descending {
            streams.reverse();
        }
        let is_behind = |place: &(u64, String)| {
            after.as_ref().is_none_or(|after| if descending { place < after } else { place > after })
        };
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_MAX);
        let mut rest = streams.into_iter().filter(|(place, _)| is_behind(place)).peekable();
        let page: Vec<_> = rest.by_ref().take(limit).collect();
        let more = rest.peek().is_some();
        let next_token = page.last().filter(|_| more).map(|(place, _)| opaque::seal(TOKEN, place));
        let arn = log_group::arn(&name, call);
        let log_streams = page.into_iter().map(|((_, name), stream)| Entry::of(name, stream, &arn)).collect();
        Ok(Output { log_streams, next_token })
    }
}

impl Entry {
    fn of(name: String, stream: &LogStream, group_arn: &str) -> Self {
        Self {
            arn: format!("{group_arn}:log-stream:{name}"),
            log_stream_name: name,
            creation_time: stream.created.as_millis(),
            first_event_timestamp: stream.oldest().map(|event| event.millis()),
            last_event_timestamp: stream.newest().map(|event| event.millis()),
            last_ingestion_time: stream.last_ingestion.map(|moment| moment.as_millis()),
            upload_sequence_token: stream.upload_sequence_token.clone(),
            stored_bytes: 0,
        }
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    group_reference::check(&mut violations, input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
    if let Some(prefix) = &input.log_stream_name_prefix {
        names::check_stream(&mut violations, "logStreamNamePrefix", prefix);
    }
    if let Some(order) = &input.order_by {
        violations.one_of("orderBy", order, &["LogStreamName", BY_TIME]);
    }
    names::check_token(&mut violations, input.next_token.as_deref());
    names::check_limit(&mut violations, input.limit, PAGE_MAX as i64);
    finish(violations)
}
