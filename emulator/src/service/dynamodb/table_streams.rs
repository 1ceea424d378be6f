//! A table's streams over time: at most one that is enabled, and those before it
//! that are still read.
//!
//! "If you disable a stream and then re-enable it, a new stream is created", with
//! a label of its own; the old one is readable for 24 hours.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
//!
//! Reads honour the 24 hours to the millisecond. Memory is freed by a sweep in
//! the minute after, so that the timeline of a busy day shows one event a minute
//! and not one a record.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::stream::{End, RETENTION, Stream, StreamBlueprint};
use super::stream_record::{StreamRecord, ViewType};
use super::streams::SERVICE;
use super::table::Table;
use super::value::Item;
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{ApiError, Arn, Call, Timestamp};

const SWEEP: Duration = Duration::from_mins(1);

#[derive(Clone, Debug, Default)]
pub struct TableStreams {
    /// By label, which is the moment of creation: oldest first. Only the last may be enabled.
    by_label: Kept<String, Stream>,
    history: Single<History>,
}

/// What stays when a stream is disabled, and when it is gone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct History {
    latest: Option<Latest>,
    /// When the latest stream of this table's name was created: no two have the same label.
    labelled: Option<Timestamp>,
}

/// What a table's description says of its latest stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    pub label: String,
    pub arn: Arn,
}

impl TableStreams {
    /// Those of a new table, where `former` are left of earlier ones.
    pub fn of_new_table<'s>(name: &str, former: impl IntoIterator<Item = &'s Stream>) -> Self {
        let namesakes = former.into_iter().filter(|stream| stream.table_name == name);
        let labelled = namesakes.map(|stream| stream.created).max();
        Self { history: History { latest: None, labelled }.into(), ..Self::default() }
    }

    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("stream", &mut self.by_label, Stream::keep);
        book.value("stream_history", &mut self.history);
    }

    pub fn enabled(&self) -> Option<&Stream> {
        self.by_label.values().next_back().filter(|stream| stream.end().is_none())
    }

    fn enabled_mut(&mut self) -> Option<&mut Stream> {
        let label = self.enabled()?.label.clone();
        self.by_label.get_mut(&label)
    }

    pub fn latest(&self) -> Option<&Latest> {
        self.history.latest.as_ref()
    }

    /// The streams that can be read, oldest first.
    pub fn readable(&self, now: Timestamp) -> impl Iterator<Item = &Stream> {
        self.by_label.values().filter(move |stream| !stream.is_gone(now))
    }

    /// Opens the shards that are due by `now`.
    pub fn roll_over(&mut self, now: Timestamp) {
        if let Some(stream) = self.enabled_mut() {
            stream.roll_over(now);
        }
    }

    /// Whether shards are due by `now`.
    pub fn is_behind(&self, now: Timestamp) -> bool {
        self.enabled().is_some_and(|stream| stream.is_behind(now))
    }

    /// Disables the stream that is enabled, if one is.
    pub fn disable(&mut self, end: End) {
        if let Some(stream) = self.enabled_mut() {
            stream.disable(end);
        }
    }

    /// The streams of a table that is gone.
    pub fn into_disabled(self) -> Vec<Stream> {
        self.by_label.values().filter(|stream| stream.end().is_some()).cloned().collect()
    }

    /// When there is something to forget.
    pub fn next_due(&self) -> Option<Timestamp> {
        let oldest = self.enabled().and_then(Stream::oldest);
        let sweep = oldest.map(|record| sweep_time(record.created));
        self.by_label.values().filter_map(Stream::gone_at).chain(sweep).min()
    }

    /// Forgets what is out of retention.
    pub fn sweep(&mut self, call: &mut Call<'_>) {
        let oldest = self.enabled().and_then(Stream::oldest).map(|oldest| (oldest.created, oldest.writer));
        if let Some((created, writer)) = oldest
            && sweep_time(created) <= call.now
            && let Some(stream) = self.enabled_mut()
        {
            let count = stream.trim(call.now);
            call.timer(SERVICE, "RecordsExpired", &stream.table_name, Some(writer));
            call.note(super::streams::records(count));
        }
        forget_gone(&mut self.by_label, call);
    }
}

