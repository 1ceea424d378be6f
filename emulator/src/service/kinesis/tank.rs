//! A rate on the clock: a tank that holds one second's worth and refills steadily.
//!
//! AWS describes its limits so: "think of your stream's write capacity as a tank
//! that refills at a steady rate".
//! <https://docs.aws.amazon.com/streams/latest/dev/large-records.html>
//!
//! A window that begins anew every second would do as well, but what it lets
//! through depends on where its edges fall. A tank knows only what was taken and
//! when: the same burst meets the same refusals whenever it comes. assumed: the
//! size of the tank, one second's worth.

use std::time::Duration;

use crate::kernel::Timestamp;

/// What a unit of the limit is counted in, so that refilling is exact at every millisecond.
const PARTS: i64 = 1000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tank {
    per_second: i64,
    /// What it holds, in thousandths; what is owed, below zero.
    level: i64,
    filled: Timestamp,
}

impl Tank {
    pub fn full(per_second: u32, now: Timestamp) -> Self {
        let per_second = i64::from(per_second);
        Self { per_second, level: per_second * PARTS, filled: now }
    }

    /// Whether so much can be taken. More than it can ever hold is given by a
    /// full tank, and owed: that is how a record of 10 MiB passes at 1 MiB a second.
    pub fn holds(&mut self, amount: usize, now: Timestamp) -> bool {
        self.refill(now);
        self.level >= parts(amount).min(self.per_second * PARTS)
    }

    /// Takes what it [holds](Self::holds).
    pub fn take(&mut self, amount: usize) {
        self.level = self.level.saturating_sub(parts(amount));
    }

    /// Whether nothing is owed: how what is not known beforehand is admitted.
    pub fn is_open(&mut self, now: Timestamp) -> bool {
        self.refill(now);
        self.level >= 0
    }

    /// Takes what was not known beforehand. What empties the tank is owed whole:
    /// after 10 MiB at 2 MiB a second it is closed for 5 seconds, as AWS
    /// documents it for GetRecords.
    pub fn drain(&mut self, amount: usize) {
        let amount = parts(amount);
        self.level = if amount < self.level { self.level - amount } else { -amount };
    }

    /// When it is open again: now, if it is. For what is sent as fast as the rate allows.
    pub fn opens(&self) -> Timestamp {
        let owed = u64::try_from(self.level.saturating_neg()).unwrap_or(0);
        self.filled + Duration::from_millis(owed.div_ceil(self.per_second.unsigned_abs()))
    }

    /// Whether it is as a new one.
    pub fn is_full(&mut self, now: Timestamp) -> bool {
        self.refill(now);
        self.level == self.per_second * PARTS
    }

    fn refill(&mut self, now: Timestamp) {
        let millis = i64::try_from(now.since(self.filled).as_millis()).unwrap_or(i64::MAX);
        // A thousandth for each unit a second and millisecond.
        let gained = millis.saturating_mul(self.per_second);
        self.level = self.level.saturating_add(gained).min(self.per_second * PARTS);
        self.filled = self.filled.max(now);
    }
}

fn parts(amount: usize) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX).saturating_mul(PARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    /// Asks for `amount` at each moment; says which were given.
    fn given(per_second: u32, asked: &[(i64, usize)]) -> Vec<bool> {
        let mut tank = Tank::full(per_second, at(0));
        let mut take = |(moment, amount): &(i64, usize)| {
            let holds = tank.holds(*amount, at(*moment));
            if holds {
                tank.take(*amount);
            }
            holds
        };
        asked.iter().map(&mut take).collect()
    }

    #[test]
    fn a_tank_gives_a_seconds_worth_at_once_and_then_its_rate() {
        let (yes, no) = (true, false);
        for (per_second, asked, expected) in [
            (5, vec![(0, 1); 7], vec![yes, yes, yes, yes, yes, no, no]),
            (1, vec![(0, 1), (999, 1), (1000, 1), (1999, 1), (2000, 1)], vec![yes, no, yes, no, yes]),
            (5, vec![(0, 5), (199, 1), (200, 1), (200, 1), (400, 1)], vec![yes, no, yes, no, yes]),
            // An hour of rest fills it once, not more.
            (5, vec![(0, 5), (3_600_000, 5), (3_600_000, 1)], vec![yes, yes, no]),
            // What is refused takes nothing.
            (10, vec![(0, 6), (0, 6), (0, 4), (0, 1)], vec![yes, no, yes, no]),
            // More than it holds passes when it is full, and is paid for at the rate.
            (10, vec![(0, 100), (9000, 1), (9099, 1), (9100, 1)], vec![yes, no, no, yes]),
            (10, vec![(0, 1), (0, 100), (99, 100), (100, 100)], vec![yes, no, no, yes]),
            // A clock that was read earlier changes nothing.
            (5, vec![(1000, 5), (500, 1), (1199, 1), (1200, 1)], vec![yes, no, no, yes]),
            (1, vec![(0, usize::MAX), (1_000_000, 1)], vec![yes, no]),
        ] {
            assert_eq!(given(per_second, &asked), expected, "{per_second} a second, {asked:?}");
        }
    }

    #[test]
    fn what_a_read_takes_beyond_the_tank_is_owed_whole() {
        let mib = 1 << 20;
        for (reads, opens) in [
            (vec![(0, 0)], 0),
            (vec![(0, mib)], 0),
            (vec![(0, 2 * mib)], 1000),
            (vec![(0, 10 * mib)], 5000),
            (vec![(0, 3 * mib)], 1500),
            (vec![(0, mib), (0, mib)], 500),
            (vec![(0, mib), (0, mib + 1)], 501),
            (vec![(0, 2 * mib), (1000, 2 * mib)], 2000),
            (vec![(0, mib), (500, mib)], 500),
        ] {
            let mut tank = Tank::full(2 << 20, at(0));
            for (moment, bytes) in &reads {
                assert!(tank.is_open(at(*moment)), "{reads:?}");
                tank.drain(*bytes);
            }
            assert_eq!(tank.opens(), at(opens), "{reads:?}");
            let last = reads.last().map_or(0, |(moment, _)| *moment);
            assert!(opens <= last || !tank.is_open(at(opens - 1)), "{reads:?}");
            assert!(tank.is_open(at(opens)), "{reads:?}");
        }
    }

    #[test]
    fn a_tank_is_full_when_all_that_was_taken_is_back() {
        let mut tank = Tank::full(5, at(0));
        tank.take(2);
        assert!(!tank.is_full(at(399)));
        assert!(tank.is_full(at(400)));
    }
}
