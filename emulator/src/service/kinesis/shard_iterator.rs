//! Shard iterators: where in a shard the next read starts, and until when it may.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::shard::ShardId;
use super::stream::invalid_argument;
use crate::kernel::{ApiError, Call, Timestamp, opaque};

/// "A shard iterator expires 5 minutes after it is returned to the requester."
const LIFETIME: Duration = Duration::from_mins(5);
const KIND: &str = "shard iterator";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardIterator {
    #[serde(rename = "s")]
    pub stream: String,
    /// Tells apart streams that had the same name one after the other.
    #[serde(rename = "m")]
    pub stream_created: Timestamp,
    #[serde(rename = "i")]
    pub shard: ShardId,
    /// The counter of the next record to read.
    #[serde(rename = "c")]
    pub counter: u64,
    #[serde(rename = "t")]
    pub issued: Timestamp,
}

impl ShardIterator {
    pub fn encode(&self) -> String {
        opaque::seal(KIND, self)
    }

    pub fn decode(text: &str) -> Result<Self, ApiError> {
        // assumed: AWS's wording is not documented.
        opaque::open(KIND, text).ok_or_else(|| invalid_argument("Invalid ShardIterator."))
    }

    /// Refuses an iterator that is too old, or that this call meets as if it were.
    ///
    /// Wording: <https://github.com/awslabs/amazon-kinesis-client/issues/701>
    pub fn check_age(&self, call: &Call<'_>) -> Result<(), ApiError> {
        let now = call.now;
        let issued = if call.circumstances.expired { self.issued.min(too_old(now, LIFETIME)) } else { self.issued };
        if now.since(issued) <= LIFETIME {
            return Ok(());
        }
        Err(ApiError::new(
            "ExpiredIteratorException",
            format!(
                "Iterator expired. The iterator was created at time {} while right now it is {} which is further in \
                 the future than the tolerated delay of {} milliseconds.",
                java_date(issued),
                java_date(now),
                LIFETIME.as_millis()
            ),
        ))
    }
}

/// The latest second in which what has expired by now can have been issued.
pub fn too_old(now: Timestamp, lifetime: Duration) -> Timestamp {
    now - lifetime - Duration::from_secs(1)
}

/// `Wed Mar 04 01:02:40 UTC 2020`, as AWS's messages write moments.
pub fn java_date(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_second(moment.as_secs()).unwrap_or(jiff::Timestamp::MAX);
    moment.strftime("%a %b %d %H:%M:%S UTC %Y").to_string()
}
