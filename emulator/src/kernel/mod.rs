//! What every service shares, and nothing else: time, ids, names, errors, the
//! shape of an operation, the bus between services, faults and the timeline.
//!
//! The kernel knows no service by name and no HTTP. A service sees it as the
//! [`Call`] that is handed to each of its operations.

pub mod answer;
pub mod arn;
pub mod bus;
pub mod bus_rule;
pub mod call;
pub mod cell;
pub mod circumstances;
pub mod clock;
pub mod constraint;
mod courier;
pub mod delivery;
pub mod duration;
pub mod error;
pub mod fault;
pub mod glob;
pub mod ids;
pub mod keeping;
pub mod later;
pub mod live;
pub mod mishap;
pub mod opaque;
pub mod operation;
pub mod progress;
pub mod realm;
pub mod scope;
pub mod store;
pub mod timeline;
pub mod timestamp;
pub mod world;

use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use answer::{Answer, Body, End, Frame, Frames, Reply};
pub use arn::Arn;
pub use call::Call;
pub use cell::{Cell, Exclusive};
pub use circumstances::Circumstances;
pub use clock::Clock;
pub use constraint::Violations;
pub use delivery::{Delivery, Receipt};
pub use error::ApiError;
pub use ids::Ids;
pub use later::{Awaited, Later, Look};
pub use live::{Feed, Live, Next};
pub use operation::{
    AnyOperation, Binding, Operation, Prepared, Protocol, Service, ServiceDescription, Shared, SharedOperation,
};
pub use progress::Progress;
pub use realm::{AnyService, Realm};
pub use scope::{Caller, Scope};
use store::{Book, Keeper, Record};
pub use timeline::{EventId, Timeline};
pub use timestamp::Timestamp;
pub use world::World;

/// The shared things of one emulator. Cheap to clone: every clone is the same kernel.
#[derive(Clone)]
pub struct Kernel {
    pub clock: Clock,
    pub ids: Arc<Ids>,
    pub timeline: Arc<Timeline>,
    pub faults: Arc<fault::Faults>,
    /// Held for reading by each call while it runs, and for writing by who wants all states at one moment.
    calls: Arc<RwLock<()>>,
    /// Keeps what changes, if anything does.
    keeper: Arc<OnceLock<Keeper>>,
}

impl Kernel {
    pub fn new(clock: Clock, seed: u64) -> Self {
        Self {
            timeline: Arc::new(Timeline::new(clock.now())),
            clock,
            ids: Arc::new(Ids::seeded(seed)),
            faults: Arc::new(fault::Faults::seeded(seed)),
            calls: Arc::default(),
            keeper: Arc::default(),
        }
    }

    /// What keeps the changes of this world. Nothing, in a world that only lives.
    pub fn keeper(&self) -> Option<&Keeper> {
        self.keeper.get()
    }

    /// From now on, what changes is kept. To be said once, before the first call.
    pub fn keep_with(&self, keeper: Keeper) {
        // A second one is dropped: there is one world, and one place where it is kept.
        let _ = self.keeper.set(keeper);
    }

    /// What is held by calls, for who writes batches between them.
    pub(crate) fn calls(&self) -> Arc<RwLock<()>> {
        Arc::clone(&self.calls)
    }

    /// Held by a call while it runs: what all states are at one moment is seen between calls.
    pub(crate) fn call(&self) -> RwLockReadGuard<'_, ()> {
        self.calls.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held by who wants all states at one moment.
    pub(crate) fn between_calls(&self) -> RwLockWriteGuard<'_, ()> {
        self.calls.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a state was forgotten.
    pub(crate) fn note_gone(&self, service: &str, scope: &Scope) {
        if let Some(keeper) = self.keeper() {
            let path = store::path_of_state(service, scope);
            keeper.note(vec![Record { path: path.trim_end_matches('/').to_owned(), value: None }]);
        }
    }

    /// Notes what has changed in a state that is still held; `keep` goes through it.
    pub fn note(&self, service: &str, scope: &Scope, keep: impl FnOnce(&mut Book<'_>)) {
        let Some(keeper) = self.keeper() else { return keep(&mut Book::forgetting()) };
        let mut records = Vec::new();
        keep(&mut Book::of_changes(store::path_of_state(service, scope), &mut records));
        keeper.note(records);
    }
}
