//! The most that a table on demand takes a second, where it has such a bound.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html>

use serde::{Deserialize, Serialize};

use super::account_limits;
use super::billing::Mode;
use super::members::invalid;
use crate::kernel::{ApiError, Scope};

/// The member as requests, answers and tables have it. A request's -1 takes a bound away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OnDemandThroughput {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_read_request_units: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_write_request_units: Option<i64>,
}

const NO_BOUND: i64 = -1;
const STRUCTURE: &str = "OnDemandThroughput";

impl OnDemandThroughput {
    pub fn is_empty(&self) -> bool {
        self.members().iter().all(|(_, units)| units.is_none())
    }

    /// Of a table that is created. AWS's two sentences about the billing mode differ by an article and a full stop.
    pub fn check_new(&self, mode: Mode, scope: &Scope) -> Result<(), ApiError> {
        self.check(mode, scope, "table BillingMode is PROVISIONED.", |units| units > 0)
    }

    pub fn check_change(&self, mode: Mode, scope: &Scope) -> Result<(), ApiError> {
        self.check(mode, scope, "the table BillingMode is PROVISIONED", |units| units > 0 || units == NO_BOUND)
    }

    fn check(&self, mode: Mode, scope: &Scope, when: &str, valid: impl Fn(i64) -> bool) -> Result<(), ApiError> {
        for (name, units) in self.members() {
            let Some(units) = units else { continue };
            if mode == Mode::Provisioned {
                return Err(invalid(format_args!("{name} for {STRUCTURE} cannot be specified when {when}")));
            }
            if !valid(units) {
                return Err(invalid(format_args!(
                    "Requested {name} for {STRUCTURE} for table is outside of valid range"
                )));
            }
            account_limits::check_member(name, STRUCTURE, Some(units), scope)?;
        }
        Ok(())
    }

    /// Takes over what a request sets, member by member.
    pub fn change(&mut self, given: Self) {
        let merged = |now: Option<i64>, given: Option<i64>| given.or(now).filter(|units| *units != NO_BOUND);
        self.max_read_request_units = merged(self.max_read_request_units, given.max_read_request_units);
        self.max_write_request_units = merged(self.max_write_request_units, given.max_write_request_units);
    }

    fn members(&self) -> [(&'static str, Option<i64>); 2] {
        [("MaxReadRequestUnits", self.max_read_request_units), ("MaxWriteRequestUnits", self.max_write_request_units)]
    }
}
