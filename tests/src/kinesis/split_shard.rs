//! SplitShard.

use std::time::Duration;

use aws_sdk_kinesis::types::{Shard, StreamStatus};

use super::{ACCOUNT, SHARD, list, raw_refusal, refused, status, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamName":"orders","ShardToSplit":"?","NewStartingHashKey":"01"}"#;
        let message = "2 validation errors detected: Value '?' at 'shardToSplit' failed to satisfy constraint: Member must \
                       satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '01' at 'newStartingHashKey' failed to \
                       satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})";
        assert_eq!(raw_refusal(&stage, "SplitShard", body).await, refused("ValidationException", message));
    });
}

#[test]
fn a_hash_key_must_lie_within_the_shard() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let (start, end) = ("170141183460469231731687303715884105728", "340282366920938463463374607431768211455");
        let split = |key: &str| {
            let split = client.split_shard().stream_name("orders").shard_to_split("shardId-000000000001");
            split.new_starting_hash_key(key).send()
        };
        for key in
            ["0", start, "170141183460469231731687303715884105729", end, "999999999999999999999999999999999999999"]
        {
            let message = format!(
                "NewStartingHashKey {key} used in SplitShard() on shard shardId-000000000001 in stream orders under account \
                 {ACCOUNT} is not both greater than one plus the shard's StartingHashKey {start} and less than the shard's \
                 EndingHashKey {end}."
            );
            assert_eq!(refusal(split(key).await), refused("InvalidArgumentException", message));
        }
        split("170141183460469231731687303715884105730").await.expect("it is the smallest that fits");
    });
}

#[test]
fn a_shard_is_split_once_and_must_be_there() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let split =
            |shard: &str| client.split_shard().stream_name("orders").shard_to_split(shard).new_starting_hash_key("9");
        let message = format!("Could not find shard shardId-000000000009 in stream orders under account {ACCOUNT}.");
        let missing = split("shardId-000000000009").send().await;
        assert_eq!(refusal(missing), refused("ResourceNotFoundException", message));
        split(SHARD).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let message = format!(
            "Shard {SHARD} in stream orders under account {ACCOUNT} has already been merged or split, and thus is not \
             eligible for merging or splitting."
        );
        assert_eq!(refusal(split(SHARD).send().await), refused("InvalidArgumentException", message));
    });
}

// Behaviour

#[test]
fn a_shard_closes_and_two_open_when_the_stream_is_active_again() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let split = client.split_shard().stream_name("orders").shard_to_split(SHARD).new_starting_hash_key("100");
        split.send().await.unwrap();
        assert_eq!(status(&client, "orders").await, StreamStatus::Updating);
        assert_eq!(list(&client, "orders").await.len(), 1);
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(status(&client, "orders").await, StreamStatus::Active);
        let shards = list(&client, "orders").await;
        let range = |shard: &Shard| {
            let range = shard.hash_key_range.clone().expect("it is required");
            (range.starting_hash_key, range.ending_hash_key)
        };
        let text = |start: &str, end: &str| (start.to_owned(), end.to_owned());
        assert_eq!(range(&shards[1]), text("0", "99"));
        assert_eq!(range(&shards[2]), text("100", "340282366920938463463374607431768211455"));
        let numbers = |shard: &Shard| shard.sequence_number_range.clone().expect("it is required");
        let ending = numbers(&shards[0]).ending_sequence_number.expect("it is closed");
        for child in &shards[1..] {
            assert_eq!((child.parent_shard_id.as_deref(), &child.adjacent_parent_shard_id), (Some(SHARD), &None));
            assert!(numbers(child).starting_sequence_number > ending);
            assert_eq!(numbers(child).ending_sequence_number, None);
        }
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("2 of 3 shards open"), "{timeline}");
    });
}