/// Forgets the streams that were disabled a day ago.
pub fn forget_gone<K: Ord + Clone>(streams: &mut Kept<K, Stream>, call: &mut Call<'_>) {
    streams.retain(|_, stream| {
        let gone = stream.is_gone(call.now);
        if gone {
            call.timer(SERVICE, "StreamDeleted", &stream.table_name, stream.end().map(|end| end.cause));
            call.note(stream.label.as_str());
        }
        !gone
    });
}

impl Table {
    /// Refuses to enable a second stream (`asked` is its view), or to disable none.
    pub fn check_stream_change(&self, asked: Option<ViewType>) -> Result<(), ApiError> {
        let refusal = match (asked, self.streams.enabled()) {
            (Some(_), Some(_)) => "Table already has an enabled stream",
            (None, None) => "Table has no stream to disable",
            _ => return Ok(()),
        };
        Err(ApiError::validation(format!("{refusal}: TableName: {}", self.name)))
    }

    /// Enables a stream, which is ENABLING until that moment.
    ///
    /// assumed: it takes records from now on.
    pub fn enable_stream(
        &mut self,
        view: ViewType,
        enabling_until: Timestamp,
        call: &Call<'_>,
    ) -> Result<(), ApiError> {
        self.check_stream_change(Some(view))?;
        let free = self.streams.history.labelled.map(|moment| moment + Duration::from_millis(1));
        let created = free.map_or(call.now, |moment| moment.max(call.now));
        let stream = Stream::enable(StreamBlueprint {
            table: &self.arn,
            table_name: &self.name,
            schema: &self.schema,
            view,
            created,
            enabling_until,
            shard_lifetime: self.settings.shard_lifetime,
        });
        let latest = Latest { label: stream.label.clone(), arn: stream.arn.clone() };
        *self.streams.history = History { latest: Some(latest), labelled: Some(created) };
        self.streams.by_label.insert(stream.label.clone(), stream);
        Ok(())
    }

    /// Disables the stream, which is DISABLING until that moment.
    pub fn disable_stream(&mut self, disabling_until: Timestamp, call: &Call<'_>) -> Result<(), ApiError> {
        self.check_stream_change(None)?;
        self.streams.disable(End { at: call.now, disabling_until, cause: call.event });
        Ok(())
    }

    /// Tells a change to the stream, if one is enabled. `after` is the item that stands there now.
    pub fn stream_change(&mut self, change: &Change, after: Option<&Item>, call: &Call<'_>) {
        let Some(view) = self.streams.enabled().map(|stream| stream.view) else { return };
        let record = StreamRecord::of(change, after, &self.schema, view, call.now, call.event);
        if let (Some(record), Some(stream)) = (record, self.streams.enabled_mut()) {
            stream.push(record);
        }
    }
}

