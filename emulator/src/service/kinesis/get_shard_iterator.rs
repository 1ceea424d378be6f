//! Gives an iterator for a place in a shard.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::put_record::check_number;
use super::shard_iterator::ShardIterator;
use super::starting_position::{Start, TYPES};
use super::stream_reference::{StreamReference, check_identifier};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Timestamp, Violations};

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
        let kind = input.shard_iterator_type.as_deref().unwrap_or_default();
        let start = Start::parse(kind, input.starting_sequence_number.as_deref(), input.timestamp, call.now)?;
        let stream = state.usable(&name, call.scope)?;
        let shard = stream.shard(input.shard_id.as_deref().unwrap_or_default(), &name, call.scope)?;
        let counter = start.counter(shard, &name, call.scope, Self::NAME)?;
        if input.dry_run == Some(true) {
            return Err(state.dry_run(Self::NAME, &name, call));
        }
        state.admit_iterator(&name, stream, shard.id, call)?;
        call.note(kind);
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
