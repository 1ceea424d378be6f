//! The records of a shard, oldest first, each under its counter. The counters have no gaps, so that a record is
//! found by its counter at once, however many there are.
//!
//! They lie in chunks, which the forks of a world share with it until one of them writes: then it copies the chunk
//! that it writes to, and no other.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::record::Record;
use crate::kernel::store::Book;

/// How many records a chunk has. Copying one takes as long as a few requests.
const CHUNK: u64 = 512;
/// Where a shard that is read may begin, at most: so far that it counts on for ever.
const COUNTER_MAX: u64 = u64::MAX / 2;
/// What a record is called where it is kept.
const KIND: &str = "record";

#[derive(Clone, Debug)]
pub struct ShardRecords {
    /// Each begins with a multiple of [`CHUNK`], but for what is gone of the first.
    chunks: VecDeque<Arc<Vec<Record>>>,
    /// The counter of the oldest record, or of the next one where there is none.
    first: u64,
    /// The counter that the next record will have.
    next: u64,
    /// The counters of the records that are written down.
    written: Range<u64>,
}

impl ShardRecords {
    /// None yet; the first will have that counter.
    pub fn starting_at(counter: u64) -> Self {
        Self { chunks: VecDeque::new(), first: counter, next: counter, written: counter..counter }
    }

    pub fn next(&self) -> u64 {
        self.next
    }

    pub fn oldest(&self) -> Option<&Record> {
        self.chunks.front()?.first()
    }

    pub fn get(&self, counter: u64) -> Option<&Record> {
        if !(self.first..self.next).contains(&counter) {
            return None;
        }
        let (chunk, place) = self.place(counter);
        self.chunks.get(chunk)?.get(place)
    }

    pub fn push(&mut self, record: Record) {
        if self.next.is_multiple_of(CHUNK) {
            self.chunks.push_back(Arc::default());
        }
        match self.chunks.back_mut() {
            Some(last) => Arc::make_mut(last).push(record),
            None => self.chunks.push_back(Arc::new(vec![record])),
        }
        self.next += 1;
    }

    /// The counter of the first record of which `is_before` does not hold: it holds of all before it and of none behind.
    pub fn counter_where(&self, is_before: impl Fn(&Record) -> bool) -> u64 {
        let begun = self.chunks.partition_point(|chunk| chunk.first().is_some_and(&is_before));
        // The last chunk that begins before that place has it.
        let Some(chunk) = begun.checked_sub(1) else { return self.first };
        self.start(chunk) + self.chunks[chunk].partition_point(is_before) as u64
    }

    /// The records from a counter on, with their counters.
    pub fn since(&self, counter: u64) -> impl Iterator<Item = (u64, &Record)> {
        let start = counter.clamp(self.first, self.next);
        let (chunk, place) = self.place(start);
        let chunks = self.chunks.range(chunk.min(self.chunks.len())..);
        (start..).zip(chunks.flat_map(|chunk| chunk.iter()).skip(place))
    }

    /// Forgets the records before a counter; returns how many.
    pub fn forget_before(&mut self, counter: u64) -> usize {
        let counter = counter.clamp(self.first, self.next);
        if counter == self.next {
            self.chunks.clear();
            self.chunks.shrink_to_fit();
        } else {
            let (chunk, place) = self.place(counter);
            self.chunks.drain(..chunk);
            if let Some(front) = self.chunks.front_mut().filter(|_| place > 0) {
                Arc::make_mut(front).drain(..place);
            }
        }
        let count = counter - self.first;
        self.first = counter;
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    /// In which chunk a record lies, and where in that.
    fn place(&self, counter: u64) -> (usize, usize) {
        let chunk = counter / CHUNK - self.first / CHUNK;
        let gone = if chunk == 0 { self.first % CHUNK } else { 0 };
        // They are in memory, so that their number fits.
        (chunk as usize, (counter % CHUNK - gone) as usize)
    }

    /// The counter with which a chunk begins.
    fn start(&self, chunk: usize) -> u64 {
        if chunk == 0 { self.first } else { (self.first / CHUNK + chunk as u64) * CHUNK }
    }

    /// Goes through the records; what is new are those that came and those that went.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        if book.reads() {
            self.read(book);
        } else if !book.forgets() {
            let from = if book.wants_all() { self.first } else { self.written.end };
            if !book.wants_all() {
                for counter in self.written.start..self.first.min(self.written.end) {
                    book.gone(KIND, &counter.to_string());
                }
            }
            for (counter, record) in self.since(from) {
                book.put(KIND, &counter.to_string(), record);
            }
        }
        self.written = self.first..self.next;
    }

    fn read(&mut self, book: &mut Book<'_>) {
        let mut found = Vec::new();
        for (name, node) in book.take(KIND) {
            match (name.parse::<u64>(), book.parse::<Record>(KIND, &name, node.value)) {
                (Ok(counter), Some(record)) => found.push((counter, record)),
                _ => book.damaged(format!("record {name} of a shard cannot be read")),
            }
        }
        found.sort_unstable_by_key(|(counter, _)| *counter);
        for (counter, record) in found {
            if counter != self.next {
                return book.damaged(format!("record {} of a shard is missing", self.next));
            }
            self.push(record);
        }
    }
}

