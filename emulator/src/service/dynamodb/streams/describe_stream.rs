//! Describes a stream and, page by page, its shards.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html>

use serde::{Deserialize, Serialize};

use super::stream_arn::{self, StreamArn};
use crate::kernel::{ApiError, Arn, Call, SharedOperation, Timestamp, Violations};
use crate::service::dynamodb::DynamoDb;
use crate::service::dynamodb::description::{KeySchemaElement, key_schema};
use crate::service::dynamodb::shard::Shard;
use crate::service::dynamodb::stream::Stream;

/// "The upper limit is 100."
const PAGE_MAX: usize = 100;

pub struct DescribeStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_arn: Option<String>,
    limit: Option<i32>,
    exclusive_start_shard_id: Option<String>,
    shard_filter: Option<ShardFilter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ShardFilter {
    #[serde(rename = "Type")]
    kind: Option<String>,
    shard_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    stream_description: StreamDescription,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamDescription {
    stream_arn: Arn,
    stream_label: String,
    stream_status: &'static str,
    stream_view_type: &'static str,
    creation_request_date_time: Timestamp,
    table_name: String,
    key_schema: Vec<KeySchemaElement>,
    shards: Vec<ShardDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_shard_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShardDescription {
    shard_id: String,
    sequence_number_range: SequenceNumberRange,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_shard_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SequenceNumberRange {
    starting_sequence_number: String,
    /// Of a closed shard only.
    #[serde(skip_serializing_if = "Option::is_none")]
    ending_sequence_number: Option<String>,
}

impl SharedOperation for DescribeStream {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeStream";

    fn resource(input: &Input) -> String {
        stream_arn::shown(input.stream_arn.as_ref())
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let arn = StreamArn::parse(input.stream_arn.as_deref().unwrap_or_default())?;
        let parent = input.shard_filter.as_ref().map(parent).transpose()?;
        let limit = input.limit.map_or(PAGE_MAX, |limit| limit.unsigned_abs() as usize);
        let after = input.exclusive_start_shard_id.as_deref();
        state.with_stream(&arn, call, |stream| {
            // Ids begin with the moment in which a shard was opened, so that they are in its order.
            let behind = |shard: &&Shard| after.is_none_or(|after| shard.id.as_str() > after);
            let of_parent = |shard: &&Shard| parent.is_none_or(|parent| shard.parent.as_deref() == Some(parent));
            let mut shards = stream.shards(call.now).filter(behind).filter(of_parent);
            let page = shards.by_ref().take(limit).map(|shard| ShardDescription::of(stream, shard)).collect();
            let has_more = shards.next().is_some();
            Output { stream_description: StreamDescription::of(stream, page, has_more, call.now) }
        })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("streamArn", &input.stream_arn);
    stream_arn::check(&mut violations, "streamArn", &input.stream_arn);
    if let Some(limit) = input.limit {
        violations.range("limit", limit.into(), 1, PAGE_MAX as i64);
    }
    if let Some(id) = &input.exclusive_start_shard_id {
        violations.length("exclusiveStartShardId", id, 28, 65);
    }
    if let Some(filter) = &input.shard_filter {
        if let Some(kind) = &filter.kind {
            violations.one_of("shardFilter.type", kind, &["CHILD_SHARDS"]);
        }
        if let Some(id) = &filter.shard_id {
            violations.length("shardFilter.shardId", id, 28, 65);
        }
    }
    violations.finish()
}

/// The shard whose children are asked for. assumed: the wording.
fn parent(filter: &ShardFilter) -> Result<&str, ApiError> {
    match (&filter.kind, &filter.shard_id) {
        (Some(_), Some(id)) => Ok(id),
        (None, _) => Err(ApiError::validation("Type must be specified in ShardFilter")),
        (Some(_), None) => Err(ApiError::validation("ShardId must be specified in ShardFilter of type CHILD_SHARDS")),
    }
}

impl StreamDescription {
    fn of(stream: &Stream, shards: Vec<ShardDescription>, has_more: bool, now: Timestamp) -> Self {
        Self {
            stream_arn: stream.arn.clone(),
            stream_label: stream.label.clone(),
            stream_status: stream.status(now),
            stream_view_type: stream.view.name(),
            creation_request_date_time: stream.created,
            table_name: stream.table_name.clone(),
            key_schema: key_schema(&stream.schema),
            last_evaluated_shard_id: shards.last().filter(|_| has_more).map(|last| last.shard_id.clone()),
            shards,
        }
    }
}

impl ShardDescription {
    fn of(stream: &Stream, shard: &Shard) -> Self {
        Self {
            shard_id: shard.id.clone(),
            sequence_number_range: SequenceNumberRange {
                starting_sequence_number: stream.number(shard.start).to_string(),
                ending_sequence_number: shard.closed.map(|_| stream.number(shard.last()).to_string()),
            },
            parent_shard_id: shard.parent.clone(),
        }
    }
}
