//! Reads records from where a shard iterator stands.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html>

use std::sync::Arc;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::shard_iterator::ShardIterator;
use super::trimmed;
use crate::kernel::{ApiError, Call, EventId, SharedOperation, Timestamp, Violations};
use crate::service::dynamodb::DynamoDb;
use crate::service::dynamodb::change::Author;
use crate::service::dynamodb::shard::Shard;
use crate::service::dynamodb::stored_item::Image;
use crate::service::dynamodb::stream::{RETENTION, Stream};
use crate::service::dynamodb::stream_record::{EventName, StreamRecord};

/// "GetRecords can retrieve a maximum of 1 MB of data or 1000 stream records, whichever comes first."
const RECORDS_MAX: usize = 1000;
const BYTES_MAX: usize = 1 << 20;

pub struct GetRecords;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    shard_iterator: Option<String>,
    limit: Option<i32>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    records: Vec<Record>,
    /// Absent at the end of a closed shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_shard_iterator: Option<String>,
}

#[derive(Serialize)]
struct Record {
    #[serde(rename = "eventID")]
    event_id: String,
    #[serde(rename = "eventName")]
    event_name: EventName,
    #[serde(rename = "eventVersion")]
    event_version: &'static str,
    #[serde(rename = "eventSource")]
    event_source: &'static str,
    #[serde(rename = "awsRegion")]
    aws_region: String,
    dynamodb: Body,
    #[serde(rename = "userIdentity", skip_serializing_if = "Option::is_none")]
    user_identity: Option<Identity>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    approximate_creation_date_time: Timestamp,
    keys: Image,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_image: Option<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_image: Option<Image>,
    sequence_number: String,
    size_bytes: usize,
    stream_view_type: &'static str,
}

/// Of items that time to live deleted.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Identity {
    principal_id: &'static str,
    #[serde(rename = "Type")]
    kind: &'static str,
}

/// What one call takes from a shard.
struct Page {
    records: Vec<Record>,
    /// The counter from which the next call reads.
    next: u64,
    is_at_the_end: bool,
    first_writer: Option<EventId>,
}

impl SharedOperation for GetRecords {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetRecords";

    fn resource(input: &Input) -> String {
        let iterator = input.shard_iterator.as_deref().and_then(ShardIterator::read);
        iterator.map(|iterator| iterator.stream.table_name).unwrap_or_default()
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let mut iterator = ShardIterator::decode(input.shard_iterator.as_deref().unwrap_or_default())?;
        iterator.check_age(call.now, call.circumstances.expired)?;
        let limit = input.limit.map_or(RECORDS_MAX, |limit| limit.unsigned_abs() as usize);
        let place = &iterator.place;
        let page = state.with_stream(&iterator.stream, call, |stream| {
            // A shard that an iterator was given for is only gone since it has been trimmed.
            let shard = stream.shard(&place.shard, call.now).ok_or_else(trimmed)?;
            take(stream, shard, place.counter, limit, call.now)
        })??;
        match page.first_writer {
            Some(writer) => {
                call.note(super::records(page.records.len()));
                call.read_from(writer);
                call.hand_work();
            }
            None => call.quiet(),
        }
        iterator.place.counter = page.next;
        iterator.place.issued = call.now;
        let next_shard_iterator = (!page.is_at_the_end).then(|| iterator.encode());
        Ok(Output { records: page.records, next_shard_iterator })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("shardIterator", &input.shard_iterator);
    if let Some(iterator) = &input.shard_iterator {
        violations.length("shardIterator", iterator, 1, 2048);
    }
    if let Some(limit) = input.limit {
        violations.range("limit", limit.into(), 1, RECORDS_MAX as i64);
    }
    violations.finish()
}

fn take(stream: &Stream, shard: &Shard, counter: u64, limit: usize, now: Timestamp) -> Result<Page, ApiError> {
    if counter < shard.first_after(now - RETENTION) {
        return Err(trimmed());
    }
    let mut page = Page { records: Vec::new(), next: shard.next(), is_at_the_end: false, first_writer: None };
    let mut bytes = 0;
    for (counter, record) in shard.read(counter) {
        bytes += record.bytes;
        if page.records.len() == limit || (bytes > BYTES_MAX && !page.records.is_empty()) {
            page.next = counter;
            break;
        }
        page.first_writer.get_or_insert(record.writer);
        page.records.push(Record::of(stream, counter, record));
    }
    page.is_at_the_end = shard.closed.is_some() && page.next == shard.next();
    Ok(page)
}

impl Record {
    fn of(stream: &Stream, counter: u64, record: &StreamRecord) -> Self {
        let number = stream.number(counter).to_string();
        let identity = Identity { principal_id: "dynamodb.amazonaws.com", kind: "Service" };
        Self {
            // The same for every reader.
            event_id: hex::encode(Md5::digest(format!("{} {number}", stream.arn))),
            event_name: record.event_name,
            event_version: "1.1",
            event_source: "aws:dynamodb",
            aws_region: stream.arn.scope.region.to_string(),
            dynamodb: Body {
                // "rounded down to the closest second"
                approximate_creation_date_time: Timestamp::from_secs(record.created.as_secs()),
                keys: Image::Whole(Arc::clone(&record.keys)),
                new_image: record.new_image.clone().map(Image::Whole),
                old_image: record.old_image.clone().map(Image::Whole),
                sequence_number: number,
                size_bytes: record.bytes,
                stream_view_type: stream.view.name(),
            },
            user_identity: (record.author == Author::TimeToLive).then_some(identity),
        }
    }
}
