use std::time::Duration;

use aws_sdk_dynamodb::types::{
    ApproximateCreationDateTimePrecision, DestinationStatus, UpdateKinesisStreamingConfiguration,
};

use super::enable_kinesis_streaming_destination::{CHANGES, destinations, not_valid, streaming};
use super::fixture::{profiles, validation};
use crate::stage::{on_both_stages, refusal};

fn to(precision: ApproximateCreationDateTimePrecision) -> UpdateKinesisStreamingConfiguration {
    UpdateKinesisStreamingConfiguration::builder().approximate_creation_date_time_precision(precision).build()
}

// behaviour

#[test]
fn the_precision_shows_at_once_and_the_destination_is_updating() {
    on_both_stages(|stage| async move {
        let client = streaming(&stage).await;
        let update = |precision| {
            let update = client.update_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
            update.update_kinesis_streaming_configuration(to(precision)).send()
        };
        let micro = ApproximateCreationDateTimePrecision::Microsecond;
        let answer = update(micro.clone()).await.unwrap();
        assert_eq!(answer.destination_status, Some(DestinationStatus::Updating));
        let entry = |status| (CHANGES.to_owned(), status, None, Some(micro.clone()));
        assert_eq!(destinations(&client).await, [entry(DestinationStatus::Updating)]);
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(destinations(&client).await, [entry(DestinationStatus::Active)]);
        let (code, message) = refusal(update(micro.clone()).await);
        assert_eq!(code, "ValidationException");
        assert!(message.starts_with("Invalid Request: Precision is already set to the desired value of MICROSECOND "));
        assert!(message.ends_with(&format!(", kdsArn: {CHANGES}")), "{message}");
    });
}

#[test]
fn nobodys_choice_is_milliseconds() {
    on_both_stages(|stage| async move {
        let client = streaming(&stage).await;
        let update = client.update_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        let update =
            update.update_kinesis_streaming_configuration(to(ApproximateCreationDateTimePrecision::Millisecond));
        let (_, message) = refusal(update.send().await);
        assert!(message.contains("already set to the desired value of MILLISECOND"), "{message}");
    });
}

// validation

#[test]
fn there_must_be_a_change_and_a_destination_that_is_active() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let update = || client.update_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        assert_eq!(
            refusal(update().send().await),
            validation(
                "Streaming destination cannot be updated with given parameters: UpdateKinesisStreamingConfiguration \
                 cannot be null or contain only null values"
            )
        );
        let micro = to(ApproximateCreationDateTimePrecision::Microsecond);
        assert_eq!(
            refusal(update().update_kinesis_streaming_configuration(micro).send().await),
            not_valid(&format!(
                "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. TableName: \
                 profiles, kdsArn: {CHANGES}"
            ))
        );
    });
}