/// The end of the minute in which a record passes out of retention.
fn sweep_time(created: Timestamp) -> Timestamp {
    let (expires, minute) = ((created + RETENTION).as_millis(), SWEEP.as_millis() as i64);
    Timestamp::from_millis((expires.div_euclid(minute) + 1).saturating_mul(minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Caller, Clock, EventId, Kernel, Operation, Scope};
    use crate::service::dynamodb::DynamoDb;
    use crate::service::dynamodb::change::Author;
    use crate::service::dynamodb::create_table::CreateTable;
    use crate::service::dynamodb::table::Status;
    use crate::service::dynamodb::value::AttributeValue;

    const START: Timestamp = Timestamp::from_secs(1_767_225_600);

    fn table() -> Table {
        let input = r#"{"TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}"#;
        let mut state = DynamoDb::default();
        at(START, |call| {
            CreateTable::run(serde_json::from_str(input).unwrap(), &mut state, call).unwrap();
        });
        let mut table = state.tables.remove("orders").unwrap().into_table();
        *table.status = Status::Active;
        table
    }

    fn at(moment: Timestamp, act: impl FnOnce(&mut Call<'_>)) {
        let kernel = Kernel::new(Clock::starting_at(START), 7);
        let (scope, caller) = (Scope::default(), Caller::default());
        act(&mut Call::new(&kernel, moment, &scope, &caller, EventId(1)));
    }

    fn put(table: &mut Table, id: &str, call: &mut Call<'_>) {
        let item = Item::from([("id".to_owned(), AttributeValue::S(id.to_owned()))]);
        let key = table.schema.key_of_item(&item).unwrap();
        table.put(key, item, call);
    }

    /// The labels of the streams that can be read, and how many records each has.
    fn readable(table: &Table, now: Timestamp) -> Vec<(String, usize)> {
        let count = |stream: &Stream| stream.shards(now).map(|shard| shard.read(0).count()).sum();
        table.streams.readable(now).map(|stream| (stream.label.clone(), count(stream))).collect()
    }

    #[test]
    fn a_table_has_one_stream_at_a_time_and_each_its_own_label() {
        let mut table = table();
        at(START, |call| {
            let none = ApiError::validation("Table has no stream to disable: TableName: orders");
            assert_eq!(table.disable_stream(call.now, call), Err(none));
            table.enable_stream(ViewType::KeysOnly, call.now, call).unwrap();
            let twice = ApiError::validation("Table already has an enabled stream: TableName: orders");
            assert_eq!(table.enable_stream(ViewType::NewImage, call.now, call), Err(twice));
            put(&mut table, "a", call);
            table.disable_stream(call.now, call).unwrap();
            put(&mut table, "b", call);
            assert_eq!(table.streams.latest().map(|latest| latest.label.as_str()), Some("2026-01-01T00:00:00.000"));
            table.enable_stream(ViewType::NewImage, call.now, call).unwrap();
            put(&mut table, "c", call);
            put(&mut table, "d", call);
        });
        let (old, new) = ("2026-01-01T00:00:00.000".to_owned(), "2026-01-01T00:00:00.001".to_owned());
        assert_eq!(readable(&table, START), [(old, 1), (new.clone(), 2)]);
        assert_eq!(table.streams.latest().map(|latest| &latest.label), Some(&new));
        assert_eq!(readable(&table, START + RETENTION), [(new, 2)], "the old one is gone, the sweep is to come");
    }

    #[test]
    fn the_sweep_comes_in_the_minute_after_a_record_is_a_day_old() {
        let mut table = table();
        at(START + Duration::from_secs(90), |call| {
            table.enable_stream(ViewType::KeysOnly, call.now, call).unwrap();
            assert_eq!(table.next_due(), None);
            put(&mut table, "a", call);
        });
        let due = START + RETENTION + Duration::from_mins(2);
        assert_eq!(table.next_due(), Some(due));
        at(due, |call| {
            table.streams.sweep(call);
            assert_eq!(table.next_due(), None);
            put(&mut table, "b", call);
            table.disable_stream(call.now, call).unwrap();
        });
        assert_eq!(table.next_due(), Some(due + RETENTION));
        at(due + RETENTION, |call| table.streams.sweep(call));
        assert_eq!(table.next_due(), None);
    }

    #[test]
    fn what_the_sweep_of_time_to_live_removes_is_recorded_as_its() {
        let mut table = table();
        at(START, |call| {
            table.enable_stream(ViewType::KeysOnly, call.now, call).unwrap();
            put(&mut table, "a", call);
            let item = Item::from([("id".to_owned(), AttributeValue::S("a".to_owned()))]);
            let key = table.schema.key_of_item(&item).unwrap();
            table.remove(&key, Author::TimeToLive, call);
            table.remove(&key, Author::Caller, call);
        });
        let stream = table.streams.enabled().unwrap();
        let shard = stream.shards(START).next().unwrap();
        let authors: Vec<_> = shard.read(0).map(|(_, record)| record.author).collect();
        assert_eq!(authors, [Author::Caller, Author::TimeToLive]);
    }
}
