//! A stream of a table's changes: its shards one after the other, and its end.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
//!
//! A stream has one open shard at a time, so that the records of a key, and of
//! all keys, are in the order of their writes. After its lifetime on the clock a
//! shard is closed and a child takes over. Rollover and retention are derived
//! from the clock when the stream is looked at or written.
//!
//! What a table's streams are over time, and what frees their memory, is in
//! [`super::table_streams`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::key::KeySchema;
use super::sequence_number::SequenceNumber;
use super::shard::{Shard, shard_id};
use super::stream_record::{StreamRecord, ViewType};
use crate::kernel::store::{Book, Kept};
use crate::kernel::{Arn, EventId, Timestamp};

/// "All data in DynamoDB Streams is subject to a 24-hour lifetime."
pub const RETENTION: Duration = Duration::from_hours(24);
/// A shard lives at least so long, whatever the settings say.
const LIFETIME_MIN: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stream {
    pub arn: Arn,
    pub table_name: String,
    pub label: String,
    pub view: ViewType,
    pub schema: KeySchema,
    pub created: Timestamp,
    /// Until when it is ENABLING.
    enabling_until: Timestamp,
    end: Option<End>,
    shard_lifetime: Duration,
    /// By id, which begins with the moment in which it was opened: oldest first.
    #[serde(skip)]
    shards: Kept<String, Shard>,
}

/// How a stream came to its end.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct End {
    pub at: Timestamp,
    /// Until when it is DISABLING.
    pub disabling_until: Timestamp,
    /// What disabled it.
    pub cause: EventId,
}

/// What a stream begins with.
pub struct StreamBlueprint<'a> {
    pub table: &'a Arn,
    pub table_name: &'a str,
    pub schema: &'a KeySchema,
    pub view: ViewType,
    pub created: Timestamp,
    pub enabling_until: Timestamp,
    pub shard_lifetime: Duration,
}

impl Stream {
    pub fn enable(blueprint: StreamBlueprint<'_>) -> Self {
        let StreamBlueprint { table, table_name, schema, view, created, enabling_until, shard_lifetime } = blueprint;
        let label = label(created);
        let arn = Arn { resource: format!("{}/stream/{label}", table.resource), ..table.clone() };
        let first = Shard::open(shard_id(&arn, created), None, created, 1);
        Self {
            arn,
            table_name: table_name.to_owned(),
            label,
            view,
            schema: schema.clone(),
            created,
            enabling_until,
            end: None,
            shard_lifetime: shard_lifetime.max(LIFETIME_MIN),
            shards: [(first.id.clone(), first)].into_iter().collect(),
        }
    }

