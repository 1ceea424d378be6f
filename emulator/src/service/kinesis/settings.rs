//! What a test may choose about the service's timing and limits.

use std::time::Duration;

/// On AWS it is seconds to minutes. Long enough that a program which forgets to
/// wait is refused as on AWS, short enough that nobody waits for it.
const TRANSITION: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a stream or a consumer is CREATING, UPDATING or DELETING.
    pub transition: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { transition: TRANSITION }
    }
}
