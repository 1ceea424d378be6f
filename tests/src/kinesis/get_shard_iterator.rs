//! GetShardIterator.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::operation::get_shard_iterator::builders::GetShardIteratorFluentBuilder;
use aws_sdk_kinesis::primitives::DateTime;
use aws_sdk_kinesis::types::ShardIteratorType;

use super::{ACCOUNT, SHARD, arn, client, put, raw, raw_refusal, refused, stream_not_found, text, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

fn get(client: &Client, kind: ShardIteratorType) -> GetShardIteratorFluentBuilder {
    client.get_shard_iterator().stream_name("orders").shard_id(SHARD).shard_iterator_type(kind)
}

/// What is read from there, as one text.
async fn read_from(client: &Client, get: GetShardIteratorFluentBuilder) -> String {
    let iterator = get.send().await.expect("the request is good").shard_iterator.expect("there is always one");
    let read = client.get_records().shard_iterator(iterator).send().await.expect("the iterator is new");
    read.records.iter().map(text).collect()
}

fn now(stage: &Stage) -> DateTime {
    DateTime::from_millis(stage.emulator.clock().now().as_millis())
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "2 validation errors detected: Value null at 'shardId' failed to satisfy constraint: Member must \
                       not be null; Value null at 'shardIteratorType' failed to satisfy constraint: Member must not be \
                       null";
        let found = raw_refusal(&stage, "GetShardIterator", r#"{"StreamName":"orders"}"#).await;
        assert_eq!(found, refused("ValidationException", message));
        let body = r#"{"StreamName":"orders","ShardId":"shardId-000000000000","ShardIteratorType":"FIRST"}"#;
        let message = "1 validation error detected: Value 'FIRST' at 'shardIteratorType' failed to satisfy constraint: \
                       Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, \
                       AT_SEQUENCE_NUMBER, TRIM_HORIZON]";
        assert_eq!(raw_refusal(&stage, "GetShardIterator", body).await, refused("ValidationException", message));
        let body = r#"{"StreamName":"orders","ShardId":"shardId-000000000000","ShardIteratorType":"AT_TIMESTAMP","Timestamp":"now"}"#;
        assert_eq!(raw_refusal(&stage, "GetShardIterator", body).await.0, "SerializationException");
    });
}

#[test]
fn stream_and_shard_must_exist() {
    on_both_stages(|stage| async move {
        let latest = get(&client(&stage), ShardIteratorType::Latest).send().await;
        assert_eq!(refusal(latest), stream_not_found("orders"));
        let client = with_stream(&stage, "orders", 1).await;
        for shard in ["shardId-000000000001", "shardId-1", "first"] {
            let message = format!("Shard {shard} in stream orders under account {ACCOUNT} does not exist");
            let unknown = get(&client, ShardIteratorType::Latest).shard_id(shard).send().await;
            assert_eq!(refusal(unknown), refused("ResourceNotFoundException", message));
        }
    });
}

#[test]
fn a_type_comes_with_what_it_needs() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let message = "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber \
                       or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified \
                       AT_SEQUENCE_NUMBER and no StartingSequenceNumber.";
        let missing = get(&client, ShardIteratorType::AtSequenceNumber).send().await;
        assert_eq!(refusal(missing), refused("InvalidArgumentException", message));
        let excess = get(&client, ShardIteratorType::Latest).starting_sequence_number("0").send().await;
        assert_eq!(refusal(excess).0, "InvalidArgumentException");
        let missing = get(&client, ShardIteratorType::AtTimestamp).send().await;
        assert_eq!(refusal(missing).0, "InvalidArgumentException");
        let tomorrow = DateTime::from_secs(now(&stage).secs() + 86_400);
        let (code, message) = refusal(get(&client, ShardIteratorType::AtTimestamp).timestamp(tomorrow).send().await);
        assert_eq!(code, "InvalidArgumentException");
        let start = "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis.";
        assert!(message.starts_with(start), "{message}");
    });
}

#[test]
fn a_sequence_number_must_come_from_the_shard() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let (_, of_other) = put(&client, "orders", "b", "1").await;
        let message = "Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to \
                       shardId-000000000000";
        let at = |number: &str| get(&client, ShardIteratorType::AtSequenceNumber).starting_sequence_number(number);
        assert_eq!(refusal(at(&of_other).send().await), refused("InvalidArgumentException", message));
        for number in ["49546986683135544286507457935754639466300920667981217794", "0", &"9".repeat(129)] {
            let message = format!(
                "StartingSequenceNumber {number} used in GetShardIterator on shard {SHARD} in stream orders under \
                 account {ACCOUNT} is invalid because it did not come from this stream."
            );
            assert_eq!(refusal(at(number).send().await), refused("InvalidArgumentException", message));
        }
        let (code, _) = refusal(at("1x").send().await);
        assert_eq!(code, "ValidationException");
    });
}

