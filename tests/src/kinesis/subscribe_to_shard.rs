//! SubscribeToShard. What faults and connections do to it is tested beside.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kinesis::operation::subscribe_to_shard::SubscribeToShardOutput;
use aws_sdk_kinesis::operation::subscribe_to_shard::builders::SubscribeToShardFluentBuilder;
use aws_sdk_kinesis::primitives::{Blob, DateTime};
use aws_sdk_kinesis::types::{
    PutRecordsRequestEntry, ShardIteratorType, StartingPosition, SubscribeToShardEvent, SubscribeToShardEventStream,
};
use rehearsal_emulator::kernel::timeline::{Kind, Link};

use super::{ACCOUNT, SHARD, put, raw_refusal, refused, stream_not_found, text, with_consumer, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

pub fn position(kind: ShardIteratorType, number: Option<&str>) -> StartingPosition {
    let position = StartingPosition::builder().r#type(kind).set_sequence_number(number.map(str::to_owned));
    position.build().expect("it has a type")
}

pub fn subscribe(client: &Client, consumer: &str, position: StartingPosition) -> SubscribeToShardFluentBuilder {
    client.subscribe_to_shard().consumer_arn(consumer).shard_id(SHARD).starting_position(position)
}

pub async fn subscribed(client: &Client, consumer: &str, kind: ShardIteratorType) -> SubscribeToShardOutput {
    subscribe(client, consumer, position(kind, None)).send().await.expect("nobody else has subscribed")
}

/// The next event; `None` at a clean end.
pub async fn next(output: &mut SubscribeToShardOutput) -> Option<SubscribeToShardEvent> {
    match output.event_stream.recv().await.expect("the stream goes on or ends well")? {
        SubscribeToShardEventStream::SubscribeToShardEvent(event) => Some(event),
        other => panic!("an event of an unknown kind: {other:?}"),
    }
}

/// The next event that is not empty.
pub async fn next_full(output: &mut SubscribeToShardOutput) -> SubscribeToShardEvent {
    loop {
        let event = next(output).await.expect("the stream goes on");
        if !event.records.is_empty() {
            return event;
        }
    }
}

/// Code and message of the exception that comes next.
async fn exception(output: &mut SubscribeToShardOutput) -> (String, String) {
    let error = loop {
        match output.event_stream.recv().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended without an exception"),
            Err(error) => break error,
        }
    };
    let SdkError::ServiceError(error) = error else { panic!("not an exception of the service: {error:?}") };
    let name = format!("{:?}", error.err());
    let code = name.split('(').next().unwrap_or_default().to_owned();
    (code, error.err().message().unwrap_or_default().to_owned())
}

pub fn texts(event: &SubscribeToShardEvent) -> Vec<&str> {
    event.records.iter().map(text).collect()
}

fn another_active() -> (String, String) {
    let what = format!("{ACCOUNT}:orders:{SHARD}:audit");
    let message = format!("Another active subscription exists for this consumer: {what}");
    refused("ResourceInUseException", message)
}

async fn with_orders(stage: &Stage) -> (Client, String) {
    let client = with_stream(stage, "orders", 1).await;
    let consumer = with_consumer(stage, &client, "orders", "audit").await;
    (client, consumer)
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "3 validation errors detected: Value null at 'consumerARN' failed to satisfy constraint: Member \
                       must not be null; Value null at 'shardId' failed to satisfy constraint: Member must not be null; \
                       Value null at 'startingPosition' failed to satisfy constraint: Member must not be null";
        let found = raw_refusal(&stage, "SubscribeToShard", "{}").await;
        assert_eq!(found, refused("ValidationException", message));
        let body = r#"{"ConsumerARN":"a","ShardId":"","StartingPosition":{"Type":"NEWEST","SequenceNumber":"x"}}"#;
        let (code, message) = raw_refusal(&stage, "SubscribeToShard", body).await;
        assert_eq!(code, "ValidationException");
        assert!(message.starts_with("5 validation errors detected: Value 'a' at 'consumerARN' failed"), "{message}");
        for part in [
            "Value '' at 'shardId' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value 'NEWEST' at 'startingPosition.type' failed to satisfy constraint: Member must satisfy enum value set",
            "Value 'x' at 'startingPosition.sequenceNumber' failed to satisfy constraint",
        ] {
            assert!(message.contains(part), "{message}");
        }
        let consumer = format!("arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/orders/consumer/audit:1");
        let body = format!(r#"{{"ConsumerARN":"{consumer}","ShardId":"{SHARD}","StartingPosition":{{}}}}"#);
        let message = "1 validation error detected: Value null at 'startingPosition.type' failed to satisfy constraint: \
                       Member must not be null";
        let found = raw_refusal(&stage, "SubscribeToShard", &body).await;
        assert_eq!(found, refused("ValidationException", message));
    });
}

