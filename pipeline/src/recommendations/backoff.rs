//! The waits between our own retries: doubling, up to a limit.
//!
//! There is no jitter, unlike in the SDK's retries: one worker waits for one shard or one model, not a fleet for the
//! same moment.

use std::time::Duration;

use super::settings::Settings;

pub struct Backoff {
    next: Duration,
    max: Duration,
}

impl Backoff {
    pub fn new(settings: &Settings) -> Self {
        Self { next: settings.retry_backoff.min(settings.retry_backoff_max), max: settings.retry_backoff_max }
    }

    /// How long to wait before the next try.
    pub fn step(&mut self) -> Duration {
        let wait = self.next;
        self.next = self.next.saturating_mul(2).min(self.max);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit() {
        let settings = Settings {
            retry_backoff: Duration::from_millis(200),
            retry_backoff_max: Duration::from_secs(1),
            ..Settings::default()
        };
        let mut backoff = Backoff::new(&settings);
        let waits: Vec<u128> = (0..5).map(|_| backoff.step().as_millis()).collect();
        assert_eq!(waits, [200, 400, 800, 1000, 1000]);
    }
}