#[test]
fn moments_beyond_all_bounds_are_moments_all_the_same() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        for (timestamp, status) in
            [("-1e300", 200), ("-9223372036854775808", 200), ("1e300", 400), ("18446744073709551615", 400)]
        {
            let body = format!(
                r#"{{"StreamName":"orders","ShardId":"{SHARD}","ShardIteratorType":"AT_TIMESTAMP","Timestamp":{timestamp}}}"#
            );
            assert_eq!(raw(&stage, "GetShardIterator", &body).await.0, status, "{timestamp}");
        }
    });
}

// Behaviour

#[test]
fn each_type_starts_at_its_place() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let before = now(&stage);
        let mut numbers = Vec::new();
        let mut moments = Vec::new();
        for data in ["1", "2", "3"] {
            stage.advance(Duration::from_secs(10)).await;
            moments.push(now(&stage));
            numbers.push(put(&client, "orders", "a", data).await.1);
        }
        stage.advance(Duration::from_secs(10)).await;
        let described = client.list_shards().stream_name("orders").send().await.unwrap();
        let range = described.shards()[0].sequence_number_range.clone().expect("it is required");
        let start = range.starting_sequence_number;

        let by_number = |kind, number: &str| get(&client, kind).starting_sequence_number(number);
        let by_time = |moment| get(&client, ShardIteratorType::AtTimestamp).timestamp(moment);
        for (request, expected) in [
            (get(&client, ShardIteratorType::TrimHorizon), "123"),
            (get(&client, ShardIteratorType::Latest), ""),
            (by_number(ShardIteratorType::AtSequenceNumber, &start), "123"),
            (by_number(ShardIteratorType::AfterSequenceNumber, &start), "123"),
            (by_number(ShardIteratorType::AtSequenceNumber, &numbers[1]), "23"),
            (by_number(ShardIteratorType::AfterSequenceNumber, &numbers[1]), "3"),
            (by_number(ShardIteratorType::AfterSequenceNumber, &numbers[2]), ""),
            (by_time(before), "123"),
            (by_time(DateTime::from_secs(0)), "123"),
            (by_time(moments[1]), "23"),
            (by_time(now(&stage)), ""),
        ] {
            let shown = format!("{:?}", request.as_input());
            assert_eq!(read_from(&client, request).await, expected, "{shown}");
        }
        let by_arn = client.get_shard_iterator().stream_arn(arn("orders")).shard_id(SHARD);
        assert_eq!(read_from(&client, by_arn.shard_iterator_type(ShardIteratorType::TrimHorizon)).await, "123");
    });
}

#[test]
fn a_moment_leads_to_the_next_record_that_is_left() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let mut moments = Vec::new();
        for data in ["1", "2", "3"] {
            stage.advance(Duration::from_millis(1500)).await;
            moments.push(stage.emulator.clock().now().as_millis());
            put(&client, "orders", "a", data).await;
        }
        put(&client, "orders", "a", "4").await;
        let from = async |millis: i64| {
            let by_time = get(&client, ShardIteratorType::AtTimestamp).timestamp(DateTime::from_millis(millis));
            read_from(&client, by_time).await
        };
        for (millis, expected) in [
            (0, "1234"),
            (moments[0] - 1, "1234"),
            (moments[0], "1234"),
            (moments[0] + 1, "234"),
            (moments[1], "234"),
            (moments[1] + 1, "34"),
            (moments[2], "34"),
        ] {
            assert_eq!(from(millis).await, expected, "{millis}");
        }
        let future = get(&client, ShardIteratorType::AtTimestamp).timestamp(DateTime::from_millis(moments[2] + 1));
        assert_eq!(refusal(future.send().await).0, "InvalidArgumentException");
        // "If the time stamp is older than the current trim horizon, the iterator returned is for the oldest untrimmed
        // data record": a day after the first, it is gone, though nothing has been swept yet.
        stage.advance(Duration::from_hours(24) - Duration::from_millis(3000)).await;
        assert_eq!(from(moments[0]).await, "234");
        assert_eq!(from(moments[2] + 1).await, "");
    });
}

#[test]
fn latest_means_what_is_put_after_the_iterator_was_given() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "before").await;
        let iterator = super::iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        put(&client, "orders", "a", "after").await;
        let read = client.get_records().shard_iterator(iterator).send().await.unwrap();
        assert_eq!(read.records.iter().map(text).collect::<Vec<_>>(), ["after"]);
    });
}