    /// Goes through its shards.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("shard", &mut self.shards, Shard::keep);
    }

    pub fn status(&self, now: Timestamp) -> &'static str {
        match self.end {
            Some(end) if now < end.disabling_until => "DISABLING",
            Some(_) => "DISABLED",
            None if now < self.enabling_until => "ENABLING",
            None => "ENABLED",
        }
    }

    /// Closes the open shard: the stream takes no more records, and is read for a day.
    pub fn disable(&mut self, end: End) {
        self.roll_over(end.at);
        if let Some(open) = self.newest_mut() {
            open.closed = Some(end.at);
        }
        self.end = Some(end);
    }

    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// When a disabled stream is gone.
    pub fn gone_at(&self) -> Option<Timestamp> {
        Some(self.end?.at + RETENTION)
    }

    pub fn is_gone(&self, now: Timestamp) -> bool {
        self.gone_at().is_some_and(|gone| gone <= now)
    }

    /// Adds a record, to the shard that is open at its time.
    pub fn push(&mut self, record: StreamRecord) {
        self.roll_over(record.created);
        self.newest_mut().expect("a stream has an open shard until it is disabled").push(record);
    }

    /// Closes shards whose lifetime has passed by `now`, opens their children, and forgets the shards that are gone.
    pub fn roll_over(&mut self, now: Timestamp) {
        if self.end.is_some() {
            return;
        }
        while let Some(closing) = self.closing().filter(|closing| *closing <= now) {
            let Some(open) = self.newest_mut() else { return };
            open.closed = Some(closing);
            let (start, parent) = (open.next(), open.id.clone());
            let child = self.child(closing, start, parent, now);
            self.shards.insert(child.id.clone(), child);
            self.forget_shards(now);
        }
        self.forget_shards(now);
    }

    /// Whether shards are to be closed, opened or forgotten by `now`.
    pub fn is_behind(&self, now: Timestamp) -> bool {
        let rolls_over = self.closing().is_some_and(|closing| closing <= now);
        self.end.is_none() && (rolls_over || self.oldest_shard().is_some_and(|shard| is_trimmed(shard, now)))
    }

    /// When the lifetime of the newest shard ends.
    fn closing(&self) -> Option<Timestamp> {
        Some(self.shards.values().next_back()?.opened + self.shard_lifetime)
    }

    /// The shard that is open, if one is.
    fn newest_mut(&mut self) -> Option<&mut Shard> {
        let id = self.shards.keys().next_back()?.clone();
        self.shards.get_mut(&id)
    }

    fn oldest_shard(&self) -> Option<&Shard> {
        self.shards.values().next()
    }

    /// The next shard. Children that would be gone by `now` are passed over, so
    /// that a year without a write is no work.
    fn child(&self, opened: Timestamp, start: u64, parent: String, now: Timestamp) -> Shard {
        let lifetime = self.shard_lifetime.as_millis();
        let behind = now.since(opened).saturating_sub(RETENTION).as_millis();
        let passed = u32::try_from((behind / lifetime).saturating_sub(1)).unwrap_or(u32::MAX);
        if passed == 0 {
            return Shard::open(shard_id(&self.arn, opened), Some(parent), opened, start);
        }
        let opened = opened + self.shard_lifetime.saturating_mul(passed);
        let parent = shard_id(&self.arn, opened - self.shard_lifetime);
        Shard::open(shard_id(&self.arn, opened), Some(parent), opened, start + u64::from(passed))
    }

    fn forget_shards(&mut self, now: Timestamp) {
        while self.oldest_shard().is_some_and(|shard| is_trimmed(shard, now)) {
            self.shards.pop_first();
        }
    }

    /// The shards that have not been trimmed, parents before children.
    pub fn shards(&self, now: Timestamp) -> impl Iterator<Item = &Shard> {
        self.shards.values().filter(move |shard| !is_trimmed(shard, now))
    }

    pub fn shard(&self, id: &str, now: Timestamp) -> Option<&Shard> {
        self.shards(now).find(|shard| shard.id == id)
    }

    /// The sequence number with that counter.
    pub fn number(&self, counter: u64) -> SequenceNumber {
        let base = crc32fast::hash(self.arn.to_string().as_bytes()) % 10_000_000;
        SequenceNumber { counter, position: u64::from(base) + counter }
    }

    /// The oldest record kept, trimmed or not.
    pub fn oldest(&self) -> Option<&StreamRecord> {
        self.shards.values().find_map(Shard::oldest)
    }

    /// Forgets the records that are out of retention; returns how many.
    pub fn trim(&mut self, now: Timestamp) -> usize {
        let horizon = now - RETENTION;
        let is_stale = |shard: &&Shard| shard.oldest().is_some_and(|record| record.created <= horizon);
        let stale: Vec<String> = self.shards.values().filter(is_stale).map(|shard| shard.id.clone()).collect();
        let count = stale.iter().filter_map(|id| Some(self.shards.get_mut(id)?.trim(horizon))).sum();
        self.roll_over(now);
        count
    }
}

/// Whether a shard is gone: closed for so long that nothing of it can be left.
fn is_trimmed(shard: &Shard, now: Timestamp) -> bool {
    shard.closed.is_some_and(|closed| closed + RETENTION <= now)
}

