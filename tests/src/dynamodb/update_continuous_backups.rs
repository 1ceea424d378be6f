use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_continuous_backups::builders::UpdateContinuousBackupsFluentBuilder;
use aws_sdk_dynamodb::types::{
    BillingMode, PointInTimeRecoveryDescription, PointInTimeRecoverySpecification, PointInTimeRecoveryStatus,
    ScalarAttributeType,
};

use super::fixture::{client, defined, hash, profiles, validation};
use crate::stage::{on_both_stages, refusal};

fn update(client: &Client, enabled: bool, days: Option<i32>) -> UpdateContinuousBackupsFluentBuilder {
    let specification = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(enabled);
    let specification = specification.set_recovery_period_in_days(days).build().expect("all members are set");
    client.update_continuous_backups().table_name("profiles").point_in_time_recovery_specification(specification)
}

async fn recovery(client: &Client) -> PointInTimeRecoveryDescription {
    let described = client.describe_continuous_backups().table_name("profiles").send().await.unwrap();
    described.continuous_backups_description.unwrap().point_in_time_recovery_description.unwrap()
}

// behaviour

#[test]
fn recovery_covers_the_time_since_it_was_enabled_up_to_its_period() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let enabled = stage.emulator.clock().now().as_secs();
        let answer = update(&client, true, Some(2)).send().await.unwrap();
        let answer = answer.continuous_backups_description.unwrap().point_in_time_recovery_description.unwrap();
        assert_eq!(answer.point_in_time_recovery_status, Some(PointInTimeRecoveryStatus::Enabled));
        assert_eq!(answer.recovery_period_in_days, Some(2));
        let earliest = answer.earliest_restorable_date_time.unwrap().secs();
        assert!((enabled..=enabled + 60).contains(&earliest), "{earliest}");
        assert_eq!(answer.latest_restorable_date_time.unwrap().secs(), earliest);

        stage.advance(Duration::from_hours(24)).await;
        update(&client, true, None).send().await.expect("enabling again changes the period only");
        let now = stage.emulator.clock().now().as_secs();
        let later = recovery(&client).await;
        assert_eq!(later.recovery_period_in_days, Some(35));
        assert_eq!(later.earliest_restorable_date_time.unwrap().secs(), earliest);
        let latest = later.latest_restorable_date_time.unwrap().secs();
        assert!((now - 300..=now - 240).contains(&latest), "{latest}");

        update(&client, false, None).send().await.unwrap();
        let off = recovery(&client).await;
        assert_eq!(off.point_in_time_recovery_status, Some(PointInTimeRecoveryStatus::Disabled));
        assert_eq!((off.recovery_period_in_days, off.latest_restorable_date_time), (None, None));
    });
}

// validation

#[test]
fn the_period_is_bounded_and_goes_with_enabling() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        assert_eq!(
            refusal(update(&client, true, Some(36)).send().await),
            validation(
                "1 validation error detected: Value '36' at \
                 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must \
                 have value less than or equal to 35"
            )
        );
        assert_eq!(
            refusal(update(&client, false, Some(7)).send().await),
            validation("Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")
        );
    });
}

#[test]
fn a_table_must_have_been_created() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        assert_eq!(
            refusal(update(&client, true, None).send().await),
            ("TableNotFoundException".to_owned(), "Table not found: profiles".to_owned())
        );
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
        create.send().await.unwrap();
        assert_eq!(
            refusal(update(&client, true, None).send().await),
            (
                "ContinuousBackupsUnavailableException".to_owned(),
                "Backups are being enabled for the table: profiles. Please retry later".to_owned()
            )
        );
    });
}
