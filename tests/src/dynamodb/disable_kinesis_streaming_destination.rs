use std::time::Duration;

use aws_sdk_dynamodb::types::{
    ApproximateCreationDateTimePrecision, DestinationStatus, EnableKinesisStreamingConfiguration,
};

use super::enable_kinesis_streaming_destination::{CHANGES, destinations, not_valid, streaming};
use super::fixture::validation;
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_destination_is_disabling_and_then_stays_disabled_until_it_is_enabled_again() {
    on_both_stages(|stage| async move {
        let client = streaming(&stage).await;
        let disable = || client.disable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        assert_eq!(disable().send().await.unwrap().destination_status, Some(DestinationStatus::Disabling));
        assert_eq!(disable().send().await.unwrap().destination_status, Some(DestinationStatus::Disabling));
        stage.advance(Duration::from_secs(1)).await;
        let entry = |status| (CHANGES.to_owned(), status, None, None);
        assert_eq!(destinations(&client).await, [entry(DestinationStatus::Disabled)]);
        assert_eq!(
            refusal(disable().send().await),
            not_valid("KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.")
        );
        let enable = client.enable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        enable.send().await.unwrap();
        assert_eq!(destinations(&client).await, [entry(DestinationStatus::Enabling)]);
    });
}

// validation

#[test]
fn a_configuration_is_for_enabling() {
    on_both_stages(|stage| async move {
        let client = streaming(&stage).await;
        let configuration = EnableKinesisStreamingConfiguration::builder()
            .approximate_creation_date_time_precision(ApproximateCreationDateTimePrecision::Microsecond);
        let disable = client.disable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        assert_eq!(
            refusal(disable.enable_kinesis_streaming_configuration(configuration.build()).send().await),
            validation("Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters")
        );
    });
}
