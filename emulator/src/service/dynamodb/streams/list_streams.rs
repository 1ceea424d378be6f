//! Lists the streams of the account and region, or of one table, page by page.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html>

use serde::{Deserialize, Serialize};

use super::not_found;
use super::stream_arn::{self, StreamArn};
use crate::kernel::{ApiError, Arn, Call, SharedOperation, Violations};
use crate::service::dynamodb::DynamoDb;
use crate::service::dynamodb::stream::Stream;

/// "The upper limit is 100."
const PAGE_MAX: usize = 100;

pub struct ListStreams;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    limit: Option<i32>,
    exclusive_start_stream_arn: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    streams: Vec<StreamSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_stream_arn: Option<Arn>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSummary {
    stream_arn: Arn,
    table_name: String,
    stream_label: String,
}

impl SharedOperation for ListStreams {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListStreams";

    fn resource(input: &Input) -> String {
        input.table_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let after = input.exclusive_start_stream_arn.as_deref().map(StreamArn::parse).transpose()?;
        let mut streams = found(state, input.table_name.as_deref(), call);
        if let Some(name) = &input.table_name
            && streams.is_empty()
            && !state.tables.contains_key(name)
        {
            // assumed: AWS's wording is that of DescribeTable.
            return Err(not_found(format!("Table: {name} not found")));
        }
        // assumed: AWS's order is not documented.
        streams.sort_by(|a, b| (&a.table_name, &a.stream_label).cmp(&(&b.table_name, &b.stream_label)));
        if let Some(after) = after {
            streams.retain(|stream| (&stream.table_name, &stream.stream_label) > (&after.table_name, &after.label));
        }
        let limit = input.limit.map_or(PAGE_MAX, |limit| limit.unsigned_abs() as usize);
        let has_more = streams.len() > limit;
        streams.truncate(limit);
        let last_evaluated_stream_arn = streams.last().filter(|_| has_more).map(|last| last.stream_arn.clone());
        Ok(Output { streams, last_evaluated_stream_arn })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    if let Some(name) = &input.table_name {
        violations.length("tableName", name, 3, 255);
        violations.pattern("tableName", name, "[a-zA-Z0-9_.-]+", |c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    }
    if let Some(limit) = input.limit {
        violations.range("limit", limit.into(), 1, PAGE_MAX as i64);
    }
    stream_arn::check(&mut violations, "exclusiveStartStreamArn", &input.exclusive_start_stream_arn);
    violations.finish()
}

/// The streams of that table, or of all, in no order.
fn found(state: &DynamoDb, table_name: Option<&str>, call: &Call<'_>) -> Vec<StreamSummary> {
    let mut found = Vec::new();
    let mut add = |stream: &Stream| {
        if table_name.is_none_or(|name| name == stream.table_name) && !stream.is_gone(call.now) {
            found.push(StreamSummary {
                stream_arn: stream.arn.clone(),
                table_name: stream.table_name.clone(),
                stream_label: stream.label.clone(),
            });
        }
    };
    for name in state.tables.keys() {
        if let Some(table) = state.table(name, call) {
            table.streams.readable(call.now).for_each(&mut add);
        }
    }
    state.streams_left.values().for_each(&mut add);
    found
}