/// In a shard's own value, its records are the counter of the first: they are kept apart.
impl Serialize for ShardRecords {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.first)
    }
}

impl<'de> Deserialize<'de> for ShardRecords {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let counter = u64::deserialize(deserializer)?;
        if counter > COUNTER_MAX {
            return Err(D::Error::custom(format!("no shard has counted to {counter}")));
        }
        Ok(Self::starting_at(counter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{EventId, Timestamp};
    use crate::service::kinesis::record::Content;

    fn record(counter: u64) -> Record {
        let arrived = Timestamp::from_secs(i64::try_from(counter).expect("it is small"));
        Record { content: Content::new("a", counter.to_string().as_bytes()), arrived, writer: EventId(counter) }
    }

    fn counters(records: &ShardRecords, from: u64) -> Vec<u64> {
        let found = records.since(from).inspect(|(counter, record)| assert_eq!(record.writer.0, *counter));
        found.map(|(counter, _)| counter).collect()
    }

    /// Each counter leads to its record, whatever came and went.
    fn check(records: &ShardRecords, expected: Range<u64>) {
        assert_eq!(counters(records, 0), expected.clone().collect::<Vec<u64>>());
        for counter in [0, expected.start, expected.start + 1, CHUNK, expected.end.saturating_sub(1), expected.end] {
            let found = records.get(counter).map(|record| record.writer.0);
            assert_eq!(found, Some(counter).filter(|counter| expected.contains(counter)), "{counter} of {expected:?}");
            assert_eq!(
                counters(records, counter).len() as u64,
                expected.end - counter.clamp(expected.start, expected.end)
            );
            let moment = Timestamp::from_secs(i64::try_from(counter).expect("it is small"));
            let place = records.counter_where(|record| record.arrived < moment);
            assert_eq!(place, counter.clamp(expected.start, expected.end), "{counter} of {expected:?}");
        }
        assert_eq!(records.oldest().map(|record| record.writer.0), expected.clone().next());
        assert_eq!(records.next(), expected.end);
    }

    #[test]
    fn records_come_and_go_at_the_edges_of_chunks() {
        for first in [1, 2, CHUNK - 1, CHUNK, CHUNK + 1] {
            for count in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
                for gone in [0, 1, CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 4 * CHUNK] {
                    let mut records = ShardRecords::starting_at(first);
                    (first..first + count).for_each(|counter| records.push(record(counter)));
                    check(&records, first..first + count);
                    let left = (first + gone).min(first + count);
                    assert_eq!(records.forget_before(first + gone) as u64, left - first);
                    check(&records, left..first + count);
                    records.push(record(first + count));
                    check(&records, left..first + count + 1);
                }
            }
        }
    }

    #[test]
    fn a_fork_shares_chunks_and_goes_its_own_way() {
        let mut records = ShardRecords::starting_at(1);
        (1..=2 * CHUNK).for_each(|counter| records.push(record(counter)));
        let mut fork = records.clone();
        fork.push(record(2 * CHUNK + 1));
        records.forget_before(5);
        check(&records, 5..2 * CHUNK + 1);
        check(&fork, 1..2 * CHUNK + 2);
        assert!(Arc::ptr_eq(&records.chunks[1], &fork.chunks[1]), "what nobody wrote to is shared");
    }
}
