//! Lists the streams of the account and region by name, page by page.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html>

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::describe_stream::StreamModeDetails;
use super::stream::{Status, invalid_argument};
use super::stream_reference::check_identifier;
use crate::kernel::{ApiError, Call, Operation, Timestamp, Violations, opaque};

/// "If you specify a value greater than 100, at most 100 results are returned."
const PAGE_MAX: usize = 100;
const TOKEN: &str = "list streams";

pub struct ListStreams;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    limit: Option<i32>,
    exclusive_start_stream_name: Option<String>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    stream_names: Vec<String>,
    has_more_streams: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    stream_summaries: Vec<StreamSummary>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSummary {
    stream_name: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_status: Status,
    stream_mode_details: StreamModeDetails,
    stream_creation_timestamp: Timestamp,
}

impl Operation for ListStreams {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListStreams";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, state: &mut Kinesis, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        if let Some(limit) = input.limit {
            violations.range("limit", limit.into(), 1, 10_000);
        }
        if let Some(name) = &input.exclusive_start_stream_name {
            check_identifier(&mut violations, "exclusiveStartStreamName", name);
        }
        if let Some(token) = &input.next_token {
            violations.length("nextToken", token, 1, 1 << 20);
        }
        violations.finish()?;
        let after = after(&input)?;
        let limit = input.limit.map_or(PAGE_MAX, |limit| (limit.unsigned_abs() as usize).min(PAGE_MAX));
        let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut following = state.streams.range::<str, _>((start, Bound::Unbounded));
        let stream_summaries: Vec<_> = following
            .by_ref()
            .take(limit)
            .map(|(name, stream)| StreamSummary {
                stream_name: name.clone(),
                stream_arn: stream.arn.to_string(),
                stream_status: stream.status,
                stream_mode_details: StreamModeDetails::of(stream),
                stream_creation_timestamp: stream.created,
            })
            .collect();
        let stream_names: Vec<_> = stream_summaries.iter().map(|summary| summary.stream_name.clone()).collect();
        let has_more_streams = following.next().is_some();
        let next_token = stream_names.last().filter(|_| has_more_streams).map(|last| opaque::seal(TOKEN, last));
        Ok(Output { stream_names, has_more_streams, next_token, stream_summaries })
    }
}

/// The name to start behind. assumed: AWS's wording for both refusals.
fn after(input: &Input) -> Result<Option<String>, ApiError> {
    match (&input.next_token, &input.exclusive_start_stream_name) {
        (Some(_), Some(_)) => {
            Err(invalid_argument("NextToken and ExclusiveStartStreamName cannot be provided together."))
        }
        (Some(token), None) => {
            opaque::open(TOKEN, token).map(Some).ok_or_else(|| invalid_argument("Invalid NextToken."))
        }
        (None, name) => Ok(name.clone()),
    }
}
