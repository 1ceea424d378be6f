//! What a table can take at once. It grows by request or with the provisioned units, and never shrinks.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html>

use serde::{Deserialize, Serialize};

use super::account_limits;
use super::billing::{Billing, Mode};
use super::due::Due;
use super::members::invalid;
use super::throughput::Units;
use crate::kernel::{ApiError, Scope};

/// "newly created on-demand tables will be able to serve up to 4,000 writes and 12,000 reads per second".
const ON_DEMAND: Units = Units { read: 12_000, write: 4_000 };
const INITIAL_DOC: &str = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial";
const STRUCTURE: &str = "WarmThroughput";

/// The member of a request.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenWarmThroughput {
    read_units_per_second: Option<i64>,
    write_units_per_second: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WarmThroughput {
    pub units: Units,
    /// What it is growing to.
    pub growing: Option<Due<Units>>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct WarmThroughputDescription {
    read_units_per_second: i64,
    write_units_per_second: i64,
    status: &'static str,
}

impl GivenWarmThroughput {
    pub fn is_empty(&self) -> bool {
        self.read_units_per_second.is_none() && self.write_units_per_second.is_none()
    }

    /// With the members that are not given taken from `current`.
    pub fn over(&self, current: Units) -> Units {
        Units {
            read: self.read_units_per_second.unwrap_or(current.read),
            write: self.write_units_per_second.unwrap_or(current.write),
        }
    }

    fn check(&self, least: Units, otherwise: impl Fn(&str) -> String, scope: &Scope) -> Result<(), ApiError> {
        for (name, capacity, given, least) in [
            ("ReadUnitsPerSecond", "ReadCapacityUnits", self.read_units_per_second, least.read),
            ("WriteUnitsPerSecond", "WriteCapacityUnits", self.write_units_per_second, least.write),
        ] {
            if given.is_some_and(|given| given < least) {
                let reason = otherwise(capacity);
                return Err(invalid(format_args!("Requested {name} for {STRUCTURE} for table is lower than {reason}")));
            }
            account_limits::check_member(name, STRUCTURE, given, scope)?;
        }
        Ok(())
    }
}

impl WarmThroughput {
    /// Of a new table: what was asked for, or what the billing gives.
    pub fn new(given: GivenWarmThroughput, billing: &Billing, scope: &Scope) -> Result<Self, ApiError> {
        let initial = initial(billing);
        let otherwise = |capacity: &str| match billing.mode {
            Mode::PayPerRequest => format!("initial throughput for OnDemand. See: {INITIAL_DOC}"),
            Mode::Provisioned => format!("{capacity} of ProvisionedThroughput"),
        };
        given.check(initial, otherwise, scope)?;
        Ok(Self { units: given.over(initial), growing: None })
    }

    pub fn check_change(&self, given: GivenWarmThroughput, scope: &Scope) -> Result<(), ApiError> {
        let otherwise = |_: &str| "current WarmThroughput, decreasing WarmThroughput is not supported".to_owned();
        given.check(self.units, otherwise, scope)
    }

    /// After a change of billing or units.
    pub fn keep_up_with(&mut self, billing: &Billing) {
        let least = initial(billing);
        self.units = Units { read: self.units.read.max(least.read), write: self.units.write.max(least.write) };
    }

    pub fn describe(&self) -> WarmThroughputDescription {
        WarmThroughputDescription {
            read_units_per_second: self.units.read,
            write_units_per_second: self.units.write,
            status: if self.growing.is_some() { "UPDATING" } else { "ACTIVE" },
        }
    }
}

fn initial(billing: &Billing) -> Units {
    match billing.mode {
        Mode::PayPerRequest => ON_DEMAND,
        Mode::Provisioned => billing.throughput.units,
    }
}
