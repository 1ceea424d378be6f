//! MergeShards.

use std::time::Duration;

use super::{ACCOUNT, list, raw_refusal, refused, with_stream};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn both_shards_must_be_named() {
    on_both_stages(|stage| async move {
        let message = "2 validation errors detected: Value null at 'shardToMerge' failed to satisfy constraint: Member must \
                       not be null; Value null at 'adjacentShardToMerge' failed to satisfy constraint: Member must not be \
                       null";
        let found = raw_refusal(&stage, "MergeShards", r#"{"StreamName":"orders"}"#).await;
        assert_eq!(found, refused("ValidationException", message));
    });
}

#[test]
fn shards_must_be_adjacent() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 3).await;
        for (one, other) in [(0, 2), (2, 0), (1, 1)] {
            let (one, other) = (format!("shardId-{one:012}"), format!("shardId-{other:012}"));
            let merge =
                client.merge_shards().stream_name("orders").shard_to_merge(&one).adjacent_shard_to_merge(&other);
            let message = format!(
                "Shards {one} and {other} in stream orders under account {ACCOUNT} are not an adjacent pair of shards \
                 eligible for merging"
            );
            assert_eq!(refusal(merge.send().await), refused("InvalidArgumentException", message));
        }
    });
}

// Behaviour

#[test]
fn two_shards_become_one_in_whichever_order_they_are_named() {
    on_both_stages(|stage| async move {
        for (stream, one, other) in [
            ("up", "shardId-000000000000", "shardId-000000000001"),
            ("down", "shardId-000000000001", "shardId-000000000000"),
        ] {
            let client = with_stream(&stage, stream, 3).await;
            let merge = client.merge_shards().stream_name(stream).shard_to_merge(one).adjacent_shard_to_merge(other);
            merge.send().await.unwrap();
            stage.advance(Duration::from_secs(1)).await;
            let shards = list(&client, stream).await;
            assert_eq!(shards.len(), 4);
            let merged = &shards[3];
            assert_eq!(merged.parent_shard_id.as_deref(), Some(one));
            assert_eq!(merged.adjacent_parent_shard_id.as_deref(), Some(other));
            let range = merged.hash_key_range.as_ref().expect("it is required");
            assert_eq!(range.starting_hash_key, "0");
            let closed = shards.iter().filter(|shard| {
                shard.sequence_number_range.as_ref().is_some_and(|range| range.ending_sequence_number.is_some())
            });
            assert_eq!(closed.count(), 2);
        }
    });
}
