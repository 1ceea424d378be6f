//! What a call meets in its service besides what it asks for.
//!
//! Made of a fault's verdict by the gateway. A service knows no faults: to it,
//! an item is held by another transaction, throughput gives out halfway through
//! a batch, a copy of its data lags behind, or a reader starts over from an older place.

use std::time::Duration;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Another transaction holds an item that this call is about.
    pub conflict: bool,
    /// There is no throughput for this call.
    pub throttled: bool,
    /// So many parts of a batch are left undone for want of throughput.
    pub unprocessed: usize,
    /// What is not read consistently is as it stood this long ago; what is read from a stream is older than that.
    pub stale: Option<Duration>,
    /// So many parts of a batch fail for no reason of the caller's.
    pub internal_failures: usize,
    /// So many records or messages that a reader has left behind are given to it again.
    pub repeated: u64,
    /// What comes in no certain order comes in one that is drawn from the seed.
    pub reordered: bool,
    /// The iterator or token has passed its time.
    pub expired: bool,
}
