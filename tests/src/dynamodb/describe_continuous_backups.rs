use aws_sdk_dynamodb::types::{ContinuousBackupsStatus, PointInTimeRecoveryStatus};

use super::fixture::{client, profiles};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_new_table_has_backups_and_no_recovery() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let described = client.describe_continuous_backups().table_name("profiles").send().await.unwrap();
        let described = described.continuous_backups_description.unwrap();
        assert_eq!(described.continuous_backups_status, ContinuousBackupsStatus::Enabled);
        let recovery = described.point_in_time_recovery_description.unwrap();
        assert_eq!(recovery.point_in_time_recovery_status, Some(PointInTimeRecoveryStatus::Disabled));
        assert_eq!((recovery.recovery_period_in_days, recovery.earliest_restorable_date_time), (None, None));
    });
}

// validation

#[test]
fn a_table_that_is_not_there_has_a_code_of_its_own() {
    on_both_stages(|stage| async move {
        let gone = client(&stage).describe_continuous_backups().table_name("gone").send().await;
        assert_eq!(refusal(gone), ("TableNotFoundException".to_owned(), "Table not found: gone".to_owned()));
    });
}
