//! The account's commitment to a minimum throughput, which on-demand streams need for warm throughput.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MinimumThroughputBillingCommitmentOutput.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;

/// "The commitment lasts for at least 24 hours." assumed from AWS's announcement of it.
const DURATION_MIN: Duration = Duration::from_hours(24);

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct BillingCommitment {
    started: Option<Timestamp>,
    /// When it ends or ended, once that was asked for.
    ends: Option<Timestamp>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Described {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest_allowed_end_at: Option<Timestamp>,
}

impl BillingCommitment {
    pub fn is_enabled(&self, now: Timestamp) -> bool {
        self.started.is_some() && self.ends.is_none_or(|ends| ends > now)
    }

    /// Where it has not ended yet, it goes on as it began.
    pub fn enable(&mut self, now: Timestamp) {
        if !self.is_enabled(now) {
            self.started = Some(now);
        }
        self.ends = None;
    }

    /// It ends now, or when it may.
    pub fn disable(&mut self, now: Timestamp) {
        if let Some(started) = self.started.filter(|_| self.is_enabled(now)) {
            self.ends = Some(now.max(started + DURATION_MIN));
        }
    }

    pub fn describe(&self, now: Timestamp) -> Described {
        let enabled = self.is_enabled(now);
        Described {
            status: match self.ends {
                Some(_) if enabled => "ENABLED_UNTIL_EARLIEST_ALLOWED_END",
                None if enabled => "ENABLED",
                _ => "DISABLED",
            },
            started_at: self.started,
            ended_at: self.ends.filter(|_| !enabled),
            earliest_allowed_end_at: self.started.filter(|_| enabled).map(|started| started + DURATION_MIN),
        }
    }
}
