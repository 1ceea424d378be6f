//! The timeline: everything that happened, in order, each event with its cause.
//!
//! A ring of [`CAPACITY`] events: the oldest make room for new ones. Scenarios
//! assert on it, the admin API serves it, failing tests print it.

pub mod event;
pub mod text;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

pub use event::{Beginning, Cause, Event, EventId, Kind, Link, Outcome};

use super::{Caller, Timestamp};

/// How many events are kept.
pub const CAPACITY: usize = 100_000;
/// How many logical calls and callers are remembered to link causes.
const LINKS_KEPT: usize = 10_000;

pub struct Timeline {
    inner: Mutex<Inner>,
    /// Carries the number of changes so far: who follows waits on it.
    changes: watch::Sender<u64>,
}

struct Inner {
    began: Timestamp,
    events: VecDeque<Event>,
    next: u64,
    /// The last attempt of each logical call, by its invocation id.
    attempts: BTreeMap<String, EventId>,
    /// The same ids, oldest first.
    invocations: VecDeque<String>,
    /// The event that last handed work to each caller.
    handed: BTreeMap<Caller, EventId>,
}

impl Timeline {
    pub fn new(began: Timestamp) -> Self {
        Self { inner: Mutex::new(Inner::new(began)), changes: watch::channel(0).0 }
    }

    /// Forgets everything and begins anew at `now`. Numbers go on: a state may
    /// remember an event from before, which must not be taken for a later one.
    pub fn restart(&self, now: Timestamp) {
        let mut inner = self.lock();
        let next = inner.next;
        *inner = Inner { next, ..Inner::new(now) };
        drop(inner);
        self.changed();
    }

    pub fn begin(&self, now: Timestamp, beginning: Beginning) -> EventId {
        let id = self.lock().begin(now, beginning);
        self.changed();
        id
    }

    /// Records something that is over as soon as it is known.
    pub fn record(&self, now: Timestamp, beginning: Beginning, detail: impl Into<String>) -> EventId {
        let id = self.begin(now, beginning);
        let detail = detail.into();
        self.update(id, |event| {
            event.detail = detail;
            event.outcome = Outcome::Done;
        });
        id
    }

    /// Changes an event that is still kept.
    pub fn update(&self, id: EventId, change: impl FnOnce(&mut Event)) {
        if let Some(event) = self.lock().get_mut(id) {
            change(event);
        }
        self.changed();
    }

    /// The cause of a call by its invocation id: the attempt before it. Remembers `id` as the newest attempt.
    pub fn link_attempt(&self, invocation: &str, id: EventId) {
        let mut inner = self.lock();
        match inner.attempts.insert(invocation.to_owned(), id) {
            Some(before) => {
                if let Some(event) = inner.get_mut(id) {
                    event.cause = Some(Cause { event: before, link: Link::Retry });
                }
            }
            None => inner.invocations.push_back(invocation.to_owned()),
        }
        if inner.invocations.len() > LINKS_KEPT
            && let Some(oldest) = inner.invocations.pop_front()
        {
            inner.attempts.remove(&oldest);
        }
    }

    /// `id` handed work to `caller`: what the caller does next came from it.
    pub fn hand_work(&self, caller: &Caller, id: EventId) {
        let mut inner = self.lock();
        if inner.handed.len() >= LINKS_KEPT {
            inner.handed.clear();
        }
        inner.handed.insert(caller.clone(), id);
    }

    pub fn last_handed(&self, caller: &Caller) -> Option<EventId> {
        self.lock().handed.get(caller).copied()
    }

    /// Whether an event of that number has begun.
    pub fn knows(&self, id: EventId) -> bool {
        id.0 > 0 && id.0 < self.lock().next
    }

    /// The events kept, oldest first, from `after` on (exclusive).
    pub fn events_after(&self, after: u64) -> Vec<Event> {
        let inner = self.lock();
        let first = inner.events.front().map_or(0, |event| event.id.0);
        let known = usize::try_from(after.saturating_add(1).saturating_sub(first)).unwrap_or(usize::MAX);
        inner.events.iter().skip(known).cloned().collect()
    }

    pub fn events(&self) -> Vec<Event> {
        self.events_after(0)
    }

    /// Wakes at every change.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn new(began: Timestamp) -> Self {
        Self {
            began,
            events: VecDeque::new(),
            next: 1,
            attempts: BTreeMap::new(),
            invocations: VecDeque::new(),
            handed: BTreeMap::new(),
        }
    }

    fn begin(&mut self, now: Timestamp, beginning: Beginning) -> EventId {
        let id = EventId(self.next);
        self.next += 1;
        if self.events.len() == CAPACITY {
            self.events.pop_front();
        }
        self.events.push_back(Event {
            id,
            cause: beginning.cause,
            at_ms: u64::try_from(now.since(self.began).as_millis()).unwrap_or(u64::MAX),
            kind: beginning.kind,
            service: beginning.service,
            action: beginning.action,
            resource: beginning.resource,
            detail: String::new(),
            outcome: Outcome::Pending,
            account: beginning.scope.account.to_string(),
            region: beginning.scope.region.to_string(),
            app: beginning.caller.app,
            attempt: beginning.attempt,
            quiet: false,
        });
        id
    }

    fn get_mut(&mut self, id: EventId) -> Option<&mut Event> {
        let first = self.events.front()?.id.0;
        self.events.get_mut(usize::try_from(id.0.checked_sub(first)?).ok()?)
    }
}

impl std::fmt::Display for Timeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in text::lines(&self.events()) {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
