//! Events pass out of retention without a request.
//!
//! Readers do not see them from that millisecond on. Memory is freed, and the timeline told, by a sweep of the group at
//! the end of the hour; AWS takes up to 72 hours to delete them.

use std::time::Duration;

use super::log_stream::LogStream;
use super::{Logs, SERVICE};
use crate::kernel::{Call, Timestamp};

const SWEEP: Duration = Duration::from_hours(1);

/// What AWS allows a retention to be.
pub const DAYS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl Logs {
    /// Plans all that follows from the groups.
    pub fn plan_all(&mut self) {
        let sweeps = self.groups.iter().filter_map(|(name, group)| Some((group.sweep?, name.clone())));
        self.agenda = sweeps.collect();
    }

    /// Sees to it that a group is swept by then.
    pub fn plan_sweep(&mut self, name: &str, due: Option<Timestamp>) {
        let (Some(group), Some(due)) = (self.groups.get_mut(name), due) else { return };
        if group.sweep.is_some_and(|planned| planned <= due) {
            return;
        }
        if let Some(planned) = group.sweep.replace(due) {
            self.agenda.remove(&(planned, name.to_owned()));
        }
        self.agenda.insert((due, name.to_owned()));
    }

    /// Takes back what is planned for a group.
    pub fn forget_sweep(&mut self, name: &str) {
        let planned = self.groups.get_mut(name).and_then(|group| group.sweep.take());
        if let Some(planned) = planned {
            self.agenda.remove(&(planned, name.to_owned()));
        }
    }

    /// Plans anew what follows from a group's retention.
    pub fn plan_retention(&mut self, name: &str, now: Timestamp) {
        self.forget_sweep(name);
        let Some(group) = self.groups.get(name) else { return };
        let Some(retention) = group.retention() else { return };
        let oldest = group.streams.values().filter_map(|stream| stream.oldest()).map(|event| event.millis()).min();
        let due = oldest.map(|oldest| sweep_time(oldest, retention).max(end_of_hour(now)));
        self.plan_sweep(name, due);
    }

    pub fn do_due_work(&mut self, call: &mut Call<'_>) {
        while self.agenda.first().is_some_and(|(due, _)| *due <= call.now) {
            let Some((_, name)) = self.agenda.pop_first() else { return };
            self.sweep(&name, call);
        }
    }

    fn sweep(&mut self, name: &str, call: &mut Call<'_>) {
        let Some(group) = self.groups.get_mut(name) else { return };
        group.sweep = None;
        let horizon = group.horizon(call.now);
        let oldest = group.streams.values().filter_map(|stream| stream.oldest()).min_by_key(|event| event.id);
        let writer = oldest.map(|event| event.writer);
        let mut swept = 0;
        let has_older = |stream: &LogStream| stream.oldest().is_some_and(|event| event.millis() < horizon);
        let trimmed = group.streams.iter().filter(|(_, stream)| has_older(stream)).map(|(name, _)| name.clone());
        for stream in trimmed.collect::<Vec<String>>() {
            let Some(stream) = group.streams.get_mut(&stream) else { continue };
            let (count, bytes) = stream.trim(horizon);
            swept += count;
            group.stored_bytes -= bytes;
        }
        self.plan_retention(name, call.now);
        if swept > 0 {
            call.timer(SERVICE, "EventsExpired", name, writer);
            call.note(super::events(swept));
        }
    }
}

/// The end of the hour in which an event of that time passes out of retention.
pub fn sweep_time(millis: u64, retention: Duration) -> Timestamp {
    let millis = Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
    end_of_hour(millis + retention)
}

fn end_of_hour(moment: Timestamp) -> Timestamp {
    let hour = SWEEP.as_millis() as i64;
    Timestamp::from_millis((moment.as_millis().div_euclid(hour).saturating_add(1)).saturating_mul(hour))
}
