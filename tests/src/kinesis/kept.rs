//! What is kept of streams: all of it, at every moment, and read back as it was.

use std::time::Duration;

use aws_sdk_kinesis::types::{Record, ShardIteratorType};
use rehearsal_emulator::Emulator;
use rehearsal_emulator::service::kinesis::settings::Limits;
use serde_json::{Value, json};

use super::subscribe_to_shard::{next_full, subscribed, texts};
use super::{SHARD, arn, client, iterator, list, put, raw, read, text, with_consumer, with_stream};
use crate::journal::Journal;
use crate::stage::{Stage, in_virtual_time};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

/// One of everything that changes a stream, each with the time that passes behind it.
fn changes() -> Vec<(&'static str, Value, Duration)> {
    let (stream, arn) = ("orders", arn("orders"));
    let records: Vec<Value> = (0..40).map(|n| json!({"PartitionKey": format!("ключ {n}"), "Data": "AAH/"})).collect();
    let consumer = |name: &str| json!({"StreamARN": &arn, "ConsumerName": name});
    let policy = r#"{"Statement":[]}"#;
    vec![
        ("CreateStream", json!({"StreamName": stream, "ShardCount": 2, "Tags": {"a/b": "1"}}), SECOND),
        ("UpdateAccountSettings", json!({"MinimumThroughputBillingCommitment": {"Status": "ENABLED"}}), SECOND),
        ("PutRecord", json!({"StreamName": stream, "PartitionKey": "a", "Data": ""}), SECOND),
        ("PutRecords", json!({"StreamName": stream, "Records": &records}), SECOND),
        ("AddTagsToStream", json!({"StreamName": stream, "Tags": {"c": "2"}}), Duration::ZERO),
        ("RemoveTagsFromStream", json!({"StreamName": stream, "TagKeys": ["a/b"]}), Duration::ZERO),
        ("PutResourcePolicy", json!({"ResourceARN": &arn, "Policy": policy}), Duration::ZERO),
        ("StartStreamEncryption", json!({"StreamName": stream, "EncryptionType": "KMS", "KeyId": "k"}), SECOND),
        ("PutRecords", json!({"StreamName": stream, "Records": &records}), SECOND),
        ("StopStreamEncryption", json!({"StreamName": stream, "EncryptionType": "KMS", "KeyId": "k"}), SECOND),
        ("EnableEnhancedMonitoring", json!({"StreamName": stream, "ShardLevelMetrics": ["ALL"]}), SECOND),
        ("DisableEnhancedMonitoring", json!({"StreamName": stream, "ShardLevelMetrics": ["IncomingBytes"]}), SECOND),
        ("RegisterStreamConsumer", consumer("audit"), SECOND),
        ("RegisterStreamConsumer", consumer("billing"), SECOND),
        ("DeregisterStreamConsumer", consumer("audit"), SECOND),
        ("RegisterStreamConsumer", consumer("audit"), SECOND),
        ("IncreaseStreamRetentionPeriod", json!({"StreamName": stream, "RetentionPeriodHours": 48}), SECOND),
        (
            "SplitShard",
            json!({"StreamName": stream, "ShardToSplit": SHARD, "NewStartingHashKey": "170141183460469231731687303715884105"}),
            SECOND,
        ),
        ("PutRecords", json!({"StreamName": stream, "Records": &records}), SECOND),
        (
            "MergeShards",
            json!({
                "StreamName": stream,
                "ShardToMerge": "shardId-000000000002",
                "AdjacentShardToMerge": "shardId-000000000003",
            }),
            SECOND,
        ),
        (
            "UpdateShardCount",
            json!({"StreamName": stream, "TargetShardCount": 4, "ScalingType": "UNIFORM_SCALING"}),
            25 * Duration::from_hours(1),
        ),
        ("PutRecords", json!({"StreamName": stream, "Records": &records}), SECOND),
        ("DecreaseStreamRetentionPeriod", json!({"StreamName": stream, "RetentionPeriodHours": 24}), SECOND),
        ("UpdateMaxRecordSize", json!({"StreamARN": &arn, "MaxRecordSizeInKiB": 2048}), SECOND),
        (
            "UpdateStreamMode",
            json!({"StreamARN": &arn, "StreamModeDetails": {"StreamMode": "ON_DEMAND"}, "WarmThroughputMiBps": 8}),
            SECOND,
        ),
        ("UpdateStreamWarmThroughput", json!({"StreamARN": &arn, "WarmThroughputMiBps": 16}), DAY),
        ("PutRecord", json!({"StreamName": stream, "PartitionKey": "a", "Data": "AA=="}), DAY + SECOND),
        ("DeleteResourcePolicy", json!({"ResourceARN": &arn}), Duration::ZERO),
        ("PutRecords", json!({"StreamName": stream, "Records": &records}), SECOND),
        ("CreateStream", json!({"StreamName": "others", "ShardCount": 1}), Duration::ZERO),
        ("DeleteStream", json!({"StreamName": stream, "EnforceConsumerDeletion": true}), SECOND),
        ("CreateStream", json!({"StreamName": stream, "ShardCount": 1}), SECOND),
        ("PutRecord", json!({"StreamName": stream, "PartitionKey": "a", "Data": "AA=="}), DAY + SECOND),
    ]
}

