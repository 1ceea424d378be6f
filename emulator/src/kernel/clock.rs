//! The one clock: everything in the emulator that waits or asks the time does it here.
//!
//! On a paused tokio runtime the clock is virtual for free: tokio jumps to the
//! next timer whenever nothing can run, ours and the SDK's alike. On a running
//! one it goes with real time plus an offset, and [`Clock::jump_to`] moves the
//! offset and wakes who is due. Whoever moves the clock does it through
//! [`super::World::advance`], which also does the work that falls due on the way.
#![allow(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use super::Timestamp;

/// Where virtual time starts: 2026-01-01T00:00:00Z.
pub const VIRTUAL_EPOCH: Timestamp = Timestamp::from_secs(1_767_225_600);

#[derive(Clone)]
pub struct Clock {
    inner: Arc<Inner>,
}

struct Inner {
    /// What the clock showed at `origin`, before any offset.
    epoch: Timestamp,
    origin: Instant,
    hands: Mutex<Hands>,
}

#[derive(Default)]
struct Hands {
    offset: Duration,
    sleepers: BTreeMap<Place, Waker>,
    sleepers_so_far: u64,
}

/// Of a sleeper in the queue: its deadline, and a number of its own.
type Place = (Timestamp, u64);

impl Clock {
    /// A clock that shows `epoch` now.
    pub fn starting_at(epoch: Timestamp) -> Self {
        let inner = Inner { epoch, origin: Instant::now(), hands: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// A clock that starts at [`VIRTUAL_EPOCH`] on a paused runtime, and with the machine's time elsewhere.
    pub fn fitting_the_runtime() -> Self {
        if runtime_is_paused() {
            return Self::starting_at(VIRTUAL_EPOCH);
        }
        Self::starting_at(machine_time())
    }

    pub fn now(&self) -> Timestamp {
        let offset = self.hands().offset;
        self.inner.shown(offset)
    }

    pub async fn sleep(&self, duration: Duration) {
        self.sleep_until(self.now() + duration).await;
    }

    pub async fn sleep_until(&self, deadline: Timestamp) {
        let mut timer = self.timer();
        poll_fn(|cx| timer.poll_until(deadline, cx)).await;
    }

    /// For who waits again and again.
    pub fn timer(&self) -> Timer {
        Timer { clock: self.clone(), place: None, sleep: None }
    }

    /// Waits until about `moment` without a place among the sleepers: for who is told of jumps in other ways.
    pub async fn wait_for(&self, moment: Timestamp) {
        tokio::time::sleep(moment.since(self.now())).await;
    }

    /// When the next sleeper is due.
    pub fn next_sleeper(&self) -> Option<Timestamp> {
        self.hands().sleepers.keys().next().map(|(deadline, _)| *deadline)
    }

    /// Moves the clock forward to `moment` (never back) and wakes the sleepers
    /// that are due by then. Returns how many it woke.
    pub fn jump_to(&self, moment: Timestamp) -> usize {
        let ahead = moment.since(self.now());
        let mut hands = self.hands();
        hands.offset = hands.offset.saturating_add(ahead);
        let later = hands.sleepers.split_off(&(moment + Duration::from_millis(1), 0));
        let due = std::mem::replace(&mut hands.sleepers, later);
        drop(hands);
        let woken = due.len();
        due.into_values().for_each(Waker::wake);
        woken
    }

    /// Lets every task that can run now run. On a real runtime this waits a
    /// moment for work on other threads and sockets.
    pub async fn settle(&self) {
        for _ in 0..256 {
            tokio::task::yield_now().await;
        }
        if !runtime_is_paused() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.inner.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// What the clock shows with this offset.
    fn shown(&self, offset: Duration) -> Timestamp {
        self.epoch + self.origin.elapsed().saturating_add(offset)
    }
}

/// Waits for one moment after the other: a place in the queue for who moves the clock, and one timer of tokio's.
pub struct Timer {
    clock: Clock,
    /// Given up when the moment has come, or by who drops this.
    place: Option<Place>,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// What a sleeper finds who looks at the clock.
enum Rest {
    /// Its moment has come.
    IsOver,
    GoesOn,
    /// It has taken a place in the queue.
    Begins(Duration),
}

impl Timer {
    /// Ready once the clock shows `deadline`.
    pub fn poll_until(&mut self, deadline: Timestamp, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            match (self.look(deadline, cx.waker()), &mut self.sleep) {
                (Rest::IsOver, _) => return Poll::Ready(()),
                (Rest::GoesOn, _) => {}
                (Rest::Begins(left), Some(sleep)) => sleep.as_mut().reset(Instant::now() + left),
                (Rest::Begins(left), none) => *none = Some(Box::pin(tokio::time::sleep(left))),
            }
            if let Some(sleep) = &mut self.sleep {
                ready!(sleep.as_mut().poll(cx));
            }
            self.get_up();
        }
    }

    fn look(&mut self, deadline: Timestamp, waker: &Waker) -> Rest {
        let mut hands = self.clock.hands();
        let known = self.place.filter(|(known, _)| *known == deadline);
        let now = self.clock.inner.shown(hands.offset);
        if now < deadline
            && let Some(sleeper) = known.and_then(|place| hands.sleepers.get_mut(&place))
        {
            sleeper.clone_from(waker);
            return Rest::GoesOn;
        }
        if let Some(place) = self.place.take() {
            hands.sleepers.remove(&place);
        }
        if now >= deadline {
            return Rest::IsOver;
        }
        hands.sleepers_so_far += 1;
        let place = (deadline, hands.sleepers_so_far);
        hands.sleepers.insert(place, waker.clone());
        self.place = Some(place);
        Rest::Begins(deadline.since(now))
    }

    /// Gives up its place.
    fn get_up(&mut self) {
        if let Some(place) = self.place.take() {
            self.clock.hands().sleepers.remove(&place);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.get_up();
    }
}

/// The machine's own time, for what must be real: the clock of a server at its
/// start and the HTTP `Date` header, which SDKs re-sign by.
pub fn machine_time() -> Timestamp {
    Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
}

/// Whether tokio's clock is paused. tokio does not tell, but a paused clock
/// stands still while the machine's moves on.
pub fn runtime_is_paused() -> bool {
    let (paused, real) = (Instant::now(), std::time::Instant::now());
    while real.elapsed() < Duration::from_micros(2) {
        std::hint::spin_loop();
    }
    paused.elapsed().is_zero()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn on_a_paused_runtime_a_day_of_sleep_costs_nothing() {
        let clock = Clock::fitting_the_runtime();
        assert_eq!(clock.now(), VIRTUAL_EPOCH);
        clock.sleep(Duration::from_hours(24)).await;
        assert_eq!(clock.now(), VIRTUAL_EPOCH + Duration::from_hours(24));
    }

    #[tokio::test]
    async fn on_a_running_one_a_jump_wakes_who_is_due_and_nobody_else() {
        let clock = Clock::fitting_the_runtime();
        let (hour, day) = (clock.now() + Duration::from_hours(1), clock.now() + Duration::from_hours(24));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(hour).await }
        });
        let late = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(day).await }
        });
        tokio::task::yield_now().await;
        assert_eq!(clock.next_sleeper(), Some(hour));
        assert_eq!(clock.jump_to(hour), 1);
        sleeper.await.unwrap();
        assert!(!late.is_finished());
        assert_eq!(clock.next_sleeper(), Some(day));
        late.abort();
    }
}