#[test]
fn the_position_must_make_sense() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let future = DateTime::from_secs(4_000_000_000);
        let at_timestamp = StartingPosition::builder().r#type(ShardIteratorType::AtTimestamp);
        for (wrong, part) in [
            (position(ShardIteratorType::AtSequenceNumber, None), "Request specified AT_SEQUENCE_NUMBER and no"),
            (position(ShardIteratorType::Latest, Some("1")), "Request specified LATEST and also a"),
            (position(ShardIteratorType::AtTimestamp, None), "Must specify timestamp parameter"),
            (at_timestamp.timestamp(future).build().unwrap(), "cannot be greater than the currentTimestampInMillis"),
            (
                position(ShardIteratorType::AfterSequenceNumber, Some("7")),
                "StartingSequenceNumber 7 used in SubscribeToShard on shard shardId-000000000000 in stream orders",
            ),
        ] {
            let (code, message) = refusal(subscribe(&client, &consumer, wrong).send().await);
            assert_eq!(code, "InvalidArgumentException", "{message}");
            assert!(message.contains(part), "{message}");
        }
    });
}

#[test]
fn consumer_and_shard_must_be_there_and_the_consumer_active() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let register = client.register_stream_consumer().stream_arn(super::arn("orders")).consumer_name("audit");
        let consumer = register.send().await.unwrap().consumer.expect("it is required").consumer_arn;
        let latest = || position(ShardIteratorType::Latest, None);
        let seconds = consumer.rsplit_once(':').expect("it ends with a moment").1;
        let message = format!(
            "Consumer audit with creation timestamp {seconds} under stream: orders , account {ACCOUNT} is not in ACTIVE \
             status."
        );
        let early = subscribe(&client, &consumer, latest()).send().await;
        assert_eq!(refusal(early), refused("ResourceInUseException", message));
        stage.advance(Duration::from_secs(1)).await;
        let other = subscribe(&client, &consumer, latest()).shard_id("shardId-000000000009").send().await;
        let message = format!("Shard shardId-000000000009 in stream orders under account {ACCOUNT} does not exist");
        assert_eq!(refusal(other), refused("ResourceNotFoundException", message));
        let other = subscribe(&client, &consumer.replace("/audit", "/billing"), latest()).send().await;
        assert_eq!(refusal(other).0, "ResourceNotFoundException");
        let other = subscribe(&client, &consumer.replace("/orders/", "/carts/"), latest()).send().await;
        assert_eq!(refusal(other), stream_not_found("carts"));
    });
}

// Behaviour

#[test]
fn records_arrive_as_they_are_written() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let (_, first) = put(&client, "orders", "a", "1").await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
        let event = next(&mut output).await.expect("the stream goes on");
        assert_eq!((texts(&event), event.millis_behind_latest), (vec!["1"], 0));
        assert_eq!((&event.continuation_sequence_number, event.child_shards), (&first, None));
        assert_eq!(event.records[0].sequence_number, first);
        assert_eq!(event.records[0].partition_key.as_deref(), Some("a"));
        assert!(event.records[0].approximate_arrival_timestamp.is_some());
        for data in ["2", "3"] {
            put(&client, "orders", "a", data).await;
            assert_eq!(texts(&next(&mut output).await.expect("the stream goes on")), [data]);
        }
    });
}

