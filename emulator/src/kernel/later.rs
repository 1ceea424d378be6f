//! Answers that are not known yet: of a call that waits for something to come.
//!
//! Nothing waits with a state borrowed. Who awaits something looks for it, borrows
//! its state for as long as it looks, and says until when there is nothing;
//! whoever brings it wakes all that wait. The gateway waits in between, on the
//! clock. A caller that leaves is not looked for any more, and so misses nothing
//! that it could have taken with it.

use std::fmt;
use std::sync::Arc;

use tokio::sync::Notify;

use super::operation::Encode;
use super::{ApiError, Call, Timestamp};

/// What a call waits for.
pub trait Awaited: Send {
    /// What there is now. `call` is the call that waits, at the moment of this look.
    fn look(&mut self, call: &mut Call<'_>) -> Result<Look, ApiError>;

    /// Nobody can wait any longer: the next look answers with what there is.
    fn hurry(&mut self);

    /// Wakes all who wait when it is worth looking again.
    fn woken(&self) -> Arc<Notify>;
}

/// What a look finds.
pub enum Look {
    Found(Box<dyn Encode>),
    /// Nothing before this moment, unless it is woken.
    Wait(Timestamp),
}

/// An answer that is awaited.
pub struct Later(pub Box<dyn Awaited>);

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Later")
    }
}
