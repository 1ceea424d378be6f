//! How often an API destination is called: up to its rate at once, and then steadily.
//!
//! AWS: "The maximum number of invocations per second to allow for this destination." What comes too early is given a
//! moment of its own, so that a thousand events that wait are looked at twice each and not a thousand times.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::kernel::Timestamp;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Default)]
pub struct Pace {
    /// How much of the coming time is given away, in nanoseconds from `since`.
    given_away: u128,
    since: Timestamp,
    /// How many may come at each moment.
    promised: BTreeMap<Timestamp, u32>,
}

impl Pace {
    /// Nothing if the call may be made now, else the moment for it.
    pub fn wait(&mut self, rate: u32, now: Timestamp) -> Option<Timestamp> {
        if let Some(mut first) = self.promised.first_entry().filter(|first| *first.key() <= now) {
            *first.get_mut() -= 1;
            if *first.get() == 0 {
                first.remove();
            }
            return None;
        }
        let passed = now.since(self.since).as_nanos();
        self.given_away = self.given_away.saturating_sub(passed);
        self.since = now;
        let share = SECOND.as_nanos() / u128::from(rate.max(1));
        self.given_away += share;
        let over = self.given_away.saturating_sub(SECOND.as_nanos());
        if over == 0 {
            return None;
        }
        let moment = now + Duration::from_millis(u64::try_from(over.div_ceil(1_000_000)).unwrap_or(u64::MAX));
        *self.promised.entry(moment).or_default() += 1;
        Some(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_come_at_the_rate_and_as_many_at_once() {
        let (mut pace, start) = (Pace::default(), Timestamp::from_secs(1_000));
        let millis = |moment: Option<Timestamp>| moment.map(|moment| moment.as_millis() - start.as_millis());
        let first: Vec<_> = (0..5).map(|_| millis(pace.wait(2, start))).collect();
        assert_eq!(first, [None, None, Some(500), Some(1000), Some(1500)]);
        // Those that were promised a moment come then, and are not counted again.
        for after in [500, 1000, 1500] {
            assert_eq!(pace.wait(2, start + Duration::from_millis(after)), None, "{after}");
        }
        assert_eq!(millis(pace.wait(2, start + Duration::from_millis(1500))), Some(2000));
        assert_eq!(pace.wait(2, start + Duration::from_secs(60)), None, "the promised one, late");
        let later: Vec<_> = (0..3).map(|_| pace.wait(2, start + Duration::from_secs(60)).is_some()).collect();
        assert_eq!(later, [false, false, true]);
    }
}
