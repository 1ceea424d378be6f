//! What one service sends to another, addressed by ARN.
//!
//! Services never call each other: they put a [`Delivery`] into their
//! [`super::Call`], and the bus hands it on when their state is released. What
//! cannot be delivered is on the timeline, never silence.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Arn, EventId, Timestamp, duration, glob};

/// Something on its way to an ARN.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Who sends: the ARN of a rule, say.
    pub from: Arn,
    pub to: Arn,
    pub body: Bytes,
    /// The partition key, message group or the like, where the sender gives one.
    pub key: Option<String>,
}

/// What happens to deliveries on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BusVerdict {
    /// It arrives twice.
    Duplicate,
    /// It arrives later, and so after what was sent behind it.
    Delay(#[serde(with = "duration")] Duration),
    /// The first try is lost; the next, this much later, arrives.
    DropThenRetry(#[serde(with = "duration")] Duration),
}

/// One fault rule of the bus. What is not given matches everything; texts are globs on ARNs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusRule {
    #[serde(default = "anything")]
    pub from: String,
    #[serde(default = "anything")]
    pub to: String,
    /// The rule is spent after acting this often.
    #[serde(default)]
    pub times: Option<u32>,
    #[serde(rename = "fault")]
    pub verdict: BusVerdict,
}

/// Starts a rule for deliveries from one ARN to another; both may be globs.
pub fn between(from: &str, to: &str) -> BusRuleBuilder {
    BusRuleBuilder { from: from.to_owned(), to: to.to_owned(), times: None }
}

/// A rule of the bus in the making; its verdict completes it.
#[must_use = "a rule needs a verdict"]
#[derive(Clone, Debug)]
pub struct BusRuleBuilder {
    from: String,
    to: String,
    times: Option<u32>,
}

impl BusRuleBuilder {
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    pub fn duplicate(self) -> BusRule {
        self.verdict(BusVerdict::Duplicate)
    }

    pub fn delay(self, by: Duration) -> BusRule {
        self.verdict(BusVerdict::Delay(by))
    }

    pub fn drop_then_retry(self, after: Duration) -> BusRule {
        self.verdict(BusVerdict::DropThenRetry(after))
    }

    fn verdict(self, verdict: BusVerdict) -> BusRule {
        BusRule { from: self.from, to: self.to, times: self.times, verdict }
    }
}

fn anything() -> String {
    "*".to_owned()
}

/// Deliveries that wait for their time, and the rules they pass.
#[derive(Debug, Default)]
pub struct Bus {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: BTreeMap<(Timestamp, u64), Posted>,
    posted_so_far: u64,
    rules: Vec<MountedBusRule>,
    rules_so_far: u64,
}

/// A rule in force, with what it has done so far.
#[derive(Clone, Debug, Serialize)]
pub struct MountedBusRule {
    pub id: u64,
    pub acted: u32,
    #[serde(flatten)]
    pub rule: BusRule,
}

/// A delivery with the event that sent it.
#[derive(Clone, Debug)]
pub struct Posted {
    pub delivery: Delivery,
    pub cause: EventId,
    /// What a fault rule did to it, for the timeline.
    pub fault: Option<&'static str>,
}

impl Bus {
    /// Takes a delivery that is due at `now`, unless a rule has it otherwise.
    pub fn post(&self, now: Timestamp, delivery: Delivery, cause: EventId) {
        let mut inner = self.lock();
        let (mut due, mut copies, mut fault) = (now, 1, None);
        match inner.verdict(&delivery) {
            None => {}
            Some(BusVerdict::Duplicate) => (copies, fault) = (2, Some("duplicated")),
            Some(BusVerdict::Delay(by)) => (due, fault) = (now + by, Some("delayed")),
            Some(BusVerdict::DropThenRetry(after)) => (due, fault) = (now + after, Some("retried after a loss")),
        }
        for _ in 0..copies {
            inner.posted_so_far += 1;
            let key = (due, inner.posted_so_far);
            inner.waiting.insert(key, Posted { delivery: delivery.clone(), cause, fault });
        }
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.lock().waiting.keys().next().map(|(due, _)| *due)
    }

    /// Takes the next delivery that is due by `now`.
    pub fn take_due(&self, now: Timestamp) -> Option<Posted> {
        let mut inner = self.lock();
        let first = inner.waiting.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// Puts a rule behind those in force and returns its id.
    pub fn add_rule(&self, rule: BusRule) -> u64 {
        let mut inner = self.lock();
        inner.rules_so_far += 1;
        let id = inner.rules_so_far;
        inner.rules.push(MountedBusRule { id, acted: 0, rule });
        id
    }

    /// Takes a rule out of force. Returns it with its count, if it was there.
    pub fn remove_rule(&self, id: u64) -> Option<MountedBusRule> {
        let mut inner = self.lock();
        let at = inner.rules.iter().position(|mounted| mounted.id == id)?;
        Some(inner.rules.remove(at))
    }

    pub fn rules(&self) -> Vec<MountedBusRule> {
        self.lock().rules.clone()
    }

    /// Forgets what waits, and every rule.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.waiting.clear();
        inner.rules.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn verdict(&mut self, delivery: &Delivery) -> Option<BusVerdict> {
        let (from, to) = (delivery.from.to_string(), delivery.to.to_string());
        let fits = |mounted: &&mut MountedBusRule| {
            mounted.rule.times.is_none_or(|times| mounted.acted < times)
                && glob::matches(&mounted.rule.from, &from)
                && glob::matches(&mounted.rule.to, &to)
        };
        let mounted = self.rules.iter_mut().find(fits)?;
        mounted.acted += 1;
        Some(mounted.rule.verdict.clone())
    }
}
