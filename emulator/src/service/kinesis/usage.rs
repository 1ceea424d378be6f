//! What calls have used up of their limits: one tank for each rate that somebody shares.
//!
//! Kept only while limits are enforced, and only what is not full again.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::shard::ShardId;
use super::tank::Tank;
use crate::kernel::Timestamp;

/// Beyond so many tanks, those that are full again are forgotten: they are as new ones.
const TANKS_MAX: usize = 1000;

/// "A single shard can ingest up to 1 MB of data per second (including partition
/// keys) or 1,000 records per second"; the API reference writes 1 MiB.
const WRITE_BYTES: u32 = 1 << 20;
const WRITE_RECORDS: u32 = 1000;
/// "Each shard can support up to five read transactions per second", "2 MB per second".
const READS: u32 = 5;
const READ_BYTES: u32 = 2 << 20;
/// "GetShardIterator has a limit of five transactions per second per account per open shard."
const ITERATORS: u32 = 5;

/// A shard among all that there ever were: streams may have the same name one after the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShardKey {
    pub stream: String,
    pub stream_created: Timestamp,
    pub shard: ShardId,
}

#[derive(Debug, Default)]
pub struct Usage {
    tanks: Mutex<Tanks>,
}

#[derive(Debug, Default)]
struct Tanks {
    /// By operation, and by the stream whose calls share the rate.
    calls: BTreeMap<(&'static str, String), Tank>,
    shards: BTreeMap<ShardKey, ShardTanks>,
}

#[derive(Debug)]
struct ShardTanks {
    records: Tank,
    bytes: Tank,
    reads: Tank,
    read_bytes: Tank,
    iterators: Tank,
}

impl Usage {
    /// Counts a call against a rate; says whether there was room for it.
    pub fn take_call(&self, operation: &'static str, shared_by: &str, per_second: u32, now: Timestamp) -> bool {
        let mut tanks = self.lock();
        if tanks.calls.len() > TANKS_MAX {
            tanks.calls.retain(|_, tank| !tank.is_full(now));
        }
        let key = (operation, shared_by.to_owned());
        take(tanks.calls.entry(key).or_insert_with(|| Tank::full(per_second, now)), now)
    }

    /// Counts a record that is to be written, with its partition key. One that is refused counts for nothing.
    pub fn take_write(&self, shard: ShardKey, bytes: usize, now: Timestamp) -> bool {
        self.with(shard, now, |tanks| {
            let holds = tanks.records.holds(1, now) && tanks.bytes.holds(bytes, now);
            if holds {
                tanks.records.take(1);
                tanks.bytes.take(bytes);
            }
            holds
        })
    }

    pub fn take_iterator(&self, shard: ShardKey, now: Timestamp) -> bool {
        self.with(shard, now, |tanks| take(&mut tanks.iterators, now))
    }

    /// Counts a read whose size is not known yet.
    pub fn take_read(&self, shard: ShardKey, now: Timestamp) -> bool {
        self.with(shard, now, |tanks| tanks.read_bytes.is_open(now) && take(&mut tanks.reads, now))
    }

    /// What a read that was counted has read.
    pub fn add_read_bytes(&self, shard: ShardKey, bytes: usize, now: Timestamp) {
        self.with(shard, now, |tanks| tanks.read_bytes.drain(bytes));
    }

    fn with<T>(&self, shard: ShardKey, now: Timestamp, act: impl FnOnce(&mut ShardTanks) -> T) -> T {
        let mut tanks = self.lock();
        if tanks.shards.len() > TANKS_MAX {
            tanks.shards.retain(|_, tanks| !tanks.are_full(now));
        }
        act(tanks.shards.entry(shard).or_insert_with(|| ShardTanks::full(now)))
    }

    fn lock(&self) -> MutexGuard<'_, Tanks> {
        self.tanks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take(tank: &mut Tank, now: Timestamp) -> bool {
    let holds = tank.holds(1, now);
    if holds {
        tank.take(1);
    }
    holds
}

impl ShardTanks {
    fn full(now: Timestamp) -> Self {
        Self {
            records: Tank::full(WRITE_RECORDS, now),
            bytes: Tank::full(WRITE_BYTES, now),
            reads: Tank::full(READS, now),
            read_bytes: Tank::full(READ_BYTES, now),
            iterators: Tank::full(ITERATORS, now),
        }
    }

    fn are_full(&mut self, now: Timestamp) -> bool {
        let all = [&mut self.records, &mut self.bytes, &mut self.reads, &mut self.read_bytes, &mut self.iterators];
        all.into_iter().all(|tank| tank.is_full(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tanks_that_are_full_again_are_forgotten() {
        let usage = Usage::default();
        let moment = Timestamp::from_secs;
        for stream in 0..=TANKS_MAX {
            assert!(usage.take_call("DescribeStream", &stream.to_string(), 1, moment(0)));
            let shard = ShardKey { stream: stream.to_string(), stream_created: moment(0), shard: ShardId(0) };
            assert!(usage.take_write(shard, 7, moment(0)));
        }
        assert!(usage.take_call("ListShards", "orders", 1, moment(1)));
        assert!(!usage.take_call("ListShards", "orders", 1, moment(1)), "what is not full is kept");
        let shard = ShardKey { stream: "orders".to_owned(), stream_created: moment(0), shard: ShardId(0) };
        assert!(usage.take_iterator(shard, moment(1)));
        let tanks = usage.lock();
        assert_eq!((tanks.calls.len(), tanks.shards.len()), (1, 1));
    }
}
