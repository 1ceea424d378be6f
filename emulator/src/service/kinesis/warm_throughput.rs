//! Warm throughput: what an on-demand stream takes at once, kept as a number.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_WarmThroughputObject.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::stream::{Mode, invalid_argument};
use crate::kernel::{ApiError, Timestamp};

/// "Scale to more than 10 GiBps for an on-demand stream."
const MIBPS_MAX: u32 = 10 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarmThroughput {
    #[serde(rename = "TargetMiBps")]
    target: u32,
    #[serde(rename = "CurrentMiBps")]
    current: u32,
}

impl WarmThroughput {
    pub fn reached(mibps: u32) -> Self {
        Self { target: mibps, current: mibps }
    }

    /// On the way from what there is to more or less.
    pub fn towards(before: Option<Self>, mibps: u32) -> Self {
        Self { target: mibps, current: before.map_or(0, |before| before.current) }
    }
}

impl Kinesis {
    /// "Only supported for data streams with the on-demand capacity mode in accounts that have
    /// MinimumThroughputBillingCommitment enabled." assumed: the codes and the wording.
    pub fn check_warm_throughput(&self, mode: Mode, mibps: u32, now: Timestamp) -> Result<(), ApiError> {
        if mode != Mode::OnDemand {
            return Err(ApiError::validation("WarmThroughputMiBps is only supported for streams in On-Demand mode."));
        }
        if !self.billing_commitment.is_enabled(now) {
            return Err(ApiError::validation(
                "WarmThroughputMiBps requires that MinimumThroughputBillingCommitment is enabled for the account.",
            ));
        }
        if mibps > MIBPS_MAX {
            return Err(invalid_argument(format!(
                "WarmThroughputMiBps {mibps} exceeds the maximum of {MIBPS_MAX} MiBps for an on-demand stream."
            )));
        }
        Ok(())
    }
}
