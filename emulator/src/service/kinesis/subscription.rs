//! A subscription to a shard as its caller sees it: events as records arrive, a word every few seconds when none
//! do, and an end.
//!
//! The [`Listener`] reads the shard when it is asked, whoever wrote to it: a caller that is slow to take events
//! gets larger ones, and nothing piles up for one that has gone. Where limits are enforced, it sends no faster than
//! AWS does: an event that must wait is not looked for before its moment.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::Notify;

use super::child_shard::ChildShard;
use super::get_records::{OutputRecord, Page, PageMax, Reading, take};
use super::sequence_number::Decimal;
use super::shard::ShardId;
use super::stream::{not_found, shard_not_found};
use super::tank::Tank;
use super::{Kinesis, SERVICE};
use crate::kernel::{ApiError, Call, Cell, End, EventId, Feed, Next, Scope, Timestamp};
use crate::wire::event_stream;

/// "Your consumer starts receiving events [..] for up to 5 minutes."
const LIFETIME: Duration = Duration::from_mins(5);
/// assumed: AWS documents that events come without records, too, and not how often.
const QUIET_AT_MOST: Duration = Duration::from_secs(5);
/// assumed: AWS documents no size of an event. A larger record comes alone.
const EVENT_MAX: PageMax = PageMax { records: 10_000, bytes: 1 << 20 };
/// "Up to 2 MiB per second for every shard you subscribe to."
const BYTES_PER_SECOND: u32 = 2 << 20;
/// What must happen later happens not before this.
const TICK: Duration = Duration::from_millis(1);

/// What a call has subscribed to.
#[derive(Debug)]
pub struct Subscribed {
    pub stream: String,
    /// Tells apart streams that had the same name one after the other.
    pub stream_created: Timestamp,
    pub consumer: String,
    pub shard: ShardId,
    /// The number of the subscription.
    pub number: u64,
    /// The counter of the next record to send.
    pub counter: u64,
    /// How long after its arrival a record is seen.
    pub lag: Duration,
    pub woken: Arc<Notify>,
}

/// Who listens: reads the shard for as long as the subscription is its own.
pub struct Listener {
    cell: Arc<Cell<Kinesis>>,
    of: Subscribed,
    stage: Stage,
    /// When it says something even if there is nothing new.
    speaks: Timestamp,
    ends: Timestamp,
    /// What AWS's pace leaves to be sent.
    pace: Tank,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Opening,
    Open,
    Over,
}

/// What a look at the shard finds.
enum Look {
    Event(Event, Option<EventId>),
    Nothing(Timestamp),
    /// Five minutes have passed.
    Expired,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    records: Vec<OutputRecord>,
    /// AWS sends none in the last event of a closed shard:
    /// <https://github.com/awslabs/amazon-kinesis-client/pull/1744>
    #[serde(skip_serializing_if = "Option::is_none")]
    continuation_sequence_number: Option<Decimal>,
    millis_behind_latest: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    child_shards: Vec<ChildShard>,
}

impl Listener {
    pub fn new(cell: Arc<Cell<Kinesis>>, of: Subscribed, now: Timestamp) -> Self {
        let (speaks, ends) = (now + QUIET_AT_MOST, now + LIFETIME);
        Self { cell, of, stage: Stage::Opening, speaks, ends, pace: Tank::full(BYTES_PER_SECOND, now) }
    }

    fn look(&mut self, state: &Kinesis, call: &Call<'_>) -> Result<Look, ApiError> {
        let (of, now, scope) = (&self.of, call.now, call.scope);
        let stream = state.usable(&of.stream, scope)?;
        if stream.created != of.stream_created {
            return Err(not_found(&of.stream, scope));
        }
        let consumer = stream.consumers.get(&of.consumer);
        let subscription = consumer.and_then(|consumer| state.listeners.get(&of.stream, of.shard, consumer.number));
        let Some(subscription) = subscription else { return Err(consumer_is_gone(of, scope)) };
        if subscription.number != of.number {
            return Err(in_use(&of.stream, of.shard, &of.consumer, scope));
        }
        let shard = stream.shards.get(&of.shard);
        let shard = shard.ok_or_else(|| shard_not_found(&of.shard.to_string(), &of.stream, scope))?;
        let seen_until = now - of.lag;
        let horizon = stream.horizon(now);
        let page = take(shard, &Reading { counter: of.counter, max: EVENT_MAX, horizon, seen_until, now });
        if now >= self.ends && self.came_too_late(&page) {
            return Ok(Look::Expired);
        }
        let at_the_end = shard.closed.is_some() && page.next >= shard.next();
        if page.records.is_empty() && !at_the_end && now < self.speaks {
            let seen = page.next < shard.next();
            // What is there already is seen when it is old enough.
            let seen = seen.then(|| (now - Duration::from_millis(page.millis_behind) + of.lag).max(now + TICK));
            return Ok(Look::Nothing(self.speaks.min(self.ends).min(seen.unwrap_or(self.ends))));
        }
        if state.is_limited(call) && !page.records.is_empty() {
            if !self.pace.is_open(now) && now < self.ends {
                return Ok(Look::Nothing(self.pace.opens().max(now + TICK).min(self.ends)));
            }
            self.pace.drain(page.bytes);
        }
        self.of.counter = page.next;
        // A word is due at its moment, even if it is heard a little later.
        let due = if page.records.is_empty() { self.speaks } else { now };
        self.speaks = if due + QUIET_AT_MOST > now { due + QUIET_AT_MOST } else { now + QUIET_AT_MOST };
        if at_the_end {
            self.stage = Stage::Over;
        }
        let progress = || Decimal::of(shard.number(page.next.saturating_sub(1), now));
        let last = page.records.last().map(|record| record.sequence_number);
        let event = Event {
            continuation_sequence_number: (!at_the_end).then(|| last.unwrap_or_else(progress)),
            millis_behind_latest: page.millis_behind,
            child_shards: if at_the_end { ChildShard::of(stream, shard.id) } else { Vec::new() },
            records: page.records,
        };
        Ok(Look::Event(event, page.first_writer))
    }

