//! Amazon DynamoDB Streams: the API by which the changes of tables are read.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html>
//!
//! A second service on DynamoDB's state. What streams are, and what is written
//! to them, is in [`super::table_streams`] and [`super::stream`].
//!
//! # Differences
//!
//! See [`DESCRIPTION`].

mod describe_stream;
mod get_records;
mod get_shard_iterator;
mod list_streams;
mod shard_iterator;
mod stream_arn;

use self::stream_arn::StreamArn;
use super::DynamoDb;
use super::stream::Stream;
use crate::kernel::{AnyOperation, ApiError, Call, Protocol, ServiceDescription, Shared};

/// The service's name on the timeline.
pub const SERVICE: &str = "dynamodbstreams";

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Amazon DynamoDB Streams",
    signing_name: "dynamodb",
    target_prefix: "DynamoDBStreams_20120810",
    protocol: Protocol::AwsJson1_0,
    // Requests are small; this is DynamoDB's.
    body_bytes_max: super::DESCRIPTION.body_bytes_max,
    error_namespace: super::DESCRIPTION.error_namespace,
    crc32: true,
    cbor: false,
    throttled,
    not_implemented: &[],
    not_implemented_at: &[],
    differences: &[
        "a stream has one open shard at a time, however large its table; it is closed and its child opened every four \
         hours of the clock, or as the settings say",
        "a record can be read at once after its write",
        "streams are ENABLING and DISABLING for 200 ms of the clock, and take records from the moment they are asked \
         for; with its table, a stream is DISABLED at once",
        "rates of requests and readers of a shard are not limited",
        "a stream of another account or region is not found",
        "a sequence number that the stream did not give out is refused",
        "assumed, not verified: the texts for a wrong sequence number, shard iterator, timestamp and shard filter, for \
         an expired iterator and trimmed data, and for a table that ListStreams does not find; limits that are too \
         high are a ValidationException",
    ],
};

pub const OPERATIONS: &[&dyn AnyOperation<DynamoDb>] = &[
    &Shared(describe_stream::DescribeStream),
    &Shared(get_records::GetRecords),
    &Shared(get_shard_iterator::GetShardIterator),
    &Shared(list_streams::ListStreams),
];

impl DynamoDb {
    /// Looks at a stream as it is now.
    fn with_stream<R>(&self, arn: &StreamArn, call: &Call<'_>, look: impl FnOnce(&Stream) -> R) -> Result<R, ApiError> {
        let named = |stream: &&Stream| stream.table_name == arn.table_name && stream.label == arn.label;
        if arn.scope == *call.scope {
            if let Some(mut table) = self.table(&arn.table_name, call) {
                if table.streams.is_behind(call.now) {
                    table.streams.roll_over(call.now);
                }
                if let Some(stream) = table.streams.readable(call.now).find(named) {
                    return Ok(look(stream));
                }
            }
            let mut left = self.streams_left.values().filter(|stream| !stream.is_gone(call.now));
            if let Some(stream) = left.find(named) {
                return Ok(look(stream));
            }
        }
        Err(not_found(format!("Stream: {} not found", arn.text)))
    }
}

fn not_found(what: impl std::fmt::Display) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("Requested resource not found: {what}"))
}

/// Wording: <https://github.com/ironSource/node-dynamodb-stream/issues/16>
fn shard_not_found() -> ApiError {
    not_found("Shard does not exist")
}

/// Wording: <https://github.com/ironSource/node-dynamodb-stream/issues/13>
fn trimmed() -> ApiError {
    ApiError::new("TrimmedDataAccessException", "The data you are trying to access has been trimmed")
}

/// `1 record`, `2 records`: for the timeline.
pub fn records(count: usize) -> String {
    format!("{count} record{}", if count == 1 { "" } else { "s" })
}

/// "More than 2 processes are reading from the same streams shard" is the one limit that AWS gives a code of its own.
fn throttled(operation: &str) -> ApiError {
    match operation {
        "GetRecords" => ApiError::new("LimitExceededException", "Too many operations for a given subscriber."),
        _ => ApiError::new("ThrottlingException", "Rate of requests exceeds the allowed throughput."),
    }
}
