use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    ApproximateCreationDateTimePrecision, DestinationStatus, EnableKinesisStreamingConfiguration,
};

use super::fixture::{client, not_found, profiles, validation};
use crate::stage::{Stage, on_both_stages, refusal};

pub const CHANGES: &str = "arn:aws:kinesis:us-east-1:000000000000:stream/changes";

/// Status, description of a failure, and precision of each destination.
pub type Destination = (String, DestinationStatus, Option<String>, Option<ApproximateCreationDateTimePrecision>);

pub async fn destinations(client: &Client) -> Vec<Destination> {
    let described = client.describe_kinesis_streaming_destination().table_name("profiles").send().await.unwrap();
    let all = described.kinesis_data_stream_destinations.unwrap_or_default().into_iter();
    all.map(|destination| {
        (
            destination.stream_arn.unwrap(),
            destination.destination_status.unwrap(),
            destination.destination_status_description,
            destination.approximate_creation_date_time_precision,
        )
    })
    .collect()
}

/// An active table `profiles` whose changes go to the stream `changes`.
pub async fn streaming(stage: &Stage) -> Client {
    let client = profiles(stage).await;
    let enable = client.enable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
    enable.send().await.expect("no destination is on");
    stage.advance(Duration::from_secs(1)).await;
    client
}

pub fn not_valid(detail: &str) -> (String, String) {
    validation(&format!("Table is not in a valid state to enable Kinesis Streaming Destination: {detail}"))
}

// behaviour

#[test]
fn a_destination_is_enabling_and_then_active() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        assert_eq!(destinations(&client).await, []);
        let micro = ApproximateCreationDateTimePrecision::Microsecond;
        let configuration =
            EnableKinesisStreamingConfiguration::builder().approximate_creation_date_time_precision(micro.clone());
        let enable = client.enable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        let enable = enable.enable_kinesis_streaming_configuration(configuration.build());
        let answer = enable.send().await.unwrap();
        assert_eq!(answer.destination_status, Some(DestinationStatus::Enabling));
        assert_eq!(answer.table_name.as_deref(), Some("profiles"));
        stage.advance(Duration::from_secs(1)).await;
        let expected = (CHANGES.to_owned(), DestinationStatus::Active, None, Some(micro));
        assert_eq!(destinations(&client).await, [expected]);
        let again = client.enable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        assert_eq!(
            refusal(again.send().await),
            not_valid(
                "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation."
            )
        );
    });
}

#[test]
fn what_cannot_be_a_stream_of_the_table_fails_later_and_stays_in_the_list() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let permission = "User does not have a permission to use kinesis stream";
        let belongs = "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in";
        for (arn, failure) in [
            ("arn:aws:dynamodb:us-east-1:000000000000:table/profiles", permission.to_owned()),
            ("arn:aws:kinesis:eu-west-1:000000000000:stream/changes", format!("{belongs} the current region")),
            ("arn:aws:kinesis:us-east-1:111111111111:stream/changes", format!("{belongs} Active state")),
        ] {
            let enable = client.enable_kinesis_streaming_destination().table_name("profiles").stream_arn(arn);
            assert_eq!(enable.send().await.unwrap().destination_status, Some(DestinationStatus::Enabling));
            stage.advance(Duration::from_secs(1)).await;
            let expected = (arn.to_owned(), DestinationStatus::EnableFailed, Some(failure), None);
            assert_eq!(destinations(&client).await[0], expected);
        }
        let enable = client.enable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        enable.send().await.expect("those that failed are not on");
        assert_eq!(destinations(&client).await.len(), 4);
    });
}

// validation

#[test]
fn table_and_stream_must_be_named() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let enable =
            |arn: &str| client.enable_kinesis_streaming_destination().table_name("gone").stream_arn(arn).send();
        assert_eq!(refusal(enable(CHANGES).await), not_found("Requested resource not found: Table: gone not found"));
        assert_eq!(
            refusal(enable("").await),
            validation(
                "1 validation error detected: Value '' at 'streamArn' failed to satisfy constraint: Member must have \
                 length greater than or equal to 37"
            )
        );
    });
}
