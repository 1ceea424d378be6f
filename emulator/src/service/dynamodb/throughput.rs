//! Provisioned throughput: units, what AWS remembers of their changes, and the limits of these.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
//!
//! A table's throughput and that of a global secondary index follow the same rules.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account_limits::limit_exceeded;
use crate::kernel::{ApiError, Timestamp, Violations};

/// "four decreases per day ... An additional decrease if no decrease occurred in the last hour".
const DECREASES_A_DAY: i64 = 4;
const BETWEEN_FURTHER_DECREASES: Duration = Duration::from_hours(1);
const DAY_SECONDS: i64 = 24 * 60 * 60;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    pub read: i64,
    pub write: i64,
}

/// The member `ProvisionedThroughput` of a request.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenThroughput {
    read_capacity_units: Option<i64>,
    write_capacity_units: Option<i64>,
}

impl GivenThroughput {
    /// AWS names the write units first.
    pub fn check(&self, violations: &mut Violations, member: &str) {
        for (name, units) in
            [("writeCapacityUnits", self.write_capacity_units), ("readCapacityUnits", self.read_capacity_units)]
        {
            let member = format!("{member}.{name}");
            violations.required(&member, &units);
            violations.range(&member, units.unwrap_or(1), 1, i64::MAX);
        }
    }

    /// Both units, which are there once checked.
    pub fn units(&self) -> Option<Units> {
        let (read, write) = self.read_capacity_units.zip(self.write_capacity_units)?;
        Some(Units { read, write })
    }
}

/// Units with the history of their changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Throughput {
    pub units: Units,
    last_increase: Option<Timestamp>,
    last_decrease: Option<Timestamp>,
    /// On the UTC day of the last one.
    decreases: i64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ThroughputDescription {
    #[serde(skip_serializing_if = "Option::is_none")]
    last_increase_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_decrease_date_time: Option<Timestamp>,
    number_of_decreases_today: i64,
    read_capacity_units: i64,
    write_capacity_units: i64,
}

impl Throughput {
    pub fn new(units: Units) -> Self {
        Self { units, ..Self::default() }
    }

    /// Refuses a decrease that comes too soon after others.
    pub fn check_change(&self, to: Units, now: Timestamp) -> Result<(), ApiError> {
        let Some(last) = self.last_decrease.filter(|_| self.decreases_by(to)) else { return Ok(()) };
        let (today, next) = (self.decreases_today(now), last + BETWEEN_FURTHER_DECREASES);
        if today < DECREASES_A_DAY || now >= next {
            return Ok(());
        }
        Err(limit_exceeded(format!(
            "Provisioned throughput decreases are limited within a given UTC day. After the first {DECREASES_A_DAY} \
             decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. \
             Number of decreases today: {today}. Last decrease at {}. Next decrease can be made at {}",
            in_words(last),
            in_words(next)
        )))
    }

    /// Both in one change count once each.
    pub fn change(&mut self, to: Units, now: Timestamp) {
        if to.read > self.units.read || to.write > self.units.write {
            self.last_increase = Some(now);
        }
        if self.decreases_by(to) {
            self.decreases = self.decreases_today(now) + 1;
            self.last_decrease = Some(now);
        }
        self.units = to;
    }

    pub fn describe(&self, now: Timestamp) -> ThroughputDescription {
        ThroughputDescription {
            last_increase_date_time: self.last_increase,
            last_decrease_date_time: self.last_decrease,
            number_of_decreases_today: self.decreases_today(now),
            read_capacity_units: self.units.read,
            write_capacity_units: self.units.write,
        }
    }

    fn decreases_by(&self, to: Units) -> bool {
        to.read < self.units.read || to.write < self.units.write
    }

    fn decreases_today(&self, now: Timestamp) -> i64 {
        let day = |at: Timestamp| at.as_secs().div_euclid(DAY_SECONDS);
        self.last_decrease.filter(|last| day(*last) == day(now)).map_or(0, |_| self.decreases)
    }
}

/// `Friday, October 9, 2026 at 12:21:34 AM Coordinated Universal Time`, as AWS writes moments here.
fn in_words(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let moment = moment.to_zoned(jiff::tz::TimeZone::UTC);
    moment.strftime("%A, %B %-d, %Y at %-I:%M:%S %p Coordinated Universal Time").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_767_225_600); // 2026-01-01T00:00:00Z, a Thursday

    fn units(read: i64, write: i64) -> Units {
        Units { read, write }
    }

    #[test]
    fn four_decreases_a_day_are_free_and_then_one_an_hour() {
        let mut throughput = Throughput::new(units(10, 10));
        for read in [9, 8, 7, 6] {
            throughput.check_change(units(read, 10), NOW).unwrap();
            throughput.change(units(read, 10), NOW);
        }
        let refusal = throughput.check_change(units(5, 10), NOW + Duration::from_secs(3599)).unwrap_err();
        assert_eq!(refusal.code, "LimitExceededException");
        assert_eq!(
            refusal.message,
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After \
             the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every \
             3600 seconds. Number of decreases today: 4. Last decrease at Thursday, January 1, 2026 at 12:00:00 AM \
             Coordinated Universal Time. Next decrease can be made at Thursday, January 1, 2026 at 1:00:00 AM \
             Coordinated Universal Time"
        );
        throughput.check_change(units(60, 10), NOW).expect("an increase is no decrease");
        throughput.check_change(units(5, 10), NOW + Duration::from_hours(1)).expect("an hour has passed");
        let tomorrow = NOW + Duration::from_hours(24);
        throughput.change(units(5, 10), tomorrow);
        assert_eq!(throughput.describe(tomorrow).number_of_decreases_today, 1);
    }

    #[test]
    fn a_change_up_and_down_counts_as_both() {
        let mut throughput = Throughput::new(units(1, 5));
        throughput.change(units(2, 4), NOW);
        let described = throughput.describe(NOW);
        assert_eq!(described.last_increase_date_time, Some(NOW));
        assert_eq!(described.last_decrease_date_time, Some(NOW));
        assert_eq!(described.number_of_decreases_today, 1);
    }
}