#[test]
fn what_is_written_together_arrives_together_up_to_1_mib() {
    in_virtual_time(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let entry = |size| PutRecordsRequestEntry::builder().partition_key("a").data(Blob::new(vec![0; size]));
        let entries = [100, 600_000, 500_000, 7].map(|size| entry(size).build().unwrap());
        let put = client.put_records().stream_name("orders").set_records(Some(entries.to_vec()));
        assert_eq!(put.send().await.unwrap().failed_record_count, Some(0));
        stage.advance(Duration::from_secs(2)).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
        let mut found = Vec::new();
        for _ in 0..2 {
            let event = next(&mut output).await.expect("the stream goes on");
            let sizes: Vec<_> = event.records.iter().map(|record| record.data.as_ref().len()).collect();
            found.push((sizes, event.millis_behind_latest >= 2000));
        }
        assert_eq!(found, [(vec![100, 600_000], true), (vec![500_000, 7], false)]);
    });
}

#[test]
fn a_subscription_starts_where_it_is_told() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let (_, first) = put(&client, "orders", "a", "1").await;
        stage.advance(Duration::from_secs(10)).await;
        let between = stage.emulator.clock().now();
        stage.advance(Duration::from_secs(10)).await;
        put(&client, "orders", "a", "2").await;
        let at_timestamp = StartingPosition::builder().r#type(ShardIteratorType::AtTimestamp);
        let at_timestamp = at_timestamp.timestamp(DateTime::from_millis(between.as_millis())).build().unwrap();
        for (start, expected) in [
            (position(ShardIteratorType::TrimHorizon, None), vec!["1", "2", "3"]),
            (position(ShardIteratorType::AtSequenceNumber, Some(&first)), vec!["1", "2", "3"]),
            (position(ShardIteratorType::AfterSequenceNumber, Some(&first)), vec!["2", "3"]),
            (at_timestamp, vec!["2", "3"]),
            (position(ShardIteratorType::Latest, None), vec!["3"]),
        ] {
            let kind = start.r#type.clone();
            let name = kind.as_str().to_lowercase().replace('_', "-");
            let consumer = with_consumer(&stage, &client, "orders", &name).await;
            let mut output = subscribe(&client, &consumer, start).send().await.unwrap();
            if kind == ShardIteratorType::Latest {
                put(&client, "orders", "a", "3").await;
            }
            let mut found = Vec::new();
            while found.len() + 1 < expected.len() || found.is_empty() {
                let event = next_full(&mut output).await;
                found.extend(texts(&event).into_iter().map(str::to_owned));
            }
            assert!(expected.starts_with(&found.iter().map(String::as_str).collect::<Vec<_>>()), "{kind:?}: {found:?}");
        }
        drop(consumer);
    });
}

#[test]
fn five_minutes_without_records_are_59_empty_events_and_a_clean_end() {
    in_virtual_time(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let began = stage.emulator.clock().now();
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        let mut events = 0;
        let mut last = String::new();
        while let Some(event) = next(&mut output).await {
            events += 1;
            let elapsed = stage.emulator.clock().now().since(began);
            assert_eq!(elapsed, Duration::from_secs(5 * events));
            assert_eq!((event.records.len(), event.millis_behind_latest), (0, 0));
            assert!(event.continuation_sequence_number > last, "it goes on with time");
            last = event.continuation_sequence_number;
        }
        assert_eq!(events, 59);
        assert_eq!(stage.emulator.clock().now().since(began), Duration::from_mins(5));
        assert!(next(&mut output).await.is_none(), "the end stays the end");
        subscribed(&client, &consumer, ShardIteratorType::Latest).await;
    });
}

#[test]
fn a_word_comes_five_seconds_after_the_last_one_whatever_it_was() {
    in_virtual_time(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        stage.advance(Duration::from_secs(3)).await;
        put(&client, "orders", "a", "1").await;
        assert_eq!(texts(&next(&mut output).await.expect("the stream goes on")), ["1"]);
        let before = stage.emulator.clock().now();
        assert_eq!(next(&mut output).await.expect("the stream goes on").records, []);
        assert_eq!(stage.emulator.clock().now().since(before), Duration::from_secs(5));
    });
}

