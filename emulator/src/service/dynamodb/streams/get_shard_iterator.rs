//! Gives an iterator for a place in a shard.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html>

use serde::{Deserialize, Serialize};

use super::shard_iterator::{Place, ShardIterator};
use super::stream_arn::{self, StreamArn};
use super::{shard_not_found, trimmed};
use crate::kernel::{ApiError, Call, SharedOperation, Timestamp, Violations};
use crate::service::dynamodb::DynamoDb;
use crate::service::dynamodb::sequence_number::SequenceNumber;
use crate::service::dynamodb::shard::Shard;
use crate::service::dynamodb::stream::{RETENTION, Stream};

const TYPES: [&str; 5] = ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"];

pub struct GetShardIterator;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_arn: Option<String>,
    shard_id: Option<String>,
    shard_iterator_type: Option<String>,
    sequence_number: Option<String>,
    timestamp: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    shard_iterator: String,
}

/// Where to start, as the request says it.
#[derive(Clone, Copy)]
enum Start<'a> {
    TrimHorizon,
    Latest,
    At(&'a str),
    After(&'a str),
    AtTimestamp(Timestamp),
}

impl SharedOperation for GetShardIterator {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetShardIterator";

    fn resource(input: &Input) -> String {
        stream_arn::shown(input.stream_arn.as_ref())
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let stream_arn = StreamArn::parse(input.stream_arn.as_deref().unwrap_or_default())?;
        let start = start(&input, call.now)?;
        let id = input.shard_id.clone().unwrap_or_default();
        let counter = state.with_stream(&stream_arn, call, |stream| {
            let shard = stream.shard(&id, call.now).ok_or_else(shard_not_found)?;
            counter(start, stream, shard, call.now)
        })??;
        call.note(input.shard_iterator_type.as_deref().unwrap_or_default());
        let place = Place { shard: id, counter, issued: call.now };
        Ok(Output { shard_iterator: ShardIterator { stream: stream_arn, place }.encode() })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("streamArn", &input.stream_arn);
    stream_arn::check(&mut violations, "streamArn", &input.stream_arn);
    violations.required("shardId", &input.shard_id);
    if let Some(id) = &input.shard_id {
        violations.length("shardId", id, 28, 65);
    }
    violations.required("shardIteratorType", &input.shard_iterator_type);
    if let Some(kind) = &input.shard_iterator_type {
        violations.one_of("shardIteratorType", kind, &TYPES);
    }
    if let Some(number) = &input.sequence_number {
        violations.length("sequenceNumber", number, 21, 40);
    }
    violations.finish()
}

/// assumed: the wording of what does not fit together.
fn start(input: &Input, now: Timestamp) -> Result<Start<'_>, ApiError> {
    let kind = input.shard_iterator_type.as_deref().unwrap_or_default();
    match (kind, input.sequence_number.as_deref(), input.timestamp) {
        ("AT_SEQUENCE_NUMBER", Some(number), None) => Ok(Start::At(number)),
        ("AFTER_SEQUENCE_NUMBER", Some(number), None) => Ok(Start::After(number)),
        ("TRIM_HORIZON", None, None) => Ok(Start::TrimHorizon),
        ("LATEST", None, None) => Ok(Start::Latest),
        // "If the timestamp is in the future, the request returns a ValidationException."
        ("AT_TIMESTAMP", None, Some(moment)) if moment > now => {
            Err(ApiError::validation("Timestamp must not be in the future"))
        }
        ("AT_TIMESTAMP", None, Some(moment)) => Ok(Start::AtTimestamp(moment)),
        ("AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER", None, _) => {
            Err(ApiError::validation(format!("SequenceNumber must be specified for ShardIteratorType {kind}")))
        }
        ("AT_TIMESTAMP", None, None) => {
            Err(ApiError::validation("Timestamp must be specified for ShardIteratorType AT_TIMESTAMP"))
        }
        (kind, number, _) => {
            let member =
                if number.is_some() && !kind.ends_with("SEQUENCE_NUMBER") { "SequenceNumber" } else { "Timestamp" };
            Err(ApiError::validation(format!("{member} must not be specified for ShardIteratorType {kind}")))
        }
    }
}

/// The counter of the first record to read.
fn counter(start: Start<'_>, stream: &Stream, shard: &Shard, now: Timestamp) -> Result<u64, ApiError> {
    let kept = shard.first_after(now - RETENTION);
    let counter = match start {
        Start::TrimHorizon => kept,
        Start::Latest => shard.next(),
        Start::AtTimestamp(moment) => shard.first_at(moment).max(kept),
        // The shard's starting number is of no record: what follows it comes first.
        Start::At(number) => given(number, stream, shard)?.max(shard.start + 1),
        Start::After(number) => given(number, stream, shard)? + 1,
    };
    if counter < kept { Err(trimmed()) } else { Ok(counter) }
}

/// The counter in a sequence number that this shard gave out. assumed: the wording.
fn given(text: &str, stream: &Stream, shard: &Shard) -> Result<u64, ApiError> {
    let number = SequenceNumber::parse(text).filter(|number| *number == stream.number(number.counter));
    let counter = number.map(|number| number.counter);
    counter.filter(|counter| (shard.start..=shard.last()).contains(counter)).ok_or_else(|| {
        ApiError::validation(format!("Invalid SequenceNumber: {text} is not a sequence number of shard {}", shard.id))
    })
}
