//! Time on a stage: virtual in process; over a socket, a clock of our own that
//! moves in step with the server's.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use http::Method;
use rehearsal_emulator::kernel::{Clock, Timestamp, World, duration};
use serde_json::json;

use super::door::Door;

/// Who keeps the time.
pub enum Time {
    /// The emulator of this process, on a paused runtime.
    Virtual(Arc<World>),
    /// An emulator behind a socket. The pipeline here runs by `clock`, so that
    /// its timeouts move with the server's time.
    Mirrored { clock: Clock, door: Door },
    /// Nobody we could ask: real AWS.
    Real,
}

/// A step of a mirrored advance is about this long: finer than any timeout worth rehearsing.
const STEP: Duration = Duration::from_millis(200);
/// A long advance is cut into at most this many steps.
const STEPS_MAX: u32 = 300;

impl Time {
    pub fn now(&self) -> SystemTime {
        match self {
            Time::Virtual(world) => system_time(world.kernel.clock.now()),
            Time::Mirrored { clock, .. } => system_time(clock.now()),
            Time::Real => system_time(rehearsal_emulator::kernel::clock::machine_time()),
        }
    }

    /// Moves time forward. Says so if it cannot.
    pub async fn advance(&self, by: Duration) -> Result<Option<&'static str>, String> {
        match self {
            Time::Virtual(world) => world.advance(by).await,
            Time::Mirrored { clock, door } => advance_both(clock, door, by).await?,
            Time::Real => return Ok(Some("`advance` is skipped: nobody moves the clock of AWS")),
        }
        Ok(None)
    }
}

/// Moves the pipeline's clock and the server's in small steps, each settled before the next.
async fn advance_both(clock: &Clock, door: &Door, by: Duration) -> Result<(), String> {
    let steps = u32::try_from(by.as_millis() / STEP.as_millis()).unwrap_or(u32::MAX).clamp(1, STEPS_MAX);
    let target = clock.now() + by;
    let step = by / steps;
    while clock.now() < target {
        let ahead = step.min(target.since(clock.now()));
        let body = json!({ "by": duration::format(ahead), "quiet": true }).to_string();
        door.admin(Method::POST, "clock/advance", body).await?;
        clock.jump_to(clock.now() + ahead);
        clock.settle().await;
    }
    Ok(())
}

pub fn system_time(moment: Timestamp) -> SystemTime {
    std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(moment.as_millis()).unwrap_or(0))
}

/// A clock as the SDK's source of time and sleep.
#[derive(Clone)]
pub struct SdkClock(pub Clock);

impl std::fmt::Debug for SdkClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SdkClock")
    }
}

impl TimeSource for SdkClock {
    fn now(&self) -> SystemTime {
        system_time(self.0.now())
    }
}

impl AsyncSleep for SdkClock {
    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.0.clone();
        Sleep::new(async move { clock.sleep(duration).await })
    }
}
