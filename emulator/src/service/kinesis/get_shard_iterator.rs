//! Gives an iterator for a place in a shard.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::put_record::check_number;
use super::sequence_number::SequenceNumber;
use super::shard::{Shard, ShardId};
use super::shard_iterator::ShardIterator;
use super::stream::invalid_argument;
use super::stream_reference::{StreamReference, check_identifier};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Timestamp, Violations};

const TYPES: [&str; 5] = ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];

pub struct GetShardIterator;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    shard_id: Option<String>,
    shard_iterator_type: Option<String>,
    starting_sequence_number: Option<String>,
    timestamp: Option<Timestamp>,
    dry_run: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    shard_iterator: String,
}

/// Where to start, as the request says it.
enum Start<'a> {
    At(&'a str),
    After(&'a str),
    TrimHorizon,
    Latest,
    AtTimestamp(Timestamp),
}

impl Operation for GetShardIterator {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetShardIterator";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        check(&input)?;
        let name = StreamReference::new(&input.stream_name, &input.stream_arn).resolve(call.scope)?;
        let start = start(&input, call.now)?;
        let stream = state.usable(&name, call.scope)?;
        let shard = stream.shard(input.shard_id.as_deref().unwrap_or_default(), &name, call.scope)?;
        let counter = match start {
            // What is read from there on begins with the oldest record that is left then.
            Start::TrimHorizon => 0,
            Start::Latest => shard.next(),
            Start::AtTimestamp(moment) => shard.counter_at(moment),
            Start::At(number) => number_in(shard, number, &name, call)?.counter,
            Start::After(number) => number_in(shard, number, &name, call)?.counter + 1,
        };
        if input.dry_run == Some(true) {
            return Err(state.dry_run(Self::NAME, &name, call));
        }
        state.admit_iterator(&name, stream, shard.id, call)?;
        call.note(input.shard_iterator_type.as_deref().unwrap_or_default());
        let iterator =
            ShardIterator { stream_created: stream.created, shard: shard.id, stream: name, counter, issued: call.now };
        Ok(Output { shard_iterator: iterator.encode() })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    StreamReference::new(&input.stream_name, &input.stream_arn).check(&mut violations);
    violations.required("shardId", &input.shard_id);
    if let Some(id) = &input.shard_id {
        check_identifier(&mut violations, "shardId", id);
    }
    violations.required("shardIteratorType", &input.shard_iterator_type);
    if let Some(kind) = &input.shard_iterator_type {
        violations.one_of("shardIteratorType", kind, &TYPES);
    }
    if let Some(number) = &input.starting_sequence_number {
        check_number(&mut violations, "startingSequenceNumber", number);
    }
    violations.finish()
}

fn start(input: &Input, now: Timestamp) -> Result<Start<'_>, ApiError> {
    let kind = input.shard_iterator_type.as_deref().unwrap_or_default();
    match (kind, input.starting_sequence_number.as_deref(), input.timestamp) {
        ("AT_SEQUENCE_NUMBER", Some(number), _) => Ok(Start::At(number)),
        ("AFTER_SEQUENCE_NUMBER", Some(number), _) => Ok(Start::After(number)),
        ("TRIM_HORIZON", None, _) => Ok(Start::TrimHorizon),
        ("LATEST", None, _) => Ok(Start::Latest),
        // assumed: AWS's wording.
        ("AT_TIMESTAMP", None, None) => Err(invalid_argument(
            "Must specify timestamp parameter for iterator of type AT_TIMESTAMP. Request specified no timestamp.",
        )),
        // Wording: <https://github.com/harlow/kinesis-consumer/issues/116>
        ("AT_TIMESTAMP", None, Some(moment)) if moment > now => Err(invalid_argument(format!(
            "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: \
             {}, currentTimestampInMillis: {}",
            moment.as_millis(),
            now.as_millis()
        ))),
        ("AT_TIMESTAMP", None, Some(moment)) => Ok(Start::AtTimestamp(moment)),
        // Wording: <https://github.com/akkadotnet/Alpakka/pull/160>; assumed where a number is given in excess.
        (kind, number, _) => Err(invalid_argument(format!(
            "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) \
             TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified {kind} and {} \
             StartingSequenceNumber.",
            if number.is_some() { "also a" } else { "no" }
        ))),
    }
}

/// Wording: <https://github.com/boto/boto3/issues/1478> and
/// <https://github.com/amazon-archives/amazon-kinesis-connectors/issues/8>
fn number_in(shard: &Shard, text: &str, name: &str, call: &Call<'_>) -> Result<SequenceNumber, ApiError> {
    let number = SequenceNumber::parse(text);
    match number {
        Some(number) if shard.has_given(number) => Ok(number),
        Some(number) if number.shard != shard.id.0 => Err(invalid_argument(format!(
            "Invalid StartingSequenceNumber. It encodes {}, while it was used in a call to {}",
            ShardId(number.shard),
            shard.id
        ))),
        _ => Err(invalid_argument(format!(
            "StartingSequenceNumber {text} used in GetShardIterator on shard {} in stream {name} under account {} is \
             invalid because it did not come from this stream.",
            shard.id, call.scope.account
        ))),
    }
}
