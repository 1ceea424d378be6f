//! What happens to streams and their consumers without a request: they become
//! ACTIVE, they go away, and records and closed shards pass out of retention.
//!
//! Reads honour retention to the millisecond. Memory is freed by a sweep of the
//! shard in the minute after, so that a timeline of a busy day shows one event
//! a minute and not one a record.

use std::time::Duration;

use super::consumer::ConsumerStatus;
use super::shard::ShardId;
use super::stream::{Status, Stream};
use super::{Kinesis, SERVICE};
use crate::kernel::{Call, Timestamp};

const SWEEP: Duration = Duration::from_mins(1);

/// Work that falls due: when, in which stream, and what.
pub type Due = (Timestamp, String, Work);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    Activate,
    Remove,
    Sweep(ShardId),
    /// A closed shard passes out of retention.
    Expire(ShardId),
    /// Of the consumer with that number.
    ActivateConsumer(u64),
    RemoveConsumer(u64),
}

impl Stream {
    /// What falls due in it.
    fn work(&self) -> Vec<(Timestamp, Work)> {
        let transition = match self.status {
            Status::Creating | Status::Updating => Some(Work::Activate),
            Status::Deleting => Some(Work::Remove),
            Status::Active => None,
        };
        let consumers = self.consumers.after(None).filter_map(|consumer| {
            let work = match consumer.status {
                ConsumerStatus::Creating => Work::ActivateConsumer(consumer.number),
                ConsumerStatus::Deleting => Work::RemoveConsumer(consumer.number),
                ConsumerStatus::Active => return None,
            };
            Some((consumer.settles?, work))
        });
        self.settles.zip(transition).into_iter().chain(consumers).chain(self.passing_out()).collect()
    }

    /// When what passes out of retention.
    fn passing_out(&self) -> impl Iterator<Item = (Timestamp, Work)> {
        self.shards.values().flat_map(move |shard| {
            let sweep =
                shard.oldest().map(|record| (sweep_time(record.arrived, self.retention), Work::Sweep(shard.id)));
            let expires = shard.closed.map(|closed| (closed + self.retention, Work::Expire(shard.id)));
            sweep.into_iter().chain(expires)
        })
    }
}

impl Kinesis {
    /// Plans all that follows from the streams.
    pub fn plan_all(&mut self) {
        let due_in = |(name, stream): (&String, &Stream)| {
            let work = stream.work().into_iter();
            work.map(|(due, work)| (due, name.clone(), work)).collect::<Vec<Due>>()
        };
        self.agenda = self.streams.iter().flat_map(due_in).collect();
    }

    /// A stream, or a consumer of it, is in a transition from now on.
    pub fn plan_transition(&mut self, name: &str, work: Work, now: Timestamp) {
        let due = now + self.settings.transition;
        let Some(stream) = self.streams.get_mut(name) else { return };
        match work {
            Work::ActivateConsumer(number) | Work::RemoveConsumer(number) => {
                if let Some(consumer) = stream.consumers.by_number(number) {
                    consumer.settles = Some(due);
                }
            }
            _ => stream.settles = Some(due),
        }
        self.agenda.insert((due, name.to_owned(), work));
    }

    /// A shard that had nothing to sweep has a first record.
    pub fn plan_sweep(&mut self, name: &str, shard: ShardId, arrived: Timestamp, retention: Duration) {
        self.agenda.insert((sweep_time(arrived, retention), name.to_owned(), Work::Sweep(shard)));
    }

    pub fn do_due_work(&mut self, call: &mut Call<'_>) {
        while self.agenda.first().is_some_and(|(due, _, _)| *due <= call.now) {
            let Some((_, name, work)) = self.agenda.pop_first() else { return };
            match work {
                Work::Activate => self.activate(&name, call),
                Work::Remove => self.remove(&name, call),
                Work::Sweep(shard) => self.sweep(&name, shard, call),
                Work::Expire(shard) => self.expire(&name, shard, call),
                Work::ActivateConsumer(number) => self.activate_consumer(&name, number, call),
                Work::RemoveConsumer(number) => self.remove_consumer(&name, number, call),
            }
        }
    }

