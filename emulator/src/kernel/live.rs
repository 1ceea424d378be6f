//! Bodies that go on: frames of a state that changes while the caller listens.
//!
//! Nothing waits with a state borrowed. A feed is asked what it has now, borrows
//! its state for as long as it looks, and says until when there is nothing more;
//! whoever changes what it follows wakes it. The gateway waits in between, on the
//! clock, and a body that is dropped takes its feed with it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Notify;

use super::fault::Cut;
use super::{Call, End, Timestamp};

/// Where the frames of a live body come from.
pub trait Feed: Send {
    /// What there is now. `call` is the call that the body answers, at the moment of this look.
    fn next(&mut self, call: &mut Call<'_>) -> Next;

    /// Notified when it is worth looking again.
    fn woken(&self) -> Arc<Notify>;
}

/// What a feed has for the one who asks.
#[derive(Debug)]
pub enum Next {
    Frame(Bytes),
    /// Nothing before this moment, unless it is woken.
    Wait(Timestamp),
    End(End),
}

/// A feed, and what a fault does to it.
pub struct Live {
    pub feed: Box<dyn Feed>,
    /// The connection breaks after this much.
    pub cut: Option<Cut>,
}

impl Live {
    pub fn new(feed: impl Feed + 'static) -> Self {
        Self { feed: Box::new(feed), cut: None }
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("cut", &self.cut).finish_non_exhaustive()
    }
}
