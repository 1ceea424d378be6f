//! What one service sends to another, addressed by ARN, while it waits for its time.
//!
//! Services never call each other: they put a [`Delivery`] into their
//! [`super::Call`], and the bus hands it on when their state is released
//! (`courier.rs`). What cannot be delivered is on the timeline, never silence.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bus_rule::{BusRule, BusVerdict, MountedBusRule};
use super::store::{Book, Damaged, Node, Record};
use super::timeline::{Cause, Link};
use super::{ApiError, Arn, Delivery, EventId, Kernel, Timestamp};

/// Deliveries that wait for their time, and the rules they pass. What waits is kept until it is over, so that an
/// attempt that ends with the process is made again.
pub struct Bus {
    inner: Mutex<Inner>,
    kernel: Kernel,
}

#[derive(Debug)]
struct Inner {
    waiting: Waiting,
    /// What an errand is under way for.
    lent: BTreeMap<u64, Posted>,
    posted_so_far: u64,
    rules: Vec<MountedBusRule>,
    rules_so_far: u64,
    random: fastrand::Rng,
}

/// A delivery between two attempts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Posted {
    /// The number under which it is kept. None, as long as it never waited.
    #[serde(skip)]
    kept_as: Option<u64>,
    pub delivery: Delivery,
    /// When it was sent: its age counts from here.
    pub sent: Timestamp,
    /// The event that sent it, or the attempt before.
    pub cause: Cause,
    /// How often it was tried.
    pub tried: u32,
    /// What the last attempt ended with.
    pub error: Option<ApiError>,
    /// What a fault rule did to this attempt, for the timeline.
    #[serde(skip)]
    pub fault: Option<&'static str>,
}

impl Bus {
    pub fn seeded(seed: u64, kernel: Kernel) -> Self {
        let inner = Inner {
            waiting: BTreeMap::new(),
            lent: BTreeMap::new(),
            posted_so_far: 0,
            rules: Vec::new(),
            rules_so_far: 0,
            random: fastrand::Rng::with_seed(seed),
        };
        Self { inner: Mutex::new(inner), kernel }
    }

    /// Takes a delivery that is due at `now`, unless a rule has it otherwise.
    pub fn post(&self, now: Timestamp, delivery: Delivery, cause: EventId) {
        let cause = Cause { event: cause, link: Link::Made };
        let posted = Posted { kept_as: None, delivery, sent: now, cause, tried: 0, error: None, fault: None };
        self.lock().wait(now, posted, &self.kernel);
    }

    /// Takes something back that is to be tried at `due`.
    pub fn put_back(&self, due: Timestamp, posted: Posted) {
        self.lock().wait(due, posted, &self.kernel);
    }

    /// Something that was taken off the bus is over: it arrived, or was given up.
    pub fn over(&self, posted: &Posted) {
        let mut inner = self.lock();
        if let Some(number) = posted.kept_as {
            inner.lent.remove(&number);
        }
        note_gone(posted.kept_as, &self.kernel);
    }

    /// An errand is under way for it, on which time passes.
    pub fn lend(&self, posted: &Posted) {
        if let Some(number) = posted.kept_as {
            self.lock().lent.insert(number, posted.clone());
        }
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.lock().waiting.keys().next().map(|(due, _)| *due)
    }

    /// Takes the next delivery that is due by `now`, when no rule holds it back: then it goes
    /// back to those that wait. The error is what the receiver is to be taken to have said.
    pub fn take_due(&self, now: Timestamp) -> Option<(Posted, Option<ApiError>)> {
        let mut inner = self.lock();
        loop {
            let first = inner.waiting.first_entry()?;
            if first.key().0 > now {
                return None;
            }
            let mut posted = first.remove();
            if posted.fault.is_some() {
                return Some((posted, None));
            }
            match inner.verdict(&posted.delivery) {
                None => return Some((posted, None)),
                Some(BusVerdict::Fail(error)) => return Some((posted, Some(error.into()))),
                Some(BusVerdict::Duplicate) => {
                    posted.fault = Some("duplicated");
                    inner.wait(now, Posted { kept_as: None, ..posted.clone() }, &self.kernel);
                    return Some((posted, None));
                }
                Some(BusVerdict::Delay(by)) => inner.hold(now + by, posted, "delayed", &self.kernel),
                Some(BusVerdict::DropThenRetry(after)) => {
                    inner.hold(now + after, posted, "retried after a loss", &self.kernel);
                }
                Some(BusVerdict::Reorder(within)) => {
                    let by = within.mul_f64(inner.random.f64());
                    inner.hold(now + by, posted, "reordered", &self.kernel);
                }
            }
        }
    }

    /// How long to wait before the try after `tried` of them: exponential, with a jitter drawn from the seed.
    pub fn backoff(&self, tried: u32) -> Duration {
        let doubled = BACKOFF_FIRST.saturating_mul(1 << tried.saturating_sub(1).min(16)).min(BACKOFF_MAX);
        doubled.mul_f64(1.0 - BACKOFF_JITTER * self.lock().random.f64())
    }

