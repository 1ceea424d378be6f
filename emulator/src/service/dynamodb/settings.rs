//! What a test may choose about the service's timing.

use std::time::Duration;

/// How long after its expiry an item is swept.
///
/// AWS: "typically within a few days"; here minutes of the clock, so that a
/// test sees both sides of the sweep without a week of virtual time.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepLag {
    /// At the second of expiry.
    Immediate,
    /// Drawn for each write from the seed, at least the first and at most the second.
    Between(Duration, Duration),
}

const TRANSITION: Duration = Duration::from_millis(200);
const SHARD_LIFETIME: Duration = Duration::from_hours(4);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    pub sweep_lag: SweepLag,
    /// How long a table is CREATING, and how long DELETING. AWS takes seconds;
    /// this is long enough to be seen and short enough not to be waited for.
    pub transition: Duration,
    /// How long a shard of a stream takes records before a child takes over. AWS: about four hours.
    pub shard_lifetime: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sweep_lag: SweepLag::Between(Duration::from_mins(1), Duration::from_mins(10)),
            transition: TRANSITION,
            shard_lifetime: SHARD_LIFETIME,
        }
    }
}