#[test]
fn a_reader_goes_on_exactly_behind_the_continuation_of_an_empty_event() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        put(&client, "orders", "a", "1").await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        let waiting = tokio::spawn(async move { next(&mut output).await.expect("the stream goes on") });
        stage.advance(Duration::from_secs(5)).await;
        let empty = waiting.await.expect("it does not panic");
        assert_eq!(empty.records, []);
        put(&client, "orders", "a", "2").await;
        for kind in [ShardIteratorType::AtSequenceNumber, ShardIteratorType::AfterSequenceNumber] {
            stage.advance(Duration::from_secs(5)).await;
            let start = position(kind, Some(&empty.continuation_sequence_number));
            let mut output = subscribe(&client, &consumer, start).send().await.expect("five seconds have passed");
            assert_eq!(texts(&next_full(&mut output).await), ["2"]);
        }
        let iterator = client.get_shard_iterator().stream_name("orders").shard_id(SHARD);
        let iterator = iterator.starting_sequence_number(&empty.continuation_sequence_number);
        let iterator = iterator.shard_iterator_type(ShardIteratorType::AtSequenceNumber).send().await.unwrap();
        let records = client.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap().records;
        assert_eq!(records.iter().map(text).collect::<Vec<_>>(), ["2"]);
    });
}

#[test]
fn a_second_call_is_refused_for_five_seconds_and_then_takes_over() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let mut old = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        let latest = || position(ShardIteratorType::Latest, None);
        assert_eq!(refusal(subscribe(&client, &consumer, latest()).send().await), another_active());
        stage.advance(Duration::from_secs(5)).await;
        let mut new = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        assert_eq!(exception(&mut old).await, another_active());
        assert!(next(&mut old).await.is_none(), "nothing follows an exception");
        put(&client, "orders", "a", "1").await;
        assert_eq!(texts(&next_full(&mut new).await), ["1"]);
        assert_eq!(refusal(subscribe(&client, &consumer, latest()).send().await), another_active());
    });
}

#[test]
fn consumers_and_shards_have_subscriptions_of_their_own() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let audit = with_consumer(&stage, &client, "orders", "audit").await;
        let billing = with_consumer(&stage, &client, "orders", "billing").await;
        let mut outputs = Vec::new();
        for consumer in [&audit, &billing] {
            for shard in [SHARD, "shardId-000000000001"] {
                let start = position(ShardIteratorType::Latest, None);
                let output = subscribe(&client, consumer, start).shard_id(shard).send().await;
                outputs.push(output.expect("each is the first of its kind"));
            }
        }
        for key in ["0", &u128::MAX.to_string()] {
            let put = client.put_record().stream_name("orders").partition_key("a").explicit_hash_key(key);
            put.data(Blob::new(key)).send().await.unwrap();
        }
        for (output, key) in outputs.iter_mut().zip(["0", &u128::MAX.to_string(), "0", &u128::MAX.to_string()]) {
            assert_eq!(texts(&next(output).await.expect("the stream goes on")), [key]);
        }
    });
}

#[test]
fn a_shard_that_is_split_ends_with_its_children_whoever_asks_and_they_go_on() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        put(&client, "orders", "a", "1").await;
        assert_eq!(texts(&next_full(&mut output).await), ["1"]);
        let half = (1_u128 << 127).to_string();
        let split = client.split_shard().stream_name("orders").shard_to_split(SHARD).new_starting_hash_key(half);
        split.send().await.expect("the stream is ACTIVE");
        let waiting = tokio::spawn(async move {
            let last = next(&mut output).await.expect("the shard says that it is closed");
            assert!(next(&mut output).await.is_none(), "nothing follows");
            last
        });
        stage.advance(Duration::from_secs(6)).await;
        let last = waiting.await.expect("it does not panic");
        assert_eq!((last.records.len(), last.continuation_sequence_number.as_str()), (0, ""));
        let children: Vec<_> = last.child_shards.iter().flatten().map(|child| child.shard_id.as_str()).collect();
        assert_eq!(children, ["shardId-000000000001", "shardId-000000000002"]);

        let mut again = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        let last = next(&mut again).await.expect("the shard says that it is closed");
        assert_eq!(last.child_shards.map(|children| children.len()), Some(2));
        assert!(next(&mut again).await.is_none(), "nothing follows");

        put(&client, "orders", "a", "2").await;
        let mut found = Vec::new();
        for child in children {
            let start = position(ShardIteratorType::TrimHorizon, None);
            let mut output = subscribe(&client, &consumer, start).shard_id(child).send().await.unwrap();
            let waiting = tokio::spawn(async move { next(&mut output).await.expect("the stream goes on") });
            stage.advance(Duration::from_secs(6)).await;
            found.extend(waiting.await.expect("it does not panic").records);
        }
        assert_eq!(found.iter().map(text).collect::<Vec<_>>(), ["2"]);
    });
}

