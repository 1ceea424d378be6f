//! A shard of a stream: its place among the others and its records, oldest first.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Shard.html>

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::stream_record::StreamRecord;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{Arn, Timestamp};

/// The counters of a shard's records have no gaps, so that a record is found by
/// its counter at once, however many there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shard {
    pub id: String,
    pub parent: Option<String>,
    pub opened: Timestamp,
    /// From when on it takes no more records.
    pub closed: Option<Timestamp>,
    /// The counter of its starting sequence number, which no record has.
    pub start: u64,
    /// Clones share them until one takes or forgets some.
    #[serde(skip)]
    records: Arc<VecDeque<StreamRecord>>,
    /// The counter of the oldest record kept, or of the next one where there is none.
    first: u64,
    /// The counters of the records that were written when they were last gone through.
    #[serde(skip)]
    written: Range<u64>,
}

/// `shardId-00000001414562045508-2bac9cd2`: the millisecond in which it was opened, and eight digits.
pub fn shard_id(stream: &Arn, opened: Timestamp) -> String {
    let digits = crc32fast::hash(format!("{stream} {}", opened.as_millis()).as_bytes());
    format!("shardId-{:020}-{digits:08x}", opened.as_millis().max(0))
}

impl Shard {
    pub fn open(id: String, parent: Option<String>, opened: Timestamp, start: u64) -> Self {
        let first = start + 1;
        Self { id, parent, opened, closed: None, start, records: Arc::default(), first, written: first..first }
    }

    /// Goes through its records. Those that have come, and those that have gone, are at the two ends.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        if book.reads() {
            self.read_back(book);
        } else if book.wants_all() {
            for (counter, record) in self.read(self.first) {
                book.put("record", &counter.to_string(), record);
            }
        } else if !book.forgets() {
            for counter in self.written.start..self.first.min(self.written.end) {
                book.gone("record", &counter.to_string());
            }
            for (counter, record) in self.read(self.written.end) {
                book.put("record", &counter.to_string(), record);
            }
        }
        self.written = self.first..self.next();
    }

    fn read_back(&mut self, book: &mut Book<'_>) {
        let mut records: Kept<u64, StreamRecord> = Kept::default();
        book.map("record", &mut records);
        if let Some((counter, _)) = (self.first..).zip(records.keys()).find(|(counter, found)| counter != *found) {
            book.damaged(format!("{}: the record {counter} is missing", self.id));
        }
        self.records = Arc::new(records.values().cloned().collect());
    }

    pub fn push(&mut self, record: StreamRecord) {
        Arc::make_mut(&mut self.records).push_back(record);
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
        let records = Arc::make_mut(&mut self.records);
        records.drain(..count);
        if records.is_empty() {
            records.shrink_to_fit();
        }
        self.first += count as u64;
        count
    }
}
