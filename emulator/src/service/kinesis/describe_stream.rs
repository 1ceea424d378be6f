//! Describes a stream and, page by page, its shards.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html>

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::enhanced_monitoring::Metric;
use super::hash_key::HashKeyRange;
use super::shard::{Shard, ShardId};
use super::stream::{Mode, Status, Stream};
use super::stream_reference::{StreamReference, check_identifier};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Timestamp};

/// "If you specify a value greater than 100, at most 100 results are returned."
const PAGE_MAX: usize = 100;

pub struct DescribeStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    limit: Option<i32>,
    exclusive_start_shard_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    stream_description: StreamDescription,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamDescription {
    #[serde(flatten)]
    about: About,
    shards: Vec<ShardDescription>,
    has_more_shards: bool,
}

/// What DescribeStream and DescribeStreamSummary both tell.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct About {
    stream_name: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_status: Status,
    stream_mode_details: StreamModeDetails,
    retention_period_hours: u64,
    stream_creation_timestamp: Timestamp,
    enhanced_monitoring: [EnhancedMetrics; 1],
    encryption_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamModeDetails {
    stream_mode: Mode,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EnhancedMetrics {
    shard_level_metrics: Vec<Metric>,
}

/// A shard as AWS lists it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ShardDescription {
    shard_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_shard_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjacent_parent_shard_id: Option<String>,
    hash_key_range: HashKeyRange,
    sequence_number_range: SequenceNumberRange,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SequenceNumberRange {
    starting_sequence_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending_sequence_number: Option<String>,
}

impl Operation for DescribeStream {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeStream";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        if let Some(limit) = input.limit {
            violations.range("limit", limit.into(), 1, 10_000);
        }
        if let Some(id) = &input.exclusive_start_shard_id {
            check_identifier(&mut violations, "exclusiveStartShardId", id);
        }
        let name = reference.name(violations, call.scope)?;
        let stream = state.stream(&name, call.scope)?;
        let after = input.exclusive_start_shard_id.as_deref().map_or(Ok(None), |id| after_shard(id).map(Some))?;
        let limit = input.limit.map_or(PAGE_MAX, |limit| (limit.unsigned_abs() as usize).min(PAGE_MAX));
        let mut shards: Vec<_> = visible_shards(stream, after).take(limit + 1).collect();
        let has_more_shards = shards.len() > limit;
        shards.truncate(limit);
        let shards = shards.into_iter().map(ShardDescription::of).collect();
        Ok(Output {
            stream_description: StreamDescription { about: About::of(stream, &name), shards, has_more_shards },
        })
    }
}

/// The id to start behind. assumed: one that no shard can have is refused; one
/// that no shard happens to have is a place in the order all the same.
pub fn after_shard(id: &str) -> Result<ShardId, ApiError> {
    ShardId::parse(id).ok_or_else(|| super::stream::invalid_argument(format!("Invalid ShardId: {id}")))
}

/// The shards behind `after` in the order of their ids. A stream that is being
/// created has none to show yet.
pub fn visible_shards(stream: &Stream, after: Option<ShardId>) -> impl Iterator<Item = &Shard> {
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let shards = stream.shards.range((start, Bound::Unbounded)).map(|(_, shard)| shard);
    shards.filter(|_| stream.status != Status::Creating)
}

impl About {
    pub fn of(stream: &Stream, name: &str) -> Self {
        Self {
            stream_name: name.to_owned(),
            stream_arn: stream.arn.to_string(),
            stream_status: stream.status,
            stream_mode_details: StreamModeDetails { stream_mode: stream.mode },
            retention_period_hours: stream.retention_hours(),
            stream_creation_timestamp: stream.created,
            enhanced_monitoring: [EnhancedMetrics {
                shard_level_metrics: stream.control.metrics.iter().copied().collect(),
            }],
            encryption_type: if stream.control.key_id.is_some() { "KMS" } else { "NONE" },
            key_id: stream.control.key_id.clone(),
        }
    }
}

impl StreamModeDetails {
    pub fn of(stream: &Stream) -> Self {
        Self { stream_mode: stream.mode }
    }
}

impl ShardDescription {
    pub fn of(shard: &Shard) -> Self {
        Self {
            shard_id: shard.id.to_string(),
            parent_shard_id: shard.parent.map(|id| id.to_string()),
            adjacent_parent_shard_id: shard.adjacent_parent.map(|id| id.to_string()),
            hash_key_range: shard.range,
            sequence_number_range: SequenceNumberRange {
                starting_sequence_number: shard.starting_number().to_string(),
                ending_sequence_number: shard.ending_number().map(|number| number.to_string()),
            },
        }
    }
}
