//! Rules that fire by the clock: what a schedule sends, and when.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html>
//!
//! # Differences
//!
//! - What was due more than a minute ago, because no process kept time, is passed over, and the rule goes on with its
//!   next moment: AWS makes up for none, and promises the minute, not the second (assumed).

use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Events;
use super::bus::{self, Bus};
use super::delivery;
use super::rule::{Rule, RuleState};
use crate::kernel::{ApiError, Call, Timestamp};
use crate::schedule::{Dialect, Schedule};

/// The schedule of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "KeptSchedule")]
pub struct RuleSchedule {
    /// As the caller wrote it.
    pub expression: String,
    #[serde(skip)]
    schedule: Schedule,
    /// From when on a rate counts: AWS starts it when the rule is made.
    anchor: Timestamp,
    /// When it fires next, unless the rule is disabled.
    pub next: Option<Timestamp>,
}

/// The same as it is kept.
#[derive(Deserialize)]
struct KeptSchedule {
    expression: String,
    anchor: Timestamp,
    next: Option<Timestamp>,
}

impl TryFrom<KeptSchedule> for RuleSchedule {
    type Error = ApiError;

    fn try_from(kept: KeptSchedule) -> Result<Self, ApiError> {
        let KeptSchedule { expression, anchor, next } = kept;
        Ok(Self { schedule: read(&expression)?, expression, anchor, next })
    }
}

/// What was due this long ago was missed: nobody kept time. AWS: "Your scheduled rule runs within that minute, but not on
/// the precise 0th second."
const MISSED: Duration = Duration::from_mins(1);

/// What a rule is to do by the clock.
struct Firing {
    rule: String,
    due: Timestamp,
    missed: bool,
}

impl RuleSchedule {
    pub fn parse(expression: &str, now: Timestamp) -> Result<Self, ApiError> {
        let mut schedule =
            Self { expression: expression.to_owned(), schedule: read(expression)?, anchor: now, next: None };
        schedule.start(now);
        Ok(schedule)
    }

    /// Assumed: a rate that is enabled again counts anew.
    pub fn start(&mut self, now: Timestamp) {
        self.anchor = now;
        self.next = self.after(now);
    }

    fn after(&self, moment: Timestamp) -> Option<Timestamp> {
        self.schedule.next_after(moment, self.anchor, &TimeZone::UTC)
    }
}

fn read(expression: &str) -> Result<Schedule, ApiError> {
    let schedule = Schedule::parse(expression, Dialect::Rule).ok().filter(|schedule| !schedule.is_one_time());
    schedule.ok_or_else(|| ApiError::validation("Parameter ScheduleExpression is not valid."))
}

impl Rule {
    /// When the rule fires by itself, and its name.
    pub fn firing(&self) -> Option<(Timestamp, String)> {
        let next = self.schedule.as_ref().filter(|_| self.state != RuleState::Disabled)?.next;
        next.map(|next| (next, self.name.clone()))
    }
}

impl Bus {
    /// When the first of its rules fires by itself.
    pub fn next_firing(&self) -> Option<Timestamp> {
        self.firings.first().map(|(due, _)| *due)
    }

    /// To be called when a rule has come, changed or gone.
    pub fn plan(&mut self, name: &str) {
        self.firings.retain(|(_, planned)| planned != name);
        self.firings.extend(self.rules.get(name).and_then(Rule::firing));
    }

    /// Takes the next rule that fires by `now`, and plans when it does so again.
    fn take_firing(&mut self, now: Timestamp) -> Option<Firing> {
        if self.next_firing()? > now {
            return None;
        }
        let (due, rule) = self.firings.pop_first()?;
        let missed = due + MISSED <= now;
        if let Some(schedule) = self.rules.get_mut(&rule).and_then(|rule| rule.schedule.as_mut()) {
            schedule.next = schedule.after(if missed { now - MISSED } else { due });
            self.firings.extend(schedule.next.map(|next| (next, rule.clone())));
        }
        Some(Firing { rule, due, missed })
    }
}

impl Events {
    /// When the first rule fires by itself. Only the default bus has rules with schedules.
    pub fn next_firing(&self) -> Option<Timestamp> {
        self.buses.get(bus::DEFAULT).and_then(Bus::next_firing)
    }

    /// Lets every rule fire whose time has come.
    pub fn fire_due(&mut self, call: &mut Call<'_>) {
        while self.next_firing().is_some_and(|due| due <= call.now)
            && let Some(bus) = self.buses.get_mut(bus::DEFAULT)
            && let Some(Firing { rule, due, missed }) = bus.take_firing(call.now)
        {
            let Some(rule) = bus.rules.get(&rule) else { continue };
            call.timer("events", "schedule", rule.name.as_str(), Some(rule.written_by));
            if missed {
                call.note(format!("passed over: it was due at {}, and nobody kept time", due.to_rfc3339()));
                continue;
            }
            let (id, event) = scheduled_event(rule, due, call);
            delivery::send(rule, &id, &event, call);
        }
    }
}

fn scheduled_event(rule: &Rule, due: Timestamp, call: &Call<'_>) -> (String, Value) {
    let id = call.ids().uuid();
    let event = json!({
        "version": "0",
        "id": id,
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": &*call.scope.account,
        "time": Timestamp::from_secs(due.as_secs()).to_rfc3339(),
        "region": &*call.scope.region,
        "resources": [rule.arn(call)],
        "detail": {},
    });
    (id, event)
}
