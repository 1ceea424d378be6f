//! The timeline: everything that happened, in order, each event with its cause.
//!
//! A ring of [`CAPACITY`] events, unless it was given another size: the oldest make room for new ones. Scenarios
//! assert on it, the admin API serves it, failing tests print it. Who wants more has every event written down
//! ([`Timeline::write_down`]).

pub mod event;
pub mod outbox;
pub mod text;

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

pub use event::{Beginning, Cause, Event, EventId, Kind, Link, Outcome};
pub use outbox::Batch;
use outbox::Outbox;

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

/// What a request says of what it came from.
pub struct Arrival<'a> {
    /// The id that an SDK gives to all attempts of one call.
    pub invocation: Option<&'a str>,
    /// Whether the SDK leaves open that this is another attempt: a first one needs no search.
    pub may_be_retry: bool,
    /// The event that the caller names as its cause.
    pub traced: Option<EventId>,
}

struct Inner {
    began: Timestamp,
    capacity: usize,
    events: VecDeque<Event>,
    outbox: Option<Outbox>,
    next: u64,
    /// The attempts seen, oldest first, by a hash of the invocation id that the attempts of a logical call share.
    attempts: VecDeque<(u64, EventId)>,
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
        while inner.let_go() {}
        let (next, capacity, outbox) = (inner.next, inner.capacity, inner.outbox.take());
        *inner = Inner { next, capacity, outbox, ..Inner::new(now) };
        drop(inner);
        self.changed();
    }

    /// The number that the next event gets.
    pub fn next(&self) -> EventId {
        EventId(self.lock().next)
    }

    /// Numbers go on from here at the least: a state that was read back remembers events from before.
    pub fn go_on_from(&self, next: EventId) {
        let mut inner = self.lock();
        inner.next = inner.next.max(next.0);
    }

    /// Keeps so many events from now on, at least one.
    pub fn keep(&self, capacity: usize) {
        let mut inner = self.lock();
        inner.capacity = capacity.max(1);
        while inner.events.len() > inner.capacity {
            inner.let_go();
        }
    }

    /// From now on, every event is put aside for who writes them down, and calls [`Timeline::take_written`] often: of
    /// what has left the ring, [`CAPACITY`] events wait.
    pub fn write_down(&self) {
        self.lock().outbox.get_or_insert_default();
    }

    /// The events that have ended, except those of just now, and those that the ring has let go of. Each once.
    pub fn take_written(&self) -> Batch {
        self.lock().take_written(false)
    }

    /// The same with those that ended just now or go on: for the end.
    pub fn take_unwritten(&self) -> Batch {
        self.lock().take_written(true)
    }

    pub fn begin(&self, now: Timestamp, beginning: Beginning) -> EventId {
        let id = self.lock().begin(now, beginning);
        self.changed();
        id
    }

    /// Begins a request's event. Its cause is the first of these that is known: the attempt before it,
    /// the event that the caller names, the event that last handed work to the caller.
    pub fn arrive(&self, now: Timestamp, mut beginning: Beginning, arrival: &Arrival<'_>) -> EventId {
        let mut inner = self.lock();
        let before = arrival.invocation.and_then(|invocation| inner.attempt(invocation, arrival.may_be_retry));
        let traced = || arrival.traced.filter(|traced| inner.knows(*traced)).map(|event| (event, Link::Traced));
        let handed = || inner.handed.get(&beginning.caller).map(|event| (*event, Link::Handed));
        let cause = before.map(|event| (event, Link::Retry)).or_else(traced).or_else(handed);
        beginning.cause = cause.map(|(event, link)| Cause { event, link });
        let id = inner.begin(now, beginning);
        drop(inner);
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
        self.lock().update(id, change);
        self.changed();
    }

    /// `id` handed work to `caller`: what the caller does next came from it.
    pub fn hand_work(&self, caller: &Caller, id: EventId) {
        let mut inner = self.lock();
        if inner.handed.len() >= LINKS_KEPT {
            inner.handed.clear();
        }
        inner.handed.insert(caller.clone(), id);
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

    /// Wakes who follows. Whoever begins to follow after this look at the receivers sees the change itself.
    fn changed(&self) {
        if self.changes.receiver_count() > 0 {
            self.changes.send_modify(|count| *count += 1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn new(began: Timestamp) -> Self {
        Self {
            began,
            capacity: CAPACITY,
            events: VecDeque::new(),
            outbox: None,
            next: 1,
            attempts: VecDeque::new(),
            handed: BTreeMap::new(),
        }
    }

    fn begin(&mut self, now: Timestamp, beginning: Beginning) -> EventId {
        let id = EventId(self.next);
        self.next += 1;
        if self.events.len() >= self.capacity {
            self.let_go();
        }
        if let Some(outbox) = &mut self.outbox {
            outbox.began(id);
        }
        let mut event = Event {
            id,
            cause: beginning.cause,
            at_ms: u64::try_from(now.since(self.began).as_millis()).unwrap_or(u64::MAX),
            kind: beginning.kind,
            service: beginning.service,
            action: beginning.action,
            resource: beginning.resource,
            detail: beginning.detail,
            outcome: Outcome::Pending,
            account: beginning.scope.account,
            region: beginning.scope.region,
            app: beginning.caller.app,
            attempt: beginning.attempt,
            quiet: false,
        };
        event.clip();
        self.events.push_back(event);
        id
    }

    fn update(&mut self, id: EventId, change: impl FnOnce(&mut Event)) {
        let Some(event) = self.get_mut(id) else { return };
        let was_pending = event.outcome == Outcome::Pending;
        change(event);
        event.clip();
        let has_ended = was_pending && event.outcome != Outcome::Pending;
        if let Some(outbox) = self.outbox.as_mut().filter(|_| has_ended) {
            outbox.ended(id);
        }
    }

    /// Lets go of the oldest event. Says whether there was one.
    fn let_go(&mut self) -> bool {
        let oldest = self.events.pop_front();
        let there_was_one = oldest.is_some();
        if let Some((outbox, event)) = self.outbox.as_mut().zip(oldest) {
            outbox.leaves(event);
        }
        there_was_one
    }

    fn take_written(&mut self, everything: bool) -> Batch {
        let Some(outbox) = &mut self.outbox else { return Batch::default() };
        if everything { outbox.take_all(&self.events) } else { outbox.take(&self.events) }
    }

    /// The last attempt of the call with this invocation id. Remembers the event that begins next as the newest.
    fn attempt(&mut self, invocation: &str, may_be_retry: bool) -> Option<EventId> {
        // The default hasher has fixed keys: the same in every run.
        let mut hasher = DefaultHasher::new();
        invocation.hash(&mut hasher);
        let hash = hasher.finish();
        // Retries come soon after what they retry, so it is found near the end.
        let known = || self.attempts.iter().rev().find(|(known, _)| *known == hash).map(|(_, event)| *event);
        let before = if may_be_retry { known() } else { None };
        if self.attempts.len() == LINKS_KEPT {
            self.attempts.pop_front();
        }
        self.attempts.push_back((hash, EventId(self.next)));
        before
    }

    /// Whether an event of that number has begun.
    fn knows(&self, id: EventId) -> bool {
        id.0 > 0 && id.0 < self.next
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
