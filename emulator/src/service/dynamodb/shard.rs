//! A shard of a stream: its place among the others and its records, oldest first.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Shard.html>

use std::collections::VecDeque;

use super::stream_record::StreamRecord;
use crate::kernel::{Arn, Timestamp};

/// The counters of a shard's records have no gaps, so that a record is found by
/// its counter at once, however many there are.
#[derive(Debug)]
pub struct Shard {
    pub id: String,
    pub parent: Option<String>,
    pub opened: Timestamp,
    /// From when on it takes no more records.
    pub closed: Option<Timestamp>,
    /// The counter of its starting sequence number, which no record has.
    pub start: u64,
    records: VecDeque<StreamRecord>,
    /// The counter of the oldest record kept, or of the next one where there is none.
    first: u64,
}

/// `shardId-00000001414562045508-2bac9cd2`: the millisecond in which it was opened, and eight digits.
pub fn shard_id(stream: &Arn, opened: Timestamp) -> String {
    let digits = crc32fast::hash(format!("{stream} {}", opened.as_millis()).as_bytes());
    format!("shardId-{:020}-{digits:08x}", opened.as_millis().max(0))
}

impl Shard {
    pub fn open(id: String, parent: Option<String>, opened: Timestamp, start: u64) -> Self {
        Self { id, parent, opened, closed: None, start, records: VecDeque::new(), first: start + 1 }
    }

    pub fn push(&mut self, record: StreamRecord) {
        self.records.push_back(record);
    }

    /// The counter that the next record will have.
    pub fn next(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    /// The counter of the last sequence number given: of the newest record, or the starting one.
    pub fn last(&self) -> u64 {
        self.next() - 1
    }

    pub fn oldest(&self) -> Option<&StreamRecord> {
        self.records.front()
    }

    /// The counter of the first record that was created after `horizon`: what is before it has been trimmed.
    pub fn first_after(&self, horizon: Timestamp) -> u64 {
        self.first + self.records.partition_point(|record| record.created <= horizon) as u64
    }

    /// The counter of the first record whose second of creation is `moment` or later.
    pub fn first_at(&self, moment: Timestamp) -> u64 {
        let before = |record: &StreamRecord| Timestamp::from_secs(record.created.as_secs()) < moment;
        self.first + self.records.partition_point(before) as u64
    }

    /// The records from a counter on, with their counters. The caller stops when it has enough.
    pub fn read(&self, counter: u64) -> impl Iterator<Item = (u64, &StreamRecord)> {
        let start = counter.clamp(self.first, self.next());
        let skipped = usize::try_from(start - self.first).expect("it is within the records, which are in memory");
        (start..).zip(self.records.range(skipped..))
    }

    /// Forgets the records that were created at `horizon` or before; returns how many.
    pub fn trim(&mut self, horizon: Timestamp) -> usize {
        let count = self.records.partition_point(|record| record.created <= horizon);
        self.records.drain(..count);
        self.first += count as u64;
        if self.records.is_empty() {
            self.records.shrink_to_fit();
        }
        count
    }
}