/// What a caller sees of a stream, whatever its state.
async fn seen(stage: &Stage) -> Vec<(u16, Value)> {
    let (stream, arn) = ("orders", arn("orders"));
    let mut seen = Vec::new();
    for (operation, input) in [
        ("DescribeStream", json!({"StreamName": stream})),
        ("DescribeStreamSummary", json!({"StreamName": stream})),
        ("ListShards", json!({"StreamName": stream})),
        ("ListStreamConsumers", json!({"StreamARN": &arn})),
        ("ListTagsForStream", json!({"StreamName": stream})),
        ("GetResourcePolicy", json!({"ResourceARN": &arn})),
        ("ListStreams", json!({})),
        ("DescribeLimits", json!({})),
        ("DescribeAccountSettings", json!({})),
    ] {
        seen.push(raw(stage, operation, &input.to_string()).await);
    }
    let shards = seen[2].1["Shards"].as_array().cloned().unwrap_or_default();
    for shard in shards {
        let at = json!({"StreamName": stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"});
        let (_, iterator) = raw(stage, "GetShardIterator", &at.to_string()).await;
        let (status, mut page) = raw(stage, "GetRecords", &iterator.to_string()).await;
        page.as_object_mut().expect("it is an object").remove("NextShardIterator");
        seen.push((status, page));
    }
    seen
}

#[test]
fn every_change_is_kept_and_read_back_and_what_is_due_happens_as_it_would_have() {
    in_virtual_time(|stage| async move {
        let journal = Journal::begin("kinesis", &stage);
        for (operation, input, passes) in changes() {
            let (status, answer) = raw(&stage, operation, &input.to_string()).await;
            assert_eq!(status, 200, "{operation} {input}: {answer}");
            journal.check(&stage, operation);
            let (next, after) = journal.restarted(&stage, Duration::ZERO).await;
            assert_eq!(journal.held(&next), journal.held(&stage), "{operation}");
            assert_eq!(seen(&next).await, seen(&stage).await, "{operation}");
            stage.advance(passes).await;
            next.advance(passes).await;
            journal.check(&stage, operation);
            after.check(&next, operation);
            assert_eq!(journal.held(&next), journal.held(&stage), "{operation} and {passes:?}");
        }
    });
}

#[test]
fn numbers_go_on_after_a_restart_and_so_do_readers() {
    in_virtual_time(|stage| async move {
        let journal = Journal::begin("kinesis", &stage);
        let before = with_stream(&stage, "orders", 1).await;
        let mut numbers = vec![put(&before, "orders", "a", "1").await.1];
        let place = iterator(&before, "orders", SHARD, ShardIteratorType::Latest).await;
        numbers.push(put(&before, "orders", "a", "2").await.1);
        let (stage, journal) = journal.restarted(&stage, Duration::from_mins(1)).await;
        let after = client(&stage);
        numbers.push(put(&after, "orders", "a", "3").await.1);
        // All records pass out of retention, and their numbers are not given again.
        let page = after.get_records().shard_iterator(place).send().await.expect("it is not too old");
        assert_eq!(page.records.iter().map(text).collect::<Vec<_>>(), ["2", "3"]);
        stage.advance(DAY + SECOND * 60).await;
        assert!(!journal.held(&stage).keys().any(|path| path.contains("/record/")), "they were swept");
        let (stage, journal) = journal.restarted(&stage, Duration::ZERO).await;
        let later = client(&stage);
        numbers.push(put(&later, "orders", "a", "4").await.1);
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        journal.check(&stage, "at the end");
    });
}

#[test]
fn what_passed_out_of_retention_while_nothing_ran_is_gone_at_the_start() {
    in_virtual_time(|stage| async move {
        let journal = Journal::begin("kinesis", &stage);
        let before = with_stream(&stage, "orders", 1).await;
        put(&before, "orders", "a", "1").await;
        let (stage, journal) = journal.restarted(&stage, DAY + Duration::from_mins(2)).await;
        let after = client(&stage);
        assert_eq!(read(&after, "orders", SHARD).await.len(), 0);
        assert!(!journal.held(&stage).keys().any(|path| path.contains("/record/")), "it was swept");
        journal.check(&stage, "after the start");
    });
}

#[test]
fn a_fork_goes_its_own_way() {
    in_virtual_time(|stage| async move {
        let before = with_stream(&stage, "orders", 2).await;
        let consumer = with_consumer(&stage, &before, "orders", "audit").await;
        let mut listener = subscribed(&before, &consumer, ShardIteratorType::TrimHorizon).await;
        for data in ["1", "2", "3"] {
            put(&before, "orders", "a", data).await;
        }
        stage.emulator.handles().kinesis_limits.set(Limits::Enforced);
        let now = stage.emulator.clock().now();
        let fork = Stage::on(Emulator::builder().epoch(now).start().await).await;
        fork.emulator.world().fork_of(stage.emulator.world()).expect("it can be forked");
        let (journal, forked) = (Journal::begin("kinesis", &Stage::in_process().await), client(&fork));
        assert_eq!(journal.held(&fork), journal.held(&stage));

        assert_eq!(texts(&next_full(&mut listener).await), ["1", "2", "3"]);
        put(&before, "orders", "a", "4").await;
        assert_eq!(texts(&next_full(&mut listener).await), ["4"], "who listens to the first still does");
        put(&forked, "orders", "a", "5").await;
        let data = |records: Vec<Record>| records.iter().map(|record| text(record).to_owned()).collect::<Vec<_>>();
        assert_eq!(data(read(&before, "orders", SHARD).await), ["1", "2", "3", "4"]);
        // The limits are those of the world: nobody limits the fork.
        for _ in 0..10 {
            assert_eq!(data(read(&forked, "orders", SHARD).await), ["1", "2", "3", "5"]);
        }
        // Nobody listens to the fork yet.
        let mut other = subscribed(&forked, &consumer, ShardIteratorType::TrimHorizon).await;
        assert_eq!(texts(&next_full(&mut other).await), ["1", "2", "3", "5"]);
        assert_eq!(list(&forked, "orders").await, list(&before, "orders").await);
    });
}
