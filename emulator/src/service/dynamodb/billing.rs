//! How a table's reads and writes are paid for: on demand, or by provisioned units.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account_limits::limit_exceeded;
use super::throughput::{Throughput, Units};
use crate::kernel::{ApiError, Timestamp};

/// "You can switch tables from provisioned capacity to on-demand mode up to four times in a 24-hour rolling window."
const SWITCHES_MAX: usize = 4;
const SWITCHES_WINDOW: Duration = Duration::from_hours(24);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    #[default]
    PayPerRequest,
    Provisioned,
}

impl Mode {
    pub fn parse(name: &str) -> Self {
        if name == "PAY_PER_REQUEST" { Self::PayPerRequest } else { Self::Provisioned }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::PayPerRequest => "PAY_PER_REQUEST",
            Self::Provisioned => "PROVISIONED",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Billing {
    pub mode: Mode,
    /// Of zero units while the table is on demand.
    pub throughput: Throughput,
    /// When it last became on demand, if ever.
    on_demand_since: Option<Timestamp>,
    /// The changes to on demand that still count.
    switches: Vec<Timestamp>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BillingModeSummary {
    billing_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_update_to_pay_per_request_date_time: Option<Timestamp>,
}

impl Billing {
    pub fn on_demand(now: Timestamp) -> Self {
        Self {
            mode: Mode::PayPerRequest,
            throughput: Throughput::default(),
            on_demand_since: Some(now),
            switches: Vec::new(),
        }
    }

    pub fn provisioned(units: Units) -> Self {
        Self {
            mode: Mode::Provisioned,
            throughput: Throughput::new(units),
            on_demand_since: None,
            switches: Vec::new(),
        }
    }

    /// Assumed: the words that AWS had when one switch a day was allowed.
    pub fn check_switch_to_on_demand(&self, now: Timestamp) -> Result<(), ApiError> {
        let recent: Vec<_> = self.switches.iter().filter(|at| **at + SWITCHES_WINDOW > now).collect();
        let (Some(first), Some(last)) = (recent.first(), recent.last()) else { return Ok(()) };
        if recent.len() < SWITCHES_MAX {
            return Ok(());
        }
        let next = **first + SWITCHES_WINDOW;
        Err(limit_exceeded(format!(
            "Update to PayPerRequest mode are limited to {SWITCHES_MAX} times in 1 day(s). Last update at {}. Next \
             update can be made at {}.",
            short(**last),
            short(next)
        )))
    }

    pub fn switch_to_on_demand(&mut self, now: Timestamp) {
        self.mode = Mode::PayPerRequest;
        self.throughput.units = Units::default();
        self.on_demand_since = Some(now);
        self.switches.retain(|at| *at + SWITCHES_WINDOW > now);
        self.switches.push(now);
    }

    pub fn switch_to_provisioned(&mut self, units: Units) {
        self.mode = Mode::Provisioned;
        self.throughput.units = units;
    }

    /// AWS says nothing of a table that was never on demand.
    pub fn summary(&self) -> Option<BillingModeSummary> {
        self.on_demand_since.map(|since| BillingModeSummary {
            billing_mode: self.mode.name(),
            last_update_to_pay_per_request_date_time: Some(since),
        })
    }
}

/// `Sat Feb 23 03:07:45 UTC 2019`.
fn short(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a %b %d %H:%M:%S UTC %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_on_demand_four_times_a_day() {
        let start = Timestamp::from_secs(1_767_225_600);
        let mut billing = Billing::provisioned(Units { read: 1, write: 1 });
        assert!(billing.summary().is_none());
        for hour in 0..4 {
            let now = start + Duration::from_hours(hour);
            billing.check_switch_to_on_demand(now).unwrap();
            billing.switch_to_on_demand(now);
            billing.switch_to_provisioned(Units { read: 1, write: 1 });
        }
        let refusal = billing.check_switch_to_on_demand(start + Duration::from_hours(23)).unwrap_err();
        assert_eq!(
            refusal.message,
            "Subscriber limit exceeded: Update to PayPerRequest mode are limited to 4 times in 1 day(s). Last update \
             at Thu Jan 01 03:00:00 UTC 2026. Next update can be made at Fri Jan 02 00:00:00 UTC 2026."
        );
        billing.check_switch_to_on_demand(start + Duration::from_hours(24)).unwrap();
    }
}