#[test]
fn who_listens_learns_that_the_stream_or_the_consumer_is_gone() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        client.deregister_stream_consumer().consumer_arn(&consumer).send().await.unwrap();
        let message = format!("Consumer audit under stream orders and account {ACCOUNT} not found.");
        assert_eq!(exception(&mut output).await, refused("ResourceNotFoundException", message));
        stage.advance(Duration::from_secs(1)).await;

        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        client.delete_stream().stream_name("orders").enforce_consumer_deletion(true).send().await.unwrap();
        assert_eq!(exception(&mut output).await, stream_not_found("orders"));
        assert!(next(&mut output).await.is_none(), "nothing follows an exception");
        stage.advance(Duration::from_secs(1)).await;

        let (client, consumer) = with_orders(&stage).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        stage.emulator.world().reset(None);
        assert_eq!(exception(&mut output).await, stream_not_found("orders"));
    });
}

#[test]
fn time_that_is_advanced_brings_each_event_at_its_own_moment() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        let began = stage.emulator.timeline().events().len();
        let listening = tokio::spawn(async move { while next(&mut output).await.is_some() {} });
        stage.advance(Duration::from_secs(301)).await;
        listening.await.expect("it does not panic");
        let events = stage.emulator.timeline().events();
        let pushed: Vec<u64> =
            events[began..].iter().filter(|event| event.kind == Kind::Push).map(|event| event.at_ms).collect();
        assert_eq!(pushed.len(), 59, "{pushed:?}");
        // On a running clock, the machine's own time passes as well.
        let own_time = |(place, at): (u64, &u64)| (0..1000).contains(&(at - pushed[0]).abs_diff(place * 5000));
        assert!((0..).zip(&pushed).all(own_time), "each at its own time: {pushed:?}");
    });
}

#[test]
fn each_event_with_records_knows_the_write_it_came_from_and_empty_ones_are_quiet() {
    in_virtual_time(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        next(&mut output).await.expect("the stream goes on");
        put(&client, "orders", "a", "1").await;
        next(&mut output).await.expect("the stream goes on");
        client.list_streams().send().await.unwrap();
        let events = stage.emulator.timeline().events();
        let of = |action: &str| events.iter().filter(|event| event.action == action).collect::<Vec<_>>();
        let (call, pushed, write) = (of("SubscribeToShard")[0], of("SubscribeToShardEvent"), of("PutRecord")[0]);
        assert_eq!(call.detail, format!("audit {SHARD} LATEST"));
        assert_eq!((call.resource.as_str(), pushed[1].resource.as_str()), ("orders", "orders"));
        assert!(pushed[0].quiet && !pushed[1].quiet);
        assert_eq!(pushed[0].cause.map(|cause| (cause.event, cause.link)), Some((call.id, Link::Made)));
        assert_eq!(pushed[1].detail, "1 record");
        assert_eq!(pushed[1].cause.map(|cause| (cause.event, cause.link)), Some((write.id, Link::Read)));
        let next = of("ListStreams")[0].cause.expect("its caller was handed work");
        assert_eq!((next.event, next.link), (pushed[1].id, Link::Handed));
    });
}

#[test]
fn the_same_run_has_the_same_timeline() {
    let timeline = || {
        let told = std::sync::Mutex::new(String::new());
        in_virtual_time(|stage| {
            let told = &told;
            async move {
                let (client, audit) = with_orders(&stage).await;
                let billing = with_consumer(&stage, &client, "orders", "billing").await;
                let mut listening = Vec::new();
                for consumer in [audit, billing] {
                    let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
                    listening.push(tokio::spawn(async move { while next(&mut output).await.is_some() {} }));
                }
                for data in ["1", "2", "3"] {
                    put(&client, "orders", "a", data).await;
                    stage.advance(Duration::from_secs(7)).await;
                }
                for task in listening {
                    task.await.expect("it does not panic");
                }
                *told.lock().unwrap() = stage.emulator.timeline().to_string();
            }
        });
        told.into_inner().unwrap()
    };
    let first = timeline();
    assert_eq!(first.matches("SubscribeToShardEvent").count(), 6, "{first}");
    assert_eq!(first, timeline());
}