    /// Whether a page belongs to the time after the end. What arrived before it was on its way already, even if
    /// the caller takes it later.
    fn came_too_late(&self, page: &Page) -> bool {
        page.records.first().is_none_or(|record| record.approximate_arrival_timestamp >= self.ends)
    }

    fn send(&self, event: &Event, writer: Option<EventId>, call: &mut Call<'_>) -> Bytes {
        call.push(SERVICE, "SubscribeToShardEvent", &self.of.stream);
        if let Some(writer) = writer {
            call.note(super::records(event.records.len()));
            call.read_from(writer);
            call.hand_work();
        } else if event.child_shards.is_empty() {
            call.quiet();
        } else {
            call.note(format!("end of {}", self.of.shard));
        }
        // Always JSON: AWS's SDK for Java, which speaks CBOR to Kinesis, asks for this operation and reads its events
        // in JSON. assumed of a caller that asks in CBOR all the same.
        event_stream::event("SubscribeToShardEvent", event)
    }

    fn fail(&mut self, error: &ApiError, call: &mut Call<'_>) -> Bytes {
        self.stage = Stage::Over;
        call.push(SERVICE, "SubscribeToShardEvent", &self.of.stream);
        call.failed(error);
        event_stream::exception(&error.code, &error.message)
    }
}

impl Feed for Listener {
    fn next(&mut self, call: &mut Call<'_>) -> Next {
        match self.stage {
            Stage::Opening => {
                self.stage = Stage::Open;
                return Next::Frame(event_stream::initial_response());
            }
            Stage::Open => {}
            Stage::Over => return Next::End(End::Clean),
        }
        let cell = Arc::clone(&self.cell);
        let found = {
            let state = cell.shared(call);
            self.look(&state, call)
        };
        match found {
            Ok(Look::Event(event, writer)) => Next::Frame(self.send(&event, writer, call)),
            Ok(Look::Nothing(until)) => Next::Wait(until),
            Ok(Look::Expired) => {
                self.stage = Stage::Over;
                Next::End(End::Clean)
            }
            Err(error) => Next::Frame(self.fail(&error, call)),
        }
    }

    fn woken(&self) -> Arc<Notify> {
        Arc::clone(&self.of.woken)
    }
}

/// Wording: <https://github.com/awslabs/amazon-kinesis-client/issues/391>
pub fn in_use(stream: &str, shard: ShardId, consumer: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    ApiError::new(
        "ResourceInUseException",
        format!("Another active subscription exists for this consumer: {account}:{stream}:{shard}:{consumer}"),
    )
}

