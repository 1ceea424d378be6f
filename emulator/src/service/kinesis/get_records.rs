//! Reads records from where a shard iterator stands.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html>

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::Kinesis;
use super::child_shard::ChildShard;
use super::record::{Content, Record};
use super::sequence_number::{Decimal, Decimals};
use super::shard::Shard;
use super::shard_iterator::ShardIterator;
use super::stream::{Stream, invalid_argument, not_found, shard_not_found};
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, EventId, Operation, Timestamp, Violations};
use crate::wire::BlobRef;

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

pub struct OutputRecord {
    pub sequence_number: Decimal,
    pub approximate_arrival_timestamp: Timestamp,
    content: Content,
    encryption_type: Option<&'static str>,
}

impl Serialize for OutputRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Record", 4 + usize::from(self.encryption_type.is_some()))?;
        record.serialize_field("SequenceNumber", &self.sequence_number)?;
        record.serialize_field("ApproximateArrivalTimestamp", &self.approximate_arrival_timestamp)?;
        record.serialize_field("Data", &BlobRef(self.content.data()))?;
        record.serialize_field("PartitionKey", self.content.partition_key())?;
        if let Some(kind) = self.encryption_type {
            record.serialize_field("EncryptionType", kind)?;
        }
        record.end()
    }
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
    /// Of keys and data.
    pub bytes: usize,
    pub millis_behind: u64,
    pub first_writer: Option<EventId>,
}

/// What a call asks a shard for.
pub struct Reading {
    pub counter: u64,
    pub max: PageMax,
    /// What arrived then or before is no longer there.
    pub horizon: Timestamp,
    /// What arrived after that is not seen yet.
    pub seen_until: Timestamp,
    pub now: Timestamp,
}

impl Reading {
    /// A reader that meets its last records again stands that many before its iterator.
    fn of(iterator: &ShardIterator, stream: &Stream, limit: usize, call: &Call<'_>) -> Self {
        Self {
            counter: iterator.counter.saturating_sub(call.circumstances.repeated),
            max: PageMax { records: limit, bytes: BYTES_MAX },
            horizon: stream.horizon(call.now),
            seen_until: call.now - call.circumstances.stale.unwrap_or_default(),
            now: call.now,
        }
    }
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
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        check(&input)?;
        let mut iterator = ShardIterator::decode(input.shard_iterator.as_deref().unwrap_or_default())?;
        let name = &iterator.stream;
        let reference = StreamReference { name: None, arn: input.stream_arn.as_deref() };
        if reference.is_given() && reference.resolve(call.scope)? != *name {
            // assumed: AWS's wording.
            return Err(invalid_argument("ShardIterator and StreamARN do not name the same stream."));
        }
        iterator.check_age(call)?;
        let stream = state.usable(name, call.scope)?;
        if stream.created != iterator.stream_created {
            return Err(not_found(name, call.scope));
        }
        let shard = stream.shards.get(&iterator.shard);
        let shard = shard.ok_or_else(|| shard_not_found(&iterator.shard.to_string(), name, call.scope))?;
        let limit = input.limit.map_or(RECORDS_MAX, |limit| limit.unsigned_abs() as usize);
        if input.dry_run == Some(true) {
            return Err(state.dry_run(Self::NAME, name, call));
        }
        state.admit_read(name, stream, shard.id, call)?;
        let page = take(shard, &Reading::of(&iterator, stream, limit, call));
        state.count_read(name, stream, shard.id, page.bytes, call);
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

pub fn take(shard: &Shard, reading: &Reading) -> Page {
    let mut page = Page { records: Vec::new(), next: shard.next(), bytes: 0, millis_behind: 0, first_writer: None };
    let mut decimals = Decimals::default();
    for (counter, record) in shard.read(reading.counter, reading.horizon) {
        let bytes = page.bytes + record.bytes();
        let full = page.records.len() == reading.max.records || (bytes > reading.max.bytes && !page.records.is_empty());
        if full || record.arrived > reading.seen_until {
            // "How far behind current time the consumer is", which has read up to its last record, as AWS measures
            // the age of iterators. It grows while nothing is read: <https://github.com/aws/aws-sdk-java/issues/2524>.
            // Never 0, which says that there is nothing more to read.
            let read_until = page.records.last().map_or(record.arrived, |last| last.approximate_arrival_timestamp);
            let behind = reading.now.since(read_until).as_millis();
            page.millis_behind = u64::try_from(behind).unwrap_or(u64::MAX).max(1);
            page.next = counter;
            break;
        }
        page.bytes = bytes;
        page.first_writer.get_or_insert(record.writer);
        page.records.push(output(
            record,
            decimals.of(shard.number(counter, record.arrived)),
            shard.is_encrypted(counter),
        ));
    }
    page
}

fn output(record: &Record, sequence_number: Decimal, is_encrypted: bool) -> OutputRecord {
    OutputRecord {
        sequence_number,
        approximate_arrival_timestamp: record.arrived,
        content: record.content.clone(),
        encryption_type: is_encrypted.then_some("KMS"),
    }
}
