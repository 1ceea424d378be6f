//! Where in a shard to start reading: what GetShardIterator and SubscribeToShard both ask for.

use super::sequence_number::SequenceNumber;
use super::shard::{Shard, ShardId};
use super::stream::invalid_argument;
use crate::kernel::{ApiError, Scope, Timestamp};

/// In the order in which callers see AWS list them.
pub const TYPES: [&str; 5] = ["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"];

/// Where to start, as the request says it.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    At(&'a str),
    After(&'a str),
    TrimHorizon,
    Latest,
    AtTimestamp(Timestamp),
}

impl<'a> Start<'a> {
    pub fn parse(
        kind: &str,
        number: Option<&'a str>,
        timestamp: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        match (kind, number, timestamp) {
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
                "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. \
                 timestampInMillis: {}, currentTimestampInMillis: {}",
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

    /// The counter of the first record to read. `operation` is named in refusals.
    pub fn counter(self, shard: &Shard, stream: &str, scope: &Scope, operation: &str) -> Result<u64, ApiError> {
        let number = |text| number_in(shard, text, stream, scope, operation);
        Ok(match self {
            // What is read from there on begins with the oldest record that is left then.
            Start::TrimHorizon => 0,
            Start::Latest => shard.next(),
            Start::AtTimestamp(moment) => shard.counter_at(moment),
            Start::At(text) => shard.counter_from(number(text)?),
            Start::After(text) => number(text)?.counter + 1,
        })
    }
}

/// Wording: <https://github.com/boto/boto3/issues/1478> and
/// <https://github.com/amazon-archives/amazon-kinesis-connectors/issues/8>
fn number_in(
    shard: &Shard,
    text: &str,
    stream: &str,
    scope: &Scope,
    operation: &str,
) -> Result<SequenceNumber, ApiError> {
    let number = SequenceNumber::parse(text);
    match number {
        Some(number) if shard.has_given(number) => Ok(number),
        Some(number) if number.shard != shard.id.0 => Err(invalid_argument(format!(
            "Invalid StartingSequenceNumber. It encodes {}, while it was used in a call to {}",
            ShardId(number.shard),
            shard.id
        ))),
        _ => Err(invalid_argument(format!(
            "StartingSequenceNumber {text} used in {operation} on shard {} in stream {stream} under account {} is \
             invalid because it did not come from this stream.",
            shard.id, scope.account
        ))),
    }
}
