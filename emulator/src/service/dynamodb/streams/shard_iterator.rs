//! Shard iterators: where in a shard the next read starts, and until when it may.
//!
//! `arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/2015-05-20T20:51:10.252|1|AAAAAAAAAAEvJp6D...`:
//! the stream in plain text, and the place as a text that only we read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::stream_arn::StreamArn;
use crate::kernel::{ApiError, Timestamp, opaque};

/// "A shard iterator expires 15 minutes after it is returned to the requester."
const LIFETIME: Duration = Duration::from_mins(15);
const MARK: &str = "|1|";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardIterator {
    pub stream: StreamArn,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    #[serde(rename = "i")]
    pub shard: String,
    /// The counter of the next record to read.
    #[serde(rename = "c")]
    pub counter: u64,
    #[serde(rename = "t")]
    pub issued: Timestamp,
}

impl ShardIterator {
    pub fn encode(&self) -> String {
        let stream = &self.stream.text;
        // The checksum covers the stream, so that its part cannot be exchanged.
        format!("{stream}{MARK}{}", opaque::seal(stream, &self.place))
    }

    /// assumed: the wording.
    pub fn decode(text: &str) -> Result<Self, ApiError> {
        Self::read(text).ok_or_else(|| ApiError::validation("Invalid ShardIterator"))
    }

    pub fn read(text: &str) -> Option<Self> {
        let (stream, place) = text.split_once(MARK)?;
        Some(Self { stream: StreamArn::read(stream)?, place: opaque::open(stream, place)? })
    }

    /// Refuses an iterator that is too old, or that the call meets as if it were.
    /// assumed: the wording is that of AWS's model.
    pub fn check_age(&self, now: Timestamp, expired: bool) -> Result<(), ApiError> {
        if !expired && now.since(self.place.issued) <= LIFETIME {
            return Ok(());
        }
        Err(ApiError::new("ExpiredIteratorException", "The provided iterator exceeds the maximum age allowed."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iterator_reads_itself_and_nothing_else() {
        let stream = "arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/2015-05-20T20:51:10.252";
        let place = Place { shard: "shardId-1".to_owned(), counter: 7, issued: Timestamp::from_secs(100) };
        let iterator = ShardIterator { stream: StreamArn::parse(stream).unwrap(), place };
        let text = iterator.encode();
        assert!(text.starts_with(&format!("{stream}|1|AAAAAAAAAA")), "{text}");
        assert_eq!(ShardIterator::decode(&text), Ok(iterator.clone()));
        for bad in
            ["", "x", stream, &text[..text.len() - 4], &text.replace("Forum", "Other"), &text.replace("|1|", "|2|")]
        {
            assert_eq!(ShardIterator::read(bad), None, "{bad}");
        }
        assert_eq!(iterator.check_age(Timestamp::from_secs(1000), false), Ok(()));
        assert!(iterator.check_age(Timestamp::from_millis(1_000_001), false).is_err());
    }
}
