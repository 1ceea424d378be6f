//! Rules that fire by the clock: what a schedule sends, and when.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html>

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Events;
use super::bus::{self, Bus};
use super::delivery;
use super::rule::{Rule, RuleState};
use crate::kernel::{ApiError, Call, Timestamp};
use crate::schedule::{Dialect, Schedule};

/// The schedule of a rule.
#[derive(Debug)]
pub struct RuleSchedule {
    /// As the caller wrote it.
    pub expression: String,
    schedule: Schedule,
    /// From when on a rate counts: AWS starts it when the rule is made.
    anchor: Timestamp,
    /// When it fires next, unless the rule is disabled.
    pub next: Option<Timestamp>,
}

impl RuleSchedule {
    pub fn parse(expression: &str, now: Timestamp) -> Result<Self, ApiError> {
        let schedule = Schedule::parse(expression, Dialect::Rule)
            .ok()
            .filter(|schedule| !schedule.is_one_time())
            .ok_or_else(|| ApiError::validation("Parameter ScheduleExpression is not valid."))?;
        let mut schedule = Self { expression: expression.to_owned(), schedule, anchor: now, next: None };
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

impl Rule {
    /// When the rule fires by itself.
    fn next_firing(&self) -> Option<Timestamp> {
        self.schedule.as_ref().filter(|_| self.state != RuleState::Disabled)?.next
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
        if let Some(due) = self.rules.get(name).and_then(Rule::next_firing) {
            self.firings.insert((due, name.to_owned()));
        }
    }

    /// Takes the next rule that fires by `now`, and plans when it does so again.
    fn take_firing(&mut self, now: Timestamp) -> Option<(Timestamp, String)> {
        if self.next_firing()? > now {
            return None;
        }
        let (due, name) = self.firings.pop_first()?;
        if let Some(schedule) = self.rules.get_mut(&name).and_then(|rule| rule.schedule.as_mut()) {
            schedule.next = schedule.after(due);
            if let Some(next) = schedule.next {
                self.firings.insert((next, name.clone()));
            }
        }
        Some((due, name))
    }
}

impl Events {
    /// Lets every rule fire whose time has come. Only the default bus has rules with schedules.
    pub fn fire_due(&mut self, call: &mut Call<'_>) {
        while let Some(bus) = self.buses.get_mut(bus::DEFAULT)
            && let Some((due, name)) = bus.take_firing(call.now)
        {
            let Some(rule) = bus.rules.get(&name) else { continue };
            call.timer("events", "schedule", name, Some(rule.written_by));
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
