//! DecreaseStreamRetentionPeriod.

use std::time::Duration;

use super::{SHARD, list, put, read, refused, text, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Validation

#[test]
fn periods_shrink() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for (hours, message) in [
            (23, "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short."),
            (
                48,
                "Requested retention period (48 hours) for stream orders can not be longer than existing retention period \
                 (24 hours). Use IncreaseRetentionPeriod API.",
            ),
        ] {
            let decrease =
                client.decrease_stream_retention_period().stream_name("orders").retention_period_hours(hours);
            assert_eq!(refusal(decrease.send().await), refused("InvalidArgumentException", message));
        }
    });
}

// Behaviour

#[test]
fn older_records_and_closed_shards_are_gone_at_once() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let increase = client.increase_stream_retention_period().stream_name("orders").retention_period_hours(72);
        increase.send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        put(&client, "orders", "a", "old").await;
        let split = client.split_shard().stream_name("orders").shard_to_split(SHARD).new_starting_hash_key("9");
        split.send().await.unwrap();
        stage.advance(Duration::from_hours(30)).await;
        put(&client, "orders", "a", "new").await;
        assert_eq!((list(&client, "orders").await.len(), read(&client, "orders", SHARD).await.len()), (3, 1));
        let decrease = client.decrease_stream_retention_period().stream_name("orders").retention_period_hours(25);
        decrease.send().await.unwrap();
        let shards = list(&client, "orders").await;
        let ids: Vec<_> = shards.iter().map(|shard| shard.shard_id.as_str()).collect();
        assert_eq!(ids, ["shardId-000000000001", "shardId-000000000002"]);
        let records = read(&client, "orders", "shardId-000000000002").await;
        assert_eq!(records.iter().map(text).collect::<Vec<_>>(), ["new"]);
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("ShardExpired"), "{timeline}");
    });
}