/// assumed: that it is told in this way, and the wording.
fn consumer_is_gone(of: &Subscribed, scope: &Scope) -> ApiError {
    let (Subscribed { consumer, stream, .. }, account) = (of, &scope.account);
    ApiError::new(
        "ResourceNotFoundException",
        format!("Consumer {consumer} under stream {stream} and account {account} not found."),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::kernel::{Arn, Caller, Clock, EventId, Kernel};
    use crate::service::kinesis::consumer::ConsumerStatus;
    use crate::service::kinesis::enforcement::Enforcement;
    use crate::service::kinesis::record::{Content, Record};
    use crate::service::kinesis::settings::{Limits, Settings};
    use crate::service::kinesis::shard::Shard;
    use crate::service::kinesis::stream::{Mode, Status, Stream};

    const START: Timestamp = Timestamp::from_secs(1000);

    /// A stream of one shard that one consumer listens to from its beginning.
    fn listening() -> (Arc<Cell<Kinesis>>, Listener) {
        let scope = Scope::default();
        let arn = Arn::new(SERVICE, &scope, "stream/orders");
        let mut stream = Stream::new(arn, Mode::Provisioned, 1, START, EventId(1));
        stream.status = Status::Active;
        let number = stream.consumers.add("audit", "orders", &scope, START, EventId(1)).number;
        let woken = Arc::new(Notify::new());
        if let Some(consumer) = stream.consumers.by_number(number) {
            consumer.status = ConsumerStatus::Active;
        }
        let mut state = Kinesis::new(Settings::default(), Enforcement::new(Limits::Off));
        let subscription = state.listeners.subscribe("orders", ShardId(0), number, START, Arc::clone(&woken));
        state.streams.insert("orders".to_owned(), stream);
        let cell = Arc::new(Cell::new(state));
        let of = Subscribed {
            stream: "orders".to_owned(),
            stream_created: START,
            consumer: "audit".to_owned(),
            shard: ShardId(0),
            number: subscription,
            counter: 0,
            lag: Duration::ZERO,
            woken,
        };
        (Arc::clone(&cell), Listener::new(cell, of, START))
    }

    /// Asks at a moment. A frame becomes its payload.
    fn ask(listener: &mut Listener, kernel: &Kernel, now: Timestamp) -> Result<Value, Next> {
        let (scope, caller) = (Scope::default(), Caller::default());
        match listener.next(&mut Call::new(kernel, now, &scope, &caller, EventId(1))) {
            Next::Frame(frame) => {
                let headers = u32::from_be_bytes(frame[4..8].try_into().expect("these are four")) as usize;
                Ok(serde_json::from_slice(&frame[12 + headers..frame.len() - 4]).expect("a payload is JSON"))
            }
            other => Err(other),
        }
    }

    fn with_state(cell: &Cell<Kinesis>, kernel: &Kernel, now: Timestamp, change: impl FnOnce(&mut Stream)) {
        let (scope, caller) = (Scope::default(), Caller::default());
        let mut state = cell.exclusive(&mut Call::new(kernel, now, &scope, &caller, EventId(1)));
        change(state.streams.get_mut("orders").expect("it is there"));
    }

    fn write(stream: &mut Stream, now: Timestamp) {
        let record = Record { content: Content::new("a", b""), arrived: now, writer: EventId(2) };
        stream.shards.get_mut(&ShardId(0)).expect("it is there").push(record);
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_end_of_a_closed_shard_come_its_children_and_the_end() {
        let kernel = Kernel::new(Clock::starting_at(START), 0);
        let (cell, mut listener) = listening();
        assert!(matches!(ask(&mut listener, &kernel, START), Ok(Value::Object(_))), "the initial response");
        let later = START + Duration::from_secs(1);
        with_state(&cell, &kernel, later, |stream| {
            write(stream, later);
            let range = stream.shards[&ShardId(0)].range;
            for (id, adjacent) in [(1, None), (2, Some(ShardId(9)))] {
                let mut child = Shard::new(ShardId(id), range, later);
                (child.parent, child.adjacent_parent) = (Some(ShardId(0)), adjacent);
                stream.shards.insert(ShardId(id), child);
            }
            stream.shards.get_mut(&ShardId(0)).expect("it is there").closed = Some(later);
        });
        let last = ask(&mut listener, &kernel, later).expect("there is something to say");
        assert_eq!(last["Records"].as_array().map(Vec::len), Some(1), "{last}");
        assert_eq!(last.get("ContinuationSequenceNumber"), None, "{last}");
        assert_eq!(last["ChildShards"][0]["ShardId"], "shardId-000000000001");
        assert_eq!(last["ChildShards"][1]["ParentShards"][1], "shardId-000000000009");
        assert!(last["ChildShards"][0]["HashKeyRange"]["StartingHashKey"].is_string(), "{last}");
        assert!(matches!(ask(&mut listener, &kernel, later), Err(Next::End(End::Clean))));
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_late_gets_what_arrived_in_time_and_nothing_else() {
        let kernel = Kernel::new(Clock::starting_at(START), 0);
        let (cell, mut listener) = listening();
        assert!(matches!(ask(&mut listener, &kernel, START), Ok(Value::Object(_))), "the initial response");
        let speaks = START + QUIET_AT_MOST;
        let nothing = ask(&mut listener, &kernel, START);
        assert!(matches!(nothing, Err(Next::Wait(until)) if until == speaks), "{nothing:?}");
        let (in_time, late) = (START + Duration::from_secs(299), START + Duration::from_secs(400));
        with_state(&cell, &kernel, late, |stream| {
            write(stream, in_time);
        });
        let event = ask(&mut listener, &kernel, late).expect("it was on its way");
        assert_eq!(event["Records"].as_array().map(Vec::len), Some(1), "{event}");
        with_state(&cell, &kernel, late, |stream| write(stream, late));
        assert!(matches!(ask(&mut listener, &kernel, late), Err(Next::End(End::Clean))));
    }
}
