//! Point-in-time recovery: only whether it is on, and what it says of the time it covers.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::table::{Status, Table};
use crate::kernel::{ApiError, Timestamp};

pub const RECOVERY_DAYS_MAX: i64 = 35;
/// "LatestRestorableDateTime is typically 5 minutes before the current time."
const RESTORABLE_AFTER: Duration = Duration::from_mins(5);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointInTimeRecovery {
    pub since: Timestamp,
    pub days: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContinuousBackupsDescription {
    continuous_backups_status: &'static str,
    point_in_time_recovery_description: RecoveryDescription,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RecoveryDescription {
    point_in_time_recovery_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_period_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest_restorable_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_restorable_date_time: Option<Timestamp>,
}

impl PointInTimeRecovery {
    /// From when and to when the table could be restored, in whole seconds as AWS tells it.
    fn restorable(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let whole = |at: Timestamp| Timestamp::from_secs(at.as_secs());
        let period = Duration::from_hours(24 * self.days.unsigned_abs());
        (whole(self.since.max(now - period)), whole(self.since.max(now - RESTORABLE_AFTER)))
    }
}

/// "Continuous backups are ENABLED on all tables at table creation"; AWS says so once the table is active.
pub fn describe(table: &Table, now: Timestamp) -> ContinuousBackupsDescription {
    let recovery = table.control.point_in_time_recovery;
    let restorable = recovery.map(|recovery| recovery.restorable(now));
    ContinuousBackupsDescription {
        continuous_backups_status: if matches!(*table.status, Status::Creating(..)) { "DISABLED" } else { "ENABLED" },
        point_in_time_recovery_description: RecoveryDescription {
            point_in_time_recovery_status: if recovery.is_some() { "ENABLED" } else { "DISABLED" },
            recovery_period_in_days: recovery.map(|recovery| recovery.days),
            earliest_restorable_date_time: restorable.map(|(earliest, _)| earliest),
            latest_restorable_date_time: restorable.map(|(_, latest)| latest),
        },
    }
}

/// Backups have a code of their own for a table that is not there.
pub fn not_found(name: &str) -> ApiError {
    ApiError::new("TableNotFoundException", format!("Table not found: {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_restored_begins_when_it_was_enabled_and_is_no_longer_than_the_period() {
        let since = Timestamp::from_millis(1_767_225_600_900);
        let recovery = PointInTimeRecovery { since, days: 2 };
        let day = Duration::from_hours(24);
        for (now, earliest, latest) in [
            (since, 1_767_225_600, 1_767_225_600),
            (since + Duration::from_mins(6), 1_767_225_600, 1_767_225_660),
            (since + day * 5, 1_767_225_600 + 3 * 86_400, 1_767_225_600 + 5 * 86_400 - 300),
        ] {
            let expected = (Timestamp::from_secs(earliest), Timestamp::from_secs(latest));
            assert_eq!(recovery.restorable(now), expected, "{now:?}");
        }
    }
}
