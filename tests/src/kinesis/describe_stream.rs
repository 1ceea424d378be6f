//! DescribeStream.

use aws_sdk_kinesis::types::{EncryptionType, StreamMode, StreamStatus};

use super::{arn, client, members, put, raw, raw_refusal, refused, stream_not_found, with_stream};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn the_description_has_what_aws_sends() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        let (status, body) = raw(&stage, "DescribeStream", r#"{"StreamName":"orders"}"#).await;
        assert_eq!(status, 200);
        let description = &body["StreamDescription"];
        let expected = [
            "EncryptionType",
            "EnhancedMonitoring",
            "HasMoreShards",
            "RetentionPeriodHours",
            "Shards",
            "StreamARN",
            "StreamCreationTimestamp",
            "StreamModeDetails",
            "StreamName",
            "StreamStatus",
        ];
        assert_eq!(members(description), expected);
        assert!(description["StreamCreationTimestamp"].is_number());
    });
}

// Validation

#[test]
fn a_stream_must_be_named_once_and_exist() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let unknown = client.describe_stream().stream_name("others").send().await;
        assert_eq!(refusal(unknown), stream_not_found("others"));
        let two = client.describe_stream().stream_name("others").stream_arn(arn("orders")).send().await;
        assert_eq!(refusal(two).0, "InvalidArgumentException");
        let elsewhere = "arn:aws:kinesis:us-east-1:111122223333:stream/orders";
        let message = "Stream orders under account 111122223333 not found.";
        let foreign = client.describe_stream().stream_arn(elsewhere).send().await;
        assert_eq!(refusal(foreign), refused("ResourceNotFoundException", message));
    });
}

#[test]
fn limits_and_ids_are_checked() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamName":"orders","Limit":10001,"ExclusiveStartShardId":"?"}"#;
        let message = "2 validation errors detected: Value '10001' at 'limit' failed to satisfy constraint: Member must \
                       have value less than or equal to 10000; Value '?' at 'exclusiveStartShardId' failed to satisfy \
                       constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
        assert_eq!(raw_refusal(&stage, "DescribeStream", body).await, refused("ValidationException", message));
        let (code, message) = raw_refusal(&stage, "DescribeStream", r#"{"StreamId":"x"}"#).await;
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("StreamId of kinesis DescribeStream"), "{message}");
    });
}

// Behaviour

#[test]
fn a_stream_is_found_by_name_and_by_arn() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 3).await;
        let by_name = client.describe_stream().stream_name("orders").send().await.unwrap();
        let by_arn = client.describe_stream().stream_arn(arn("orders")).send().await.unwrap();
        let description = by_name.stream_description.expect("it is required");
        assert_eq!(Some(&description), by_arn.stream_description.as_ref());
        assert_eq!(description.stream_name, "orders");
        assert_eq!(description.stream_arn, arn("orders"));
        assert_eq!(description.stream_status, StreamStatus::Active);
        assert_eq!(description.stream_mode_details.map(|details| details.stream_mode), Some(StreamMode::Provisioned));
        assert_eq!(description.retention_period_hours, 24);
        assert_eq!(description.encryption_type, Some(EncryptionType::None));
        assert!(!description.has_more_shards);
        let ranges: Vec<_> = description
            .shards
            .iter()
            .map(|shard| shard.hash_key_range.as_ref().expect("it is required"))
            .map(|range| (range.starting_hash_key.as_str(), range.ending_hash_key.as_str()))
            .collect();
        let expected = [
            ("0", "113427455640312821154458202477256070484"),
            ("113427455640312821154458202477256070485", "226854911280625642308916404954512140969"),
            ("226854911280625642308916404954512140970", "340282366920938463463374607431768211455"),
        ];
        assert_eq!(ranges, expected);
    });
}

#[test]
fn a_shard_starts_before_its_first_record_and_has_no_end() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let (_, first) = put(&client, "orders", "a", "1").await;
        let described = client.describe_stream().stream_name("orders").send().await.unwrap();
        let shard = described.stream_description.expect("it is required").shards.remove(0);
        let numbers = shard.sequence_number_range.expect("it is required");
        assert_eq!((numbers.starting_sequence_number.len(), first.len()), (56, 56));
        assert!(numbers.starting_sequence_number < first);
        assert_eq!(numbers.ending_sequence_number, None);
        assert_eq!((shard.parent_shard_id, shard.adjacent_parent_shard_id), (None, None));
    });
}

#[test]
fn at_most_a_hundred_shards_come_at_once() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 103).await;
        let first = client.describe_stream().stream_name("orders").limit(5000).send().await.unwrap();
        let first = first.stream_description.expect("it is required");
        assert_eq!((first.shards.len(), first.has_more_shards), (100, true));
        let last = &first.shards[99].shard_id;
        let rest = client.describe_stream().stream_name("orders").exclusive_start_shard_id(last).send().await.unwrap();
        let rest = rest.stream_description.expect("it is required");
        let ids: Vec<_> = rest.shards.iter().map(|shard| shard.shard_id.as_str()).collect();
        assert_eq!(ids, ["shardId-000000000100", "shardId-000000000101", "shardId-000000000102"]);
        assert!(!rest.has_more_shards);
    });
}

#[test]
fn the_waiter_of_the_sdk_sees_a_new_stream_become_active() {
    use aws_sdk_kinesis::client::Waiters;
    // Virtual time only: the waiter sleeps ten seconds between its looks.
    let virtual_time = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    virtual_time.expect("a runtime starts").block_on(async {
        let stage = crate::stage::Stage::in_process().await;
        let client = client(&stage);
        client.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
        let wait = client.wait_until_stream_exists().stream_name("orders");
        wait.wait(std::time::Duration::from_secs(60)).await.expect("it becomes active");
        put(&client, "orders", "a", "1").await;
    });
}