/// `2015-05-20T20:51:10.252`
fn label(created: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(created.as_millis()).unwrap_or(jiff::Timestamp::MAX);
    moment.strftime("%Y-%m-%dT%H:%M:%S%.3f").to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::kernel::Scope;
    use crate::service::dynamodb::change::Author;
    use crate::service::dynamodb::key::{KeyAttribute, ScalarType};
    use crate::service::dynamodb::stored_item::StoredItem;
    use crate::service::dynamodb::stream_record::EventName;
    use crate::service::dynamodb::value::Item;

    const START: Timestamp = Timestamp::from_millis(1_432_155_070_252);
    const HOUR: Duration = Duration::from_hours(1);

    fn stream() -> Stream {
        let arn = Arn::new("dynamodb", &Scope::new("111122223333", "us-west-2"), "table/Forum");
        let schema = KeySchema { partition: KeyAttribute { name: "Id".to_owned(), kind: ScalarType::S }, sort: None };
        Stream::enable(StreamBlueprint {
            table: &arn,
            table_name: "Forum",
            schema: &schema,
            view: ViewType::KeysOnly,
            created: START,
            enabling_until: START + Duration::from_secs(1),
            shard_lifetime: 4 * HOUR,
        })
    }

    fn record(created: Timestamp) -> StreamRecord {
        StreamRecord {
            event_name: EventName::Insert,
            keys: Arc::new(StoredItem::new(&Item::new(), EventId(1), None)),
            new_image: None,
            old_image: None,
            bytes: 1,
            created,
            author: Author::Caller,
            writer: EventId(1),
        }
    }

    /// The shards as `(parent, counters of its records)`.
    fn shape(stream: &Stream, now: Timestamp) -> Vec<(Option<usize>, Vec<u64>)> {
        let ids: Vec<&str> = stream.shards(now).map(|shard| shard.id.as_str()).collect();
        let place = |parent: &String| ids.iter().position(|id| id == parent);
        let counters = |shard: &Shard| shard.read(0).map(|(counter, _)| counter).collect();
        stream.shards(now).map(|shard| (shard.parent.as_ref().and_then(place), counters(shard))).collect()
    }

    #[test]
    fn a_stream_is_named_after_its_table_and_the_moment() {
        let stream = stream();
        assert_eq!(
            stream.arn.to_string(),
            "arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/2015-05-20T20:51:10.252"
        );
        let id = &stream.shards(START).next().unwrap().id;
        assert!(id.starts_with("shardId-00000001432155070252-"), "{id}");
        assert_eq!(id.len(), 37);
        assert_eq!((stream.status(START), stream.status(START + HOUR)), ("ENABLING", "ENABLED"));
    }

    #[test]
    fn after_four_hours_a_child_takes_over_and_numbers_go_on() {
        let mut stream = stream();
        stream.push(record(START + HOUR));
        stream.push(record(START + 4 * HOUR - Duration::from_millis(1)));
        stream.push(record(START + 4 * HOUR));
        stream.push(record(START + 13 * HOUR));
        let now = START + 13 * HOUR;
        let expected = vec![(None, vec![2, 3]), (Some(0), vec![5]), (Some(1), vec![]), (Some(2), vec![8])];
        assert_eq!(shape(&stream, now), expected);
        let closed: Vec<bool> = stream.shards(now).map(|shard| shard.closed.is_some()).collect();
        assert_eq!(closed, [true, true, true, false]);
        let ranges: Vec<_> = stream.shards(now).map(|shard| (shard.start, shard.last())).collect();
        assert_eq!(ranges, [(1, 3), (4, 5), (6, 6), (7, 8)]);
    }

    #[test]
    fn closed_shards_are_gone_after_a_day_and_idle_years_are_no_work() {
        let mut stream = stream();
        stream.push(record(START + HOUR));
        stream.roll_over(START + 28 * HOUR - Duration::from_millis(1));
        assert_eq!(stream.shards(START + 28 * HOUR - Duration::from_millis(1)).count(), 7);
        assert_eq!(stream.shards(START + 28 * HOUR).count(), 6, "derived, before anything rolls over");
        let mut step_by_step = self::stream();
        step_by_step.push(record(START + HOUR));
        let later = START + 100 * 365 * 24 * HOUR;
        stream.roll_over(later);
        let mut now = START;
        while now < later {
            now = now + 3 * HOUR;
            step_by_step.roll_over(now.min(later));
        }
        let ids =
            |stream: &Stream| stream.shards(later).map(|shard| (shard.id.clone(), shard.start)).collect::<Vec<_>>();
        assert_eq!(ids(&stream), ids(&step_by_step));
        assert!(ids(&stream).len() >= 6);
    }

    #[test]
    fn a_disabled_stream_takes_nothing_more_and_is_gone_after_a_day() {
        let mut stream = stream();
        stream.push(record(START));
        let at = START + 5 * HOUR;
        stream.disable(End { at, disabling_until: at + Duration::from_secs(1), cause: EventId(2) });
        assert_eq!((stream.status(at), stream.status(at + HOUR)), ("DISABLING", "DISABLED"));
        stream.roll_over(at + 12 * HOUR);
        assert_eq!(shape(&stream, at + 12 * HOUR), [(None, vec![2]), (Some(0), vec![])]);
        assert!(stream.shards(at).all(|shard| shard.closed.is_some()));
        assert!(!stream.is_gone(at + RETENTION - Duration::from_millis(1)));
        assert!(stream.is_gone(at + RETENTION));
    }

    #[test]
    fn trimming_forgets_what_is_a_day_old() {
        let mut stream = stream();
        stream.push(record(START));
        stream.push(record(START + HOUR));
        assert_eq!(stream.trim(START + RETENTION - Duration::from_millis(1)), 0);
        assert_eq!(stream.trim(START + RETENTION), 1);
        let first = stream.shards(START + RETENTION).next().unwrap();
        assert_eq!(first.first_after(START), 3);
        assert_eq!(first.read(0).map(|(counter, _)| counter).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_moment_finds_the_first_record_of_its_second() {
        let mut stream = stream();
        for seconds in [0, 1, 1, 3] {
            stream.push(record(START + Duration::from_secs(seconds)));
        }
        let shard = stream.shards(START).next().unwrap();
        let whole = Timestamp::from_secs(START.as_secs());
        for (millis, counter) in [(-5000, 2), (0, 2), (1, 3), (1000, 3), (1001, 5), (2000, 5), (3000, 5), (3001, 6)] {
            let moment = Timestamp::from_millis(whole.as_millis() + millis);
            assert_eq!(shard.first_at(moment), counter, "{millis}");
        }
    }
}
