//! A schedule as kept: what its owner decided, and when it comes next.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Scheduler;
use super::agenda::{Agenda, Entry, Key};
use super::definition::Definition;
use super::invocation;
use crate::kernel::{Arn, Call, EventId, Timestamp};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schedule {
    /// Its number among all that were made.
    id: u64,
    pub key: Key,
    pub arn: Arn,
    pub definition: Definition,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// The request that wrote it: what its invocations come from.
    written_by: EventId,
    /// The first moment of a rate.
    anchor: Timestamp,
    planned: Option<Planned>,
    /// Whether it has come since it was made or came at other times.
    is_spent: bool,
}

/// The next occurrence.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Planned {
    /// The time that the expression means.
    scheduled: Timestamp,
    /// The moment of the invocation: later by what a flexible window allows.
    due: Timestamp,
}

const A_MOMENT: Duration = Duration::from_millis(1);
/// On AWS, an invocation may come at any of the 60 seconds of its minute. assumed: one that is later was missed.
const PRECISION: Duration = Duration::from_mins(1);

impl Schedule {
    pub fn new(id: u64, key: Key, definition: Definition, call: &Call<'_>) -> Self {
        let anchor = definition.text.start_date.unwrap_or(call.now);
        Self {
            id,
            arn: call.arn("scheduler", format!("schedule/{}/{}", key.group, key.name)),
            key,
            definition,
            created: call.now,
            modified: call.now,
            written_by: call.event,
            anchor,
            planned: None,
            is_spent: false,
        }
    }

    /// What the agenda has of it.
    pub fn entry(&self) -> Option<Entry> {
        self.planned.map(|planned| ((planned.due, self.id), self.key.clone()))
    }

    /// Puts another definition in the place of the one before.
    pub fn redefine(&mut self, definition: Definition, call: &Call<'_>) {
        if !definition.comes_as(&self.definition) {
            self.anchor = definition.text.start_date.unwrap_or(call.now);
            self.is_spent = false;
        }
        self.definition = definition;
        self.modified = call.now;
        self.written_by = call.event;
    }

    /// Plans the first occurrence from now on, in the place of what was planned.
    pub fn plan_anew(&mut self, agenda: &mut Agenda, call: &Call<'_>) {
        self.take_off(agenda);
        self.planned = None;
        if !self.definition.is_enabled {
            return;
        }
        // A rate begins with the moment that it counts from, a cron with the minute that follows.
        let begins_now = self.definition.expression.is_rate() && self.anchor == call.now && !self.is_spent;
        let after = if begins_now { call.now - A_MOMENT } else { call.now };
        self.plan(after, agenda, call);
    }

    /// Plans the first occurrence after that moment, if there is one.
    fn plan(&mut self, after: Timestamp, agenda: &mut Agenda, call: &Call<'_>) {
        self.planned = self.next(after).map(|scheduled| {
            let by = self.definition.window.mul_f64(if self.definition.window.is_zero() {
                0.0
            } else {
                call.ids().draw(fastrand::Rng::f64)
            });
            Planned { scheduled, due: (scheduled + by).max(call.now) }
        });
        if let Some(Planned { due, .. }) = self.planned {
            agenda.add(due, self.id, self.key.clone());
        }
    }

    fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let Definition { expression, zone, text, .. } = &self.definition;
        if expression.is_one_time() {
            // AWS, of one whose time has passed when it is enabled: "the schedule may immediately invoke its target".
            return if self.is_spent { None } else { expression.next_after(Timestamp::FIRST, self.anchor, zone) };
        }
        let after = text.start_date.map_or(after, |start| after.max(start - A_MOMENT));
        let next = expression.next_after(after, self.anchor, zone)?;
        text.end_date.is_none_or(|end| next <= end).then_some(next)
    }

    /// From when on it is too late for an occurrence of that time, which nobody was there to invoke. For a one-time
    /// schedule it never is.
    fn too_late(&self, scheduled: Timestamp) -> Option<Timestamp> {
        (!self.definition.expression.is_one_time()).then(|| scheduled + self.lateness())
    }

    fn lateness(&self) -> Duration {
        self.definition.window.max(PRECISION)
    }

    pub fn take_off(&self, agenda: &mut Agenda) {
        if let Some(Planned { due, .. }) = self.planned {
            agenda.remove(due, self.id);
        }
    }

    /// "If you configure a schedule with automatic deletion but do not specify a value for EndDate, EventBridge
    /// Scheduler does not automatically delete the schedule", if it recurs.
    fn is_complete(&self) -> bool {
        let ends = self.definition.expression.is_one_time() || self.definition.text.end_date.is_some();
        ends && self.planned.is_none()
    }
}

impl Scheduler {
    /// Invokes the target of a schedule that is due, and plans what comes next.
    pub(super) fn invoke(&mut self, id: u64, key: Key, call: &mut Call<'_>) {
        let Self { groups, agenda, .. } = self;
        let Some(group) = groups.get_mut(&*key.group) else { return };
        let Some(schedule) = group.schedules.get_mut(&*key.name).filter(|schedule| schedule.id == id) else { return };
        let Some(Planned { scheduled, .. }) = schedule.planned.take() else { return };
        call.timer(super::SERVICE, "invoke", &*key.name, Some(schedule.written_by));
        if schedule.too_late(scheduled).is_some_and(|late| late <= call.now) {
            call.note(format!("passed over: it was due at {}, and nobody kept time", scheduled.to_rfc3339()));
            schedule.plan(call.now - schedule.lateness(), agenda, call);
        } else {
            invocation::send(schedule, scheduled, call);
            schedule.is_spent = true;
            schedule.plan(scheduled, agenda, call);
        }
        if schedule.is_complete() && schedule.definition.deletes_itself {
            call.note("complete: deleted");
            group.schedules.remove(&*key.name);
        }
    }
}
