//! Reads records from where a shard iterator stands.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
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
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OutputRecord {
    pub sequence_number: String,
    pub approximate_arrival_timestamp: Timestamp,
    data: Blob,
    partition_key: Box<str>,
}

/// How much one call takes from a shard.
#[derive(Clone, Copy, Debug)]
pub struct PageMax {
    pub records: usize,
    pub bytes: usize,
}

/// What one call takes from a shard.
pub struct Page {
    pub records: Vec<OutputRecord>,
    /// The counter from which the next call reads.
    pub next: u64,
    pub millis_behind: u64,
    pub first_writer: Option<EventId>,
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
        let page = take(
            shard,
            iterator.counter,
            stream.horizon(call.now),
            PageMax { records: limit, bytes: BYTES_MAX },
            call.now,
        );
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

pub fn take(shard: &Shard, counter: u64, horizon: Timestamp, max: PageMax, now: Timestamp) -> Page {
    let mut page = Page { records: Vec::new(), next: shard.next(), millis_behind: 0, first_writer: None };
    let mut bytes = 0;
    for (counter, record) in shard.read(counter, horizon) {
        bytes += record.bytes();
        if page.records.len() == max.records || (bytes > max.bytes && !page.records.is_empty()) {
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
    }
}
