//! How a record gets into its shard, whoever sends it: PutRecord, PutRecords or
//! another service over the bus.

use std::fmt::Display;

use super::record::{Content, Record};
use super::sequence_number::Decimal;
use super::shard::ShardId;
use super::stream::invalid_argument;
use super::{Kinesis, hash_key};
use crate::kernel::{ApiError, Call, Violations};
use crate::wire::Blob;

/// A key may have 256 characters, which are at least as many bytes.
const KEY_BYTES_SURELY_FINE: usize = 256;
const HASH_KEY_PATTERN: &str = "0|([1-9]\\d{0,38})";

/// A record on its way in, checked.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub partition_key: &'a str,
    pub hash_key: u128,
    pub data: &'a [u8],
}

impl Entry<'_> {
    /// What counts against AWS's limits in bytes.
    pub fn bytes(&self) -> usize {
        self.partition_key.len() + self.data.len()
    }
}

/// Where a record went.
#[derive(Debug)]
pub struct Placed {
    pub shard: ShardId,
    pub number: Decimal,
}

/// The members that PutRecord and an entry of PutRecords share.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub data: Option<&'a Blob>,
    pub partition_key: Option<&'a str>,
    pub explicit_hash_key: Option<&'a str>,
}

impl<'a> Given<'a> {
    /// Checks them against AWS's model; `prefix` says where they stand. The
    /// size limit is the stream's: AWS words it as a constraint of the model.
    pub fn check(&self, violations: &mut Violations, prefix: impl Display, record_bytes_max: usize) {
        // Written only where it is needed: most records break nothing.
        let member = |name: &str| format!("{prefix}{name}");
        if self.data.is_none() {
            violations.missing(member("data"));
        }
        // AWS's model makes the key optional for streams that distribute records
        // by themselves, which are not here yet.
        if self.partition_key.is_none() {
            violations.missing(member("partitionKey"));
        }
        let key_bytes = self.partition_key.map_or(0, str::len);
        if self.data.is_some_and(|data| data.0.len() + key_bytes > record_bytes_max) {
            let constraint = format!("have length less than or equal to {record_bytes_max}");
            violations.add_unprinted(member("data"), constraint);
        }
        if let Some(key) = self.partition_key
            && !(1..=KEY_BYTES_SURELY_FINE).contains(&key.len())
        {
            violations.length(member("partitionKey"), key, 1, 256);
        }
        if let Some(key) = self.explicit_hash_key {
            check_hash_key(violations, &member("explicitHashKey"), key);
        }
    }

    /// The entry they make, once checked.
    pub fn entry(&self) -> Result<Entry<'a>, ApiError> {
        let partition_key = self.partition_key.expect("it was checked to be there");
        let hash_key = match self.explicit_hash_key {
            // assumed: the range is documented, the wording is not.
            Some(key) => key.parse().map_err(|_| {
                invalid_argument(format!(
                    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {key}"
                ))
            })?,
            None => hash_key::of_partition_key(partition_key),
        };
        let data = &self.data.expect("it was checked to be there").0;
        Ok(Entry { partition_key, hash_key, data })
    }
}

/// A hash key as AWS's model writes it.
pub fn check_hash_key(violations: &mut Violations, member: &str, key: &str) {
    if !is_number(key, 39) {
        violations.add(key, member, format_args!("satisfy regular expression pattern: {HASH_KEY_PATTERN}"));
    }
}

/// `0|([1-9]\d*)` of up to so many digits: how hash keys and sequence numbers are written.
pub fn is_number(text: &str, digits_max: usize) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && text.len() <= digits_max && (text == "0" || !text.starts_with('0'))
}

impl Kinesis {
    /// Writes a checked record to a stream that takes records.
    pub fn ingest(&mut self, name: &str, entry: Entry<'_>, call: &Call<'_>) -> Result<Placed, ApiError> {
        let stream = self.usable_mut(name, call.scope)?;
        let retention = stream.retention;
        let shard = stream.route(entry.hash_key);
        let was_empty = shard.oldest().is_none();
        let record =
            Record { content: Content::new(entry.partition_key, entry.data), arrived: call.now, writer: call.event };
        let placed = Placed { number: shard.push(record), shard: shard.id };
        self.listeners.wake(name, placed.shard);
        if was_empty {
            self.plan_sweep(name, placed.shard, call.now, retention);
        }
        Ok(placed)
    }
}
