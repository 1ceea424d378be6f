//! UpdateStreamMode.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::error::SdkError;
use aws_sdk_kinesis::operation::update_stream_mode::{UpdateStreamModeError, UpdateStreamModeOutput};
use aws_sdk_kinesis::types::{StreamMode, StreamModeDetails};

use super::{ACCOUNT, SHARD, arn, raw_refusal, refused, summary, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

fn details(mode: StreamMode) -> StreamModeDetails {
    StreamModeDetails::builder().stream_mode(mode).build().expect("it has a mode")
}

async fn change(client: &Client, mode: StreamMode) -> Result<UpdateStreamModeOutput, SdkError<UpdateStreamModeError>> {
    client.update_stream_mode().stream_arn(arn("orders")).stream_mode_details(details(mode)).send().await
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "2 validation errors detected: Value null at 'streamARN' failed to satisfy constraint: Member must not \
                       be null; Value 'FAST' at 'streamModeDetails.streamMode' failed to satisfy constraint: Member must \
                       satisfy enum value set: [PROVISIONED, ON_DEMAND]";
        let found = raw_refusal(&stage, "UpdateStreamMode", r#"{"StreamModeDetails":{"StreamMode":"FAST"}}"#).await;
        assert_eq!(found, refused("ValidationException", message));
    });
}

#[test]
fn a_mode_changes_twice_a_day() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for mode in [StreamMode::OnDemand, StreamMode::Provisioned] {
            change(&client, mode).await.expect("it is within the limit");
            stage.advance(Duration::from_hours(1)).await;
        }
        assert_eq!(refusal(change(&client, StreamMode::OnDemand).await).0, "LimitExceededException");
        stage.advance(Duration::from_hours(23)).await;
        change(&client, StreamMode::OnDemand).await.expect("the first was a day ago");
    });
}

// Behaviour

#[test]
fn the_shards_of_an_on_demand_stream_are_not_its_owners_to_change() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        change(&client, StreamMode::OnDemand).await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let found = summary(&client, "orders").await;
        assert_eq!((found.stream_mode_details, found.open_shard_count), (Some(details(StreamMode::OnDemand)), 1));
        let split = client.split_shard().stream_name("orders").shard_to_split(SHARD).new_starting_hash_key("9");
        let message = format!("Request is invalid. Stream orders under account {ACCOUNT} is in On-Demand mode.");
        assert_eq!(refusal(split.send().await), refused("ValidationException", message));
    });
}

#[test]
fn an_account_has_fifty_on_demand_streams() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let create = client.create_stream().stream_mode_details(details(StreamMode::OnDemand));
        for number in 0..50 {
            create.clone().stream_name(format!("s{number}")).send().await.expect("it is within the quota");
        }
        assert_eq!(refusal(create.stream_name("more").send().await).0, "LimitExceededException");
        assert_eq!(refusal(change(&client, StreamMode::OnDemand).await).0, "LimitExceededException");
        let limits = client.describe_limits().send().await.unwrap();
        assert_eq!((limits.on_demand_stream_count, limits.on_demand_stream_count_limit), (50, 50));
        assert_eq!((limits.open_shard_count, limits.shard_limit), (201, 20_000));
    });
}
