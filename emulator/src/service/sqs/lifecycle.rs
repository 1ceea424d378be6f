//! What happens to queues without a request: messages pass out of retention, and tasks move messages.
//!
//! Reads honour retention to the millisecond. Memory is freed by a sweep of the
//! queue in the minute after, so that a timeline of a busy day shows one event a
//! minute and not one a message. That messages become visible again needs no work.

use super::{SERVICE, Sqs};
use crate::kernel::{Call, Timestamp};

/// Work that falls due: when, in which queue, and what.
pub type Due = (Timestamp, String, Work);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    Sweep,
    /// The task of that number has messages to move.
    Move(u64),
}

impl Sqs {
    /// Plans the next sweep of a queue, unless one is planned that is early enough.
    pub fn plan_sweep(&mut self, name: &str) {
        let Some(queue) = self.queues.get_mut(name) else { return };
        let Some(oldest) = queue.messages.oldest() else { return };
        let due = minute_after(oldest + queue.retention());
        if queue.sweep.is_none_or(|planned| planned > due) {
            queue.sweep = Some(due);
            self.agenda.insert((due, name.to_owned(), Work::Sweep));
        }
    }

    pub fn do_due_work(&mut self, call: &mut Call<'_>) {
        while self.agenda.first().is_some_and(|(due, _, _)| *due <= call.now) {
            let Some((due, name, work)) = self.agenda.pop_first() else { return };
            match work {
                Work::Sweep => self.sweep(&name, due, call),
                Work::Move(task) => self.go_on_moving(&name, task, call),
            }
        }
    }

    fn sweep(&mut self, name: &str, due: Timestamp, call: &mut Call<'_>) {
        let Some(queue) = self.queues.get_mut(name).filter(|queue| queue.sweep == Some(due)) else { return };
        queue.sweep = None;
        queue.catch_up(call.now);
        let expired = std::mem::take(&mut queue.messages.expired);
        self.plan_sweep(name);
        if expired.count > 0 {
            call.timer(SERVICE, "MessagesExpired", name, expired.writer);
            call.note(super::messages_count(expired.count));
        }
    }
}

/// The end of the minute in which a message passes out of retention.
fn minute_after(expires: Timestamp) -> Timestamp {
    const MINUTE: i64 = 60_000;
    Timestamp::from_millis((expires.as_millis().div_euclid(MINUTE) + 1).saturating_mul(MINUTE))
}
