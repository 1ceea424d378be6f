//! Time on a stage: virtual in process; over a socket, a clock of our own that
//! moves in step with the server's.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use http::Method;
use rehearsal_emulator::kernel::{Clock, Timestamp, World, duration};
use serde_json::{Value, json};

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
/// Further apart, the two clocks were not moved by us alone: answers take less time than this.
const APART_MAX: Duration = Duration::from_secs(2);
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

    /// Moves time forward. Says so if it cannot. Where a pipeline plays here, its timeouts must fall due in step with
    /// what falls due on the server; nobody else here waits for anything.
    pub async fn advance(&self, by: Duration, for_pipeline: bool) -> Result<Option<&'static str>, String> {
        match self {
            Time::Virtual(world) => world.advance(by).await,
            Time::Mirrored { clock, door } => {
                advance_both(clock, door, by, if for_pipeline { STEPS_MAX } else { 1 }).await?;
            }
            Time::Real => return Ok(Some("`advance` is skipped: nobody moves the clock of AWS")),
        }
        Ok(None)
    }
}

/// Moves the pipeline's clock and the server's in small steps, each settled before the next.
async fn advance_both(clock: &Clock, door: &Door, by: Duration, steps_max: u32) -> Result<(), String> {
    let steps = u32::try_from(by.as_millis() / STEP.as_millis()).unwrap_or(u32::MAX).clamp(1, steps_max);
    let target = clock.now() + by;
    let step = by / steps;
    while clock.now() < target {
        let ahead = step.min(target.since(clock.now()));
        let body = json!({ "by": duration::format(ahead), "quiet": true }).to_string();
        let time = door.admin(Method::POST, "clock/advance", body).await?;
        clock.jump_to(clock.now() + ahead);
        in_step(clock, time.get("epoch_ms").and_then(Value::as_i64))?;
        clock.settle().await;
    }
    Ok(())
}

/// There is one clock for all who use a server. If another moves it, timeouts here
/// and TTLs there would fall apart, and the scenario fail for no reason of its own.
fn in_step(clock: &Clock, server_ms: Option<i64>) -> Result<(), String> {
    let Some(server) = server_ms.map(Timestamp::from_millis) else { return Ok(()) };
    let ahead = server.since(clock.now());
    if ahead <= APART_MAX {
        return Ok(());
    }
    Err(format!(
        "the server's clock is {} ahead of this run: somebody else moves it; play scenarios one after another, or \
         against a `rehearsal serve` each",
        duration::format(ahead)
    ))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_somebody_else_moves_is_told() {
        let clock = Clock::fitting_the_runtime();
        let now = clock.now().as_millis();
        assert_eq!(in_step(&clock, Some(now + 1_000)), Ok(()));
        assert_eq!(in_step(&clock, None), Ok(()));
        let why = in_step(&clock, Some(now + 7_200_000)).expect_err("two hours are no delay");
        assert!(why.contains("2h ahead") && why.contains("somebody else moves it"), "{why}");
    }
}
