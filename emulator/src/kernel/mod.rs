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
pub mod later;
pub mod live;
pub mod mishap;
pub mod opaque;
pub mod operation;
pub mod progress;
pub mod realm;
pub mod scope;
pub mod timeline;
pub mod timestamp;
pub mod world;

use std::sync::Arc;

pub use answer::{Answer, Body, End, Frame, Frames, Reply};
pub use arn::Arn;
pub use call::Call;
pub use cell::Cell;
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
}

impl Kernel {
    pub fn new(clock: Clock, seed: u64) -> Self {
        Self {
            timeline: Arc::new(Timeline::new(clock.now())),
            clock,
            ids: Arc::new(Ids::seeded(seed)),
            faults: Arc::new(fault::Faults::seeded(seed)),
        }
    }
}
