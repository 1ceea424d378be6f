//! A shard: its place in the hash key space and its records, oldest first.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use super::hash_key::HashKeyRange;
use super::record::Record;
use super::sequence_number::{Decimal, Decimals, SequenceNumber};
use super::shard_records::ShardRecords;
use crate::kernel::Timestamp;
use crate::kernel::store::{Book, Name};

/// The number in `shardId-000000000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ShardId(pub u32);

impl ShardId {
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(text.strip_prefix("shardId-")?.parse().ok()?);
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shardId-{:012}", self.0)
    }
}

impl Name for ShardId {
    fn to_text(&self) -> String {
        self.0.to_string()
    }

    fn of_text(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

/// A shard's id as answers write it; [`ShardId`] itself is its number in iterators and tokens.
#[derive(Clone, Copy, Debug)]
pub struct ShardText(pub ShardId);

impl Serialize for ShardText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const PREFIX: &[u8; 8] = b"shardId-";
        let mut text = [0; PREFIX.len() + 12];
        text[..PREFIX.len()].copy_from_slice(PREFIX);
        let mut number = self.0.0;
        for digit in text[PREFIX.len()..].iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
        serializer.serialize_str(std::str::from_utf8(&text).expect("it is ASCII"))
    }
}

/// A shard of a stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shard {
    pub id: ShardId,
    pub range: HashKeyRange,
    pub parent: Option<ShardId>,
    pub adjacent_parent: Option<ShardId>,
    pub created: Timestamp,
    /// From when on it takes no more records.
    pub closed: Option<Timestamp>,
    /// The second in its sequence numbers: that of its making, or a later one
    /// where its parent has that already, so that children sort after parents.
    pub number_secs: u32,
    /// From which counter on its records are encrypted, and from which again not.
    encryption: Vec<(u64, bool)>,
    #[serde(rename = "first")]
    records: ShardRecords,
    /// Writes the numbers it gives out.
    #[serde(skip)]
    decimals: Decimals,
}

impl Shard {
    pub fn new(id: ShardId, range: HashKeyRange, created: Timestamp) -> Self {
        Self {
            id,
            range,
            parent: None,
            adjacent_parent: None,
            created,
            closed: None,
            number_secs: seconds(created),
            encryption: Vec::new(),
            records: ShardRecords::starting_at(1),
            decimals: Decimals::default(),
        }
    }

    /// A shard that comes of others, whose numbers all stand before its own.
    pub fn child(id: ShardId, range: HashKeyRange, created: Timestamp, parents: &[&Shard]) -> Self {
        let mut child = Self::new(id, range, created);
        child.parent = parents.first().map(|parent| parent.id);
        child.adjacent_parent = parents.get(1).map(|parent| parent.id);
        let latest = parents.iter().map(|parent| parent.number_secs).max().unwrap_or(0);
        child.number_secs = child.number_secs.max(latest.saturating_add(1));
        child
    }

    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        self.records.keep(book);
    }

    /// Whether the records that come from now on are encrypted.
    pub fn set_encrypted(&mut self, encrypted: bool) {
        let next = self.next();
        self.encryption.retain(|(from, _)| *from < next);
        if self.encryption.last().is_some_and(|(_, before)| *before) != encrypted {
            self.encryption.push((next, encrypted));
        }
    }

    /// Whether the record with that counter is, or the next one will be.
    pub fn is_encrypted(&self, counter: u64) -> bool {
        let changes = self.encryption.partition_point(|(from, _)| *from <= counter);
        changes > 0 && self.encryption[changes - 1].1
    }

    /// Adds a record; returns its sequence number.
    pub fn push(&mut self, record: Record) -> Decimal {
        let number = self.number(self.next(), record.arrived);
        self.records.push(record);
        self.decimals.of(number)
    }

    /// The counter that the next record will have.
    pub fn next(&self) -> u64 {
        self.records.next()
    }

    pub fn oldest(&self) -> Option<&Record> {
        self.records.oldest()
    }

    /// The number that stands before every record.
    pub fn starting_number(&self) -> SequenceNumber {
        self.number(0, self.created)
    }

    /// The number that stands after every record of a closed shard.
    pub fn ending_number(&self) -> Option<SequenceNumber> {
        Some(self.number(self.next(), self.closed?))
    }

    /// Whether this shard gave out that number: to a record, or as one of its ends.
    pub fn has_given(&self, number: SequenceNumber) -> bool {
        number.shard == self.id.0
            && number.shard_created_secs == self.starting_number().shard_created_secs
            && (number.counter < self.next() || self.ending_number() == Some(number))
    }

    /// The counter of the first record that arrived at `moment` or later.
    pub fn counter_at(&self, moment: Timestamp) -> u64 {
        self.records.counter_where(|record| record.arrived < moment)
    }

    /// The counter from which a read at `number` starts. A number that this shard gave out between two records,
    /// to say how far a reader has come, stands behind the first of them.
    pub fn counter_from(&self, number: SequenceNumber) -> u64 {
        match self.records.get(number.counter) {
            Some(record) if self.number(number.counter, record.arrived) != number => number.counter + 1,
            _ => number.counter,
        }
    }

    /// The records from a counter on that arrived after `horizon`, with their
    /// counters. The caller stops when it has enough.
    pub fn read(&self, counter: u64, horizon: Timestamp) -> impl Iterator<Item = (u64, &Record)> {
        self.records.since(counter.max(self.counter_at(horizon + Duration::from_millis(1))))
    }

    /// The sequence number of the record with that counter.
    pub fn number(&self, counter: u64, written: Timestamp) -> SequenceNumber {
        SequenceNumber {
            shard: self.id.0,
            shard_created_secs: self.number_secs,
            counter,
            written_secs: seconds(written),
        }
    }

    /// Forgets the records that arrived at `horizon` or before; returns how many.
    pub fn trim(&mut self, horizon: Timestamp) -> usize {
        self.records.forget_before(self.records.counter_where(|record| record.arrived <= horizon))
    }
}