    /// Puts a rule behind those in force and returns its id.
    pub fn add_rule(&self, rule: BusRule) -> u64 {
        let mut inner = self.lock();
        inner.rules_so_far += 1;
        let id = inner.rules_so_far;
        inner.rules.push(MountedBusRule::new(id, rule));
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

    /// Forgets what waits to go from or to an account.
    pub fn forget(&self, account: &str) {
        let of_account = |arn: &Arn| &*arn.scope.account == account;
        self.lock().waiting.retain(|_, posted| {
            let Posted { delivery, .. } = posted;
            let stays = !of_account(&delivery.from) && !of_account(&delivery.to);
            if !stays {
                note_gone(posted.kept_as, &self.kernel);
            }
            stays
        });
    }

    /// Forgets what waits, every rule, and the draws so far.
    pub fn clear(&self, seed: u64) {
        let mut inner = self.lock();
        let lent = std::mem::take(&mut inner.lent).into_values();
        for posted in std::mem::take(&mut inner.waiting).into_values().chain(lent) {
            note_gone(posted.kept_as, &self.kernel);
        }
        inner.rules.clear();
        inner.random = fastrand::Rng::with_seed(seed);
    }

    /// Writes what waits.
    pub fn save(&self, records: &mut Vec<Record>) {
        let mut book = Book::of_all(String::new(), records);
        let inner = self.lock();
        for ((due, number), posted) in &inner.waiting {
            book.put(DELIVERY, &number.to_string(), &(due, posted));
        }
        for (number, posted) in &inner.lent {
            book.put(DELIVERY, &number.to_string(), &(posted.sent, posted));
        }
    }

    /// Takes what was read.
    pub fn take_over(&self, waiting: Waiting) {
        let mut inner = self.lock();
        let last = waiting.keys().map(|(_, number)| *number).max().unwrap_or(0);
        inner.posted_so_far = inner.posted_so_far.max(last);
        inner.waiting.extend(waiting);
    }

    /// Takes over what waits on the bus of another world, its rules and its draws.
    pub fn fork_of(&self, other: &Bus) {
        let other = other.lock();
        let mut inner = self.lock();
        let lent = other.lent.iter().map(|(number, posted)| ((posted.sent, *number), posted.clone()));
        inner.waiting = other.waiting.clone().into_iter().chain(lent).collect();
        inner.posted_so_far = other.posted_so_far;
        inner.rules = other.rules.clone();
        inner.rules_so_far = other.rules_so_far;
        inner.random = other.random.clone();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Assumed: AWS says that 185 retries fit into the 24 hours of the default policy, exponentially further apart, with
/// jitter, and not how far. With these, the hours pass before the retries are used up.
const BACKOFF_FIRST: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_mins(10);
const BACKOFF_JITTER: f64 = 0.2;

/// What waits, by when it is due, and in the order in which it came.
type Waiting = BTreeMap<(Timestamp, u64), Posted>;

/// Reads what waited on a bus.
pub fn read(kept: &mut Node) -> Result<Waiting, Damaged> {
    let waiting = kept.take(DELIVERY).into_iter().map(|(number, node)| {
        let damaged = |why: &str| Damaged(format!("{DELIVERY}/{number}: {why}"));
        let value = node.value.ok_or_else(|| damaged("it has no value"))?;
        let (due, posted): (Timestamp, Posted) =
            serde_json::from_slice(&value).map_err(|error| damaged(&error.to_string()))?;
        let number = number.parse().map_err(|_| damaged("not a number"))?;
        Ok(((due, number), Posted { kept_as: Some(number), ..posted }))
    });
    waiting.collect()
}

/// The kind of its records.
const DELIVERY: &str = "delivery";

fn note_gone(kept_as: Option<u64>, kernel: &Kernel) {
    if let (Some(number), Some(keeper)) = (kept_as, kernel.keeper()) {
        keeper.note(vec![Record { path: format!("{DELIVERY}/{number}"), value: None }]);
    }
}

impl Inner {
    fn wait(&mut self, due: Timestamp, mut posted: Posted, kernel: &Kernel) {
        self.posted_so_far += 1;
        let number = self.posted_so_far;
        let before = posted.kept_as.replace(number);
        if let Some(before) = before {
            self.lent.remove(&before);
        }
        if let Some(keeper) = kernel.keeper() {
            let mut records = Vec::new();
            Book::of_all(String::new(), &mut records).put(DELIVERY, &number.to_string(), &(due, &posted));
            keeper.note(records);
        }
        note_gone(before, kernel);
        self.waiting.insert((due, number), posted);
    }

    fn hold(&mut self, due: Timestamp, posted: Posted, fault: &'static str, kernel: &Kernel) {
        self.wait(due, Posted { fault: Some(fault), ..posted }, kernel);
    }

    fn verdict(&mut self, delivery: &Delivery) -> Option<BusVerdict> {
        let Self { rules, random, .. } = self;
        let mounted = rules.iter_mut().find_map(|mounted| mounted.acts(delivery, random).then_some(mounted))?;
        Some(mounted.rule.verdict.clone())
    }
}