    fn activate(&mut self, name: &str, call: &mut Call<'_>) {
        let Some(stream) = self.streams.get_mut(name) else { return };
        stream.status = Status::Active;
        stream.settles = None;
        call.timer(SERVICE, "StreamActive", name, Some(stream.changed_by));
        let Some(change) = stream.control.change.take() else { return };
        let closed = stream.apply(change, call);
        let expires = call.now + stream.retention;
        for shard in closed {
            self.listeners.wake(name, shard);
            self.agenda.insert((expires, name.to_owned(), Work::Expire(shard)));
        }
    }

    fn remove(&mut self, name: &str, call: &mut Call<'_>) {
        let Some(stream) = self.streams.remove(name) else { return };
        self.agenda.retain(|(_, of, _)| of != name);
        self.listeners.end_stream(name);
        call.timer(SERVICE, "StreamDeleted", name, Some(stream.changed_by));
    }

    /// "After the stream's retention period has expired [...] the parent shard is EXPIRED", with all
    /// that it may still hold: its records are no younger than its end.
    fn expire(&mut self, name: &str, id: ShardId, call: &mut Call<'_>) {
        let Some(stream) = self.streams.get_mut(name) else { return };
        if stream.shards.remove(&id).is_none() {
            return;
        }
        self.listeners.wake(name, id);
        call.timer(SERVICE, "ShardExpired", name, None);
        call.note(id.to_string());
    }

    /// Plans anew what follows from a stream's retention, which has changed.
    pub fn plan_retention(&mut self, name: &str, now: Timestamp) {
        let Some(stream) = self.streams.get(name) else { return };
        let planned: Vec<(Timestamp, Work)> = stream.passing_out().collect();
        self.agenda.retain(|(_, of, work)| of != name || !matches!(work, Work::Sweep(_) | Work::Expire(_)));
        self.agenda.extend(planned.into_iter().map(|(due, work)| (due.max(now), name.to_owned(), work)));
    }

    fn activate_consumer(&mut self, name: &str, number: u64, call: &mut Call<'_>) {
        let consumer = self.streams.get_mut(name).and_then(|stream| stream.consumers.by_number(number));
        let Some(consumer) = consumer.filter(|consumer| consumer.status == ConsumerStatus::Creating) else { return };
        consumer.status = ConsumerStatus::Active;
        consumer.settles = None;
        let what = format!("{name}/{}", consumer.name);
        call.timer(SERVICE, "ConsumerActive", what, Some(consumer.changed_by));
    }

    fn remove_consumer(&mut self, name: &str, number: u64, call: &mut Call<'_>) {
        let gone = self.streams.get_mut(name).and_then(|stream| stream.consumers.remove(number));
        let Some(gone) = gone else { return };
        call.timer(SERVICE, "ConsumerDeleted", format!("{name}/{}", gone.name), Some(gone.changed_by));
    }

    fn sweep(&mut self, name: &str, id: ShardId, call: &mut Call<'_>) {
        let Some(stream) = self.streams.get_mut(name) else { return };
        let (horizon, retention) = (stream.horizon(call.now), stream.retention);
        let Some(shard) = stream.shards.get_mut(&id) else { return };
        let Some(writer) = shard.oldest().map(|record| record.writer) else { return };
        let count = shard.trim(horizon);
        if let Some(arrived) = shard.oldest().map(|record| record.arrived) {
            self.plan_sweep(name, id, arrived, retention);
        }
        if count > 0 {
            call.timer(SERVICE, "RecordsExpired", name, Some(writer));
            call.note(super::records(count));
        }
    }
}

/// The end of the minute in which a record passes out of retention.
fn sweep_time(arrived: Timestamp, retention: Duration) -> Timestamp {
    let (expires, minute) = ((arrived + retention).as_millis(), SWEEP.as_millis() as i64);
    Timestamp::from_millis((expires.div_euclid(minute) + 1).saturating_mul(minute))
}
