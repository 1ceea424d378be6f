//! How long records stay: AWS's bounds, and what follows when it changes.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html>
//!
//! A longer period holds from the call on, and so does a shorter one: what it leaves
//! out cannot be read again, even if the period is made longer afterwards.

use std::time::Duration;

use super::Kinesis;
use super::control::Change;
use super::stream::invalid_argument;
use crate::kernel::{ApiError, Call};

const HOURS_MIN: u64 = 24;
/// "The maximum value of a stream's retention period is 8760 hours (365 days)."
const HOURS_MAX: u64 = 8760;

/// A period that AWS knows. assumed: the numbers are documented, the wording is not, here and below.
pub fn check_range(hours: i64) -> Result<u64, ApiError> {
    match u64::try_from(hours) {
        Ok(hours @ HOURS_MIN..=HOURS_MAX) => Ok(hours),
        Ok(hours) if hours > HOURS_MAX => Err(invalid_argument(format!(
            "Maximum allowed retention period is {HOURS_MAX} hours. Requested retention period ({hours} hours) is too \
             long."
        ))),
        _ => Err(invalid_argument(format!(
            "Minimum allowed retention period is {HOURS_MIN} hours. Requested retention period ({hours} hours) is too \
             short."
        ))),
    }
}

pub fn too_short(hours: u64, before: u64, name: &str) -> ApiError {
    invalid_argument(format!(
        "Requested retention period ({hours} hours) for stream {name} can not be shorter than existing retention \
         period ({before} hours). Use DecreaseRetentionPeriod API."
    ))
}

pub fn too_long(hours: u64, before: u64, name: &str) -> ApiError {
    invalid_argument(format!(
        "Requested retention period ({hours} hours) for stream {name} can not be longer than existing retention \
         period ({before} hours). Use IncreaseRetentionPeriod API."
    ))
}

impl Kinesis {
    /// Keeps the records of a stream for that long from now on.
    pub fn set_retention(&mut self, name: &str, hours: u64, call: &Call<'_>) -> Result<(), ApiError> {
        self.begin_change(name, Change::Nothing, call)?;
        let stream = self.usable_mut(name, call.scope)?;
        // "It does not make previous, expired data accessible after the operation has been called."
        stream.expired_until = stream.horizon(call.now);
        stream.retention = Duration::from_hours(hours);
        stream.expired_until = stream.horizon(call.now);
        self.plan_retention(name, call.now);
        Ok(())
    }
}
