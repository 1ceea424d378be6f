//! What a call meets in its service besides what it asks for.
//!
//! Made of a fault's verdict by the gateway. A service knows no faults: to it,
//! an item is held by another transaction, throughput gives out halfway through
//! a batch, or a copy of its data lags behind.

use std::time::Duration;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Another transaction holds an item that this call is about.
    pub conflict: bool,
    /// So many parts of a batch, its last ones, are left undone.
    pub unprocessed: usize,
    /// What is not read consistently is as it stood this long ago.
    pub stale: Option<Duration>,
}