/// Sequence numbers have 32 bits for a second: enough until 2106.
fn seconds(moment: Timestamp) -> u32 {
    u32::try_from(moment.as_secs().max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::EventId;
    use crate::service::kinesis::record::Content;

    fn shard_with(arrivals: &[i64]) -> Shard {
        let range = HashKeyRange { start: 0, end: u128::MAX };
        let mut shard = Shard::new(ShardId(0), range, Timestamp::from_secs(1));
        for arrival in arrivals {
            shard.push(Record {
                content: Content::new("a", b""),
                arrived: Timestamp::from_secs(*arrival),
                writer: EventId(1),
            });
        }
        shard
    }

    #[test]
    fn a_read_starts_at_its_counter_and_never_before_the_horizon() {
        let shard = shard_with(&[10, 20, 20, 30]);
        for (counter, horizon, expected) in [
            (0, 0, vec![1, 2, 3, 4]),
            (3, 0, vec![3, 4]),
            (0, 10, vec![2, 3, 4]),
            (0, 20, vec![4]),
            (5, 0, vec![]),
            (u64::MAX, 0, vec![]),
            (0, 99, vec![]),
        ] {
            let found: Vec<_> =
                shard.read(counter, Timestamp::from_secs(horizon)).map(|(counter, _)| counter).collect();
            assert_eq!(found, expected, "from {counter}, horizon {horizon}");
        }
    }

    #[test]
    fn a_number_between_two_records_stands_behind_the_first() {
        let mut shard = shard_with(&[10, 20]);
        for (counter, written, expected) in [(0, 1, 0), (1, 10, 1), (1, 15, 2), (2, 20, 2), (2, 99, 3)] {
            let number = shard.number(counter, Timestamp::from_secs(written));
            assert_eq!(shard.counter_from(number), expected, "{counter} of {written}");
        }
        shard.trim(Timestamp::from_secs(10));
        let gone = shard.number(1, Timestamp::from_secs(10));
        assert_eq!(shard.counter_from(gone), 1);
    }

    #[test]
    fn trimming_keeps_counters() {
        let mut shard = shard_with(&[10, 20, 30]);
        assert_eq!(shard.trim(Timestamp::from_secs(20)), 2);
        assert_eq!(shard.counter_at(Timestamp::from_secs(0)), 3);
        assert_eq!(shard.next(), 4);
        assert_eq!(shard.trim(Timestamp::from_secs(99)), 1);
        assert_eq!(shard.next(), 4);
    }

    #[test]
    fn shard_ids_have_twelve_digits() {
        assert_eq!(ShardId::parse("shardId-000000000012"), Some(ShardId(12)));
        for text in ["shardId-12", "shardId-+00000000012", "shard-000000000012", "shardId-000000000012x", ""] {
            assert_eq!(ShardId::parse(text), None, "{text}");
        }
        for id in [ShardId(0), ShardId(12), ShardId(u32::MAX)] {
            assert_eq!(serde_json::json!(ShardText(id)), id.to_string());
        }
    }
}
