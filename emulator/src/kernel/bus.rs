//! What one service sends to another, addressed by ARN, while it waits for its time.
//!
//! Services never call each other: they put a [`Delivery`] into their
//! [`super::Call`], and the bus hands it on when their state is released
//! (`courier.rs`). What cannot be delivered is on the timeline, never silence.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::bus_rule::{BusRule, BusVerdict, MountedBusRule};
use super::timeline::{Cause, Link};
use super::{ApiError, Arn, Delivery, EventId, Timestamp};

/// Deliveries that wait for their time, and the rules they pass.
#[derive(Debug)]
pub struct Bus {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    waiting: BTreeMap<(Timestamp, u64), Posted>,
    posted_so_far: u64,
    rules: Vec<MountedBusRule>,
    rules_so_far: u64,
    random: fastrand::Rng,
}

/// A delivery between two attempts.
#[derive(Clone, Debug)]
pub struct Posted {
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
    pub fault: Option<&'static str>,
}

impl Bus {
    pub fn seeded(seed: u64) -> Self {
        let inner = Inner {
            waiting: BTreeMap::new(),
            posted_so_far: 0,
            rules: Vec::new(),
            rules_so_far: 0,
            random: fastrand::Rng::with_seed(seed),
        };
        Self { inner: Mutex::new(inner) }
    }

    /// Takes a delivery that is due at `now`, unless a rule has it otherwise.
    pub fn post(&self, now: Timestamp, delivery: Delivery, cause: EventId) {
        let cause = Cause { event: cause, link: Link::Made };
        let posted = Posted { delivery, sent: now, cause, tried: 0, error: None, fault: None };
        self.lock().wait(now, posted);
    }

    /// Takes something back that is to be tried at `due`.
    pub fn put_back(&self, due: Timestamp, posted: Posted) {
        self.lock().wait(due, posted);
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
                    inner.wait(now, posted.clone());
                    return Some((posted, None));
                }
                Some(BusVerdict::Delay(by)) => inner.hold(now + by, posted, "delayed"),
                Some(BusVerdict::DropThenRetry(after)) => inner.hold(now + after, posted, "retried after a loss"),
                Some(BusVerdict::Reorder(within)) => {
                    let by = within.mul_f64(inner.random.f64());
                    inner.hold(now + by, posted, "reordered");
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
            !of_account(&delivery.from) && !of_account(&delivery.to)
        });
    }

    /// Forgets what waits, every rule, and the draws so far.
    pub fn clear(&self, seed: u64) {
        let mut inner = self.lock();
        inner.waiting.clear();
        inner.rules.clear();
        inner.random = fastrand::Rng::with_seed(seed);
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

impl Inner {
    fn wait(&mut self, due: Timestamp, posted: Posted) {
        self.posted_so_far += 1;
        self.waiting.insert((due, self.posted_so_far), posted);
    }

    fn hold(&mut self, due: Timestamp, posted: Posted, fault: &'static str) {
        self.wait(due, Posted { fault: Some(fault), ..posted });
    }

    fn verdict(&mut self, delivery: &Delivery) -> Option<BusVerdict> {
        let Self { rules, random, .. } = self;
        let mounted = rules.iter_mut().find_map(|mounted| mounted.acts(delivery, random).then_some(mounted))?;
        Some(mounted.rule.verdict.clone())
    }
}
