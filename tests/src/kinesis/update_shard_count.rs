//! UpdateShardCount.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::error::SdkError;
use aws_sdk_kinesis::operation::update_shard_count::{UpdateShardCountError, UpdateShardCountOutput};
use aws_sdk_kinesis::types::{ScalingType, ShardFilter, ShardFilterType};

use super::{arn, list, raw_refusal, refused, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

async fn scale(client: &Client, count: i32) -> Result<UpdateShardCountOutput, SdkError<UpdateShardCountError>> {
    let update = client.update_shard_count().stream_name("orders").target_shard_count(count);
    update.scaling_type(ScalingType::UniformScaling).send().await
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamName":"orders","TargetShardCount":0,"ScalingType":"SOME"}"#;
        let message = "2 validation errors detected: Value '0' at 'targetShardCount' failed to satisfy constraint: Member must \
                       have value greater than or equal to 1; Value 'SOME' at 'scalingType' failed to satisfy constraint: \
                       Member must satisfy enum value set: [UNIFORM_SCALING]";
        assert_eq!(raw_refusal(&stage, "UpdateShardCount", body).await, refused("ValidationException", message));
    });
}

#[test]
fn shards_at_most_double_or_halve() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 5).await;
        let up = "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 5 \
                  Target shard count: 11";
        assert_eq!(refusal(scale(&client, 11).await), refused("LimitExceededException", up));
        let down = "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 5 \
                    Target shard count: 2";
        assert_eq!(refusal(scale(&client, 2).await), refused("LimitExceededException", down));
        scale(&client, 3).await.expect("half of five is at most three");
    });
}

#[test]
fn a_stream_has_at_most_ten_thousand_shards_and_an_account_twenty_thousand() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 6000).await;
        assert_eq!(refusal(scale(&client, 10_001).await).0, "LimitExceededException");
        with_stream(&stage, "others", 13_000).await;
        let (code, message) = refusal(scale(&client, 7001).await);
        assert_eq!(code, "LimitExceededException");
        assert!(
            message.contains("Number of additional shards that would have resulted from this request: 1001."),
            "{message}"
        );
    });
}

#[test]
fn a_stream_is_scaled_ten_times_a_day() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for time in 0..10 {
            scale(&client, 2 - time % 2).await.expect("it is within the limit");
            stage.advance(Duration::from_hours(1)).await;
        }
        assert_eq!(refusal(scale(&client, 2).await).0, "LimitExceededException");
        stage.advance(Duration::from_hours(14)).await;
        scale(&client, 2).await.expect("the first was a day ago");
    });
}

// Behaviour

#[test]
fn shards_are_of_equal_size_afterwards() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let updated = scale(&client, 4).await.unwrap();
        assert_eq!((updated.current_shard_count, updated.target_shard_count), (Some(2), Some(4)));
        assert_eq!((updated.stream_name.as_deref(), updated.stream_arn), (Some("orders"), Some(arn("orders"))));
        stage.advance(Duration::from_secs(1)).await;
        let shards = list(&client, "orders").await;
        let parents: Vec<_> = shards.iter().map(|shard| shard.parent_shard_id.as_deref().unwrap_or_default()).collect();
        let (one, other) = ("shardId-000000000000", "shardId-000000000001");
        assert_eq!(parents, ["", "", one, one, other, other]);
        let filter = ShardFilter::builder().r#type(ShardFilterType::AtLatest).build().expect("it has a type");
        let open = client.list_shards().stream_name("orders").shard_filter(filter).send().await.unwrap();
        let starts: Vec<_> = open
            .shards()
            .iter()
            .map(|shard| shard.hash_key_range.clone().expect("it is required").starting_hash_key)
            .collect();
        assert_eq!(
            starts,
            [
                "0",
                "85070591730234615865843651857942052864",
                "170141183460469231731687303715884105728",
                "255211775190703847597530955573826158592"
            ]
        );
        scale(&client, 2).await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(list(&client, "orders").await.len(), 8);
    });
}
