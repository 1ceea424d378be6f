//! Reads records from where a shard iterator stands.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::child_shard::ChildShard;
use super::shard::{Record, Shard};
use super::shard_iterator::ShardIterator;
use super::stream::{invalid_argument, not_found, shard_not_found};
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, EventId, Operation, Timestamp, Violations};
use crate::wire::Blob;

/// "The maximum number of records that can be returned per call is 10,000."
const RECORDS_MAX: usize = 10_000;
/// "The maximum size of data that GetRecords can return is 10 MiB."
const BYTES_MAX: usize = 10 << 20;

pub struct GetRecords;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    shard_iterator: Option<String>,
    limit: Option<i32>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    dry_run: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    records: Vec<OutputRecord>,
    /// Absent at the end of a closed shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_shard_iterator: Option<String>,
    millis_behind_latest: u64,
    /// At the end of a closed shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    child_shards: Option<Vec<ChildShard>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OutputRecord {
    sequence_number: String,
    approximate_arrival_timestamp: Timestamp,
    data: Blob,
    partition_key: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_type: Option<&'static str>,
}

/// What one call takes from a shard.
struct Page {
    records: Vec<OutputRecord>,
    /// The counter from which the next call reads.
    next: u64,
    millis_behind: u64,
    first_writer: Option<EventId>,
}

impl Operation for GetRecords {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetRecords";

    fn resource(input: &Input) -> String {
        let iterator = input.shard_iterator.as_deref().and_then(|text| ShardIterator::decode(text).ok());
        iterator.map(|iterator| iterator.stream).unwrap_or_default()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some()), ("DryRun", input.dry_run == Some(true))])?;
        check(&input)?;
        let mut iterator = ShardIterator::decode(input.shard_iterator.as_deref().unwrap_or_default())?;
        let name = &iterator.stream;
        let reference = StreamReference { name: None, arn: input.stream_arn.as_deref() };
        if reference.is_given() && reference.resolve(call.scope)? != *name {
            // assumed: AWS's wording.
            return Err(invalid_argument("ShardIterator and StreamARN do not name the same stream."));
        }
        iterator.check_age(call.now)?;
        let stream = state.usable(name, call.scope)?;
        if stream.created != iterator.stream_created {
            return Err(not_found(name, call.scope));
        }
        let shard = stream.shards.get(&iterator.shard);
        let shard = shard.ok_or_else(|| shard_not_found(&iterator.shard.to_string(), name, call.scope))?;
        let limit = input.limit.map_or(RECORDS_MAX, |limit| limit.unsigned_abs() as usize);
        let page = take(shard, iterator.counter, stream.horizon(call.now), limit, call.now);
        match page.first_writer {
            Some(writer) => {
                call.note(super::records(page.records.len()));
                call.read_from(writer);
                call.hand_work();
            }
            None => call.quiet(),
        }
        let at_the_end = shard.closed.is_some() && page.next >= shard.next();
        iterator.counter = page.next;
        iterator.issued = call.now;
        Ok(Output {
            records: page.records,
            next_shard_iterator: (!at_the_end).then(|| iterator.encode()),
            millis_behind_latest: page.millis_behind,
            child_shards: at_the_end.then(|| ChildShard::of(stream, shard.id)),
        })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("shardIterator", &input.shard_iterator);
    if let Some(iterator) = &input.shard_iterator {
        violations.length("shardIterator", iterator, 1, 512);
    }
    if let Some(limit) = input.limit {
        violations.range("limit", limit.into(), 1, RECORDS_MAX as i64);
    }
    StreamReference { name: None, arn: input.stream_arn.as_deref() }.check(&mut violations);
    violations.finish()
}

fn take(shard: &Shard, counter: u64, horizon: Timestamp, limit: usize, now: Timestamp) -> Page {
    let mut page = Page { records: Vec::new(), next: shard.next(), millis_behind: 0, first_writer: None };
    let mut bytes = 0;
    for (counter, record) in shard.read(counter, horizon) {
        bytes += record.bytes();
        if page.records.len() == limit || (bytes > BYTES_MAX && !page.records.is_empty()) {
            // assumed: measured from the oldest record left behind. Never 0,
            // which says that there is nothing more to read.
            page.millis_behind = u64::try_from(now.since(record.arrived).as_millis()).unwrap_or(u64::MAX).max(1);
            page.next = counter;
            break;
        }
        page.first_writer.get_or_insert(record.writer);
        page.records.push(output(shard, counter, record));
    }
    page
}

fn output(shard: &Shard, counter: u64, record: &Record) -> OutputRecord {
    OutputRecord {
        sequence_number: shard.number(counter, record.arrived).to_string(),
        approximate_arrival_timestamp: record.arrived,
        data: Blob(record.data.clone()),
        partition_key: record.partition_key.clone(),
        encryption_type: shard.is_encrypted(counter).then_some("KMS"),
    }
}
