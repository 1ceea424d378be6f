//! What EventBridge sends to Kinesis, when the bus between them is not kind.

use std::time::Duration;

use aws_sdk_eventbridge::types::{PutEventsRequestEntry, Target};
use aws_sdk_kinesis::types::ShardIteratorType;
use rehearsal_emulator::{Emulator, Kind, Outcome, between};

struct Shop {
    emulator: Emulator,
    events: aws_sdk_eventbridge::Client,
    kinesis: aws_sdk_kinesis::Client,
}

/// A rule that sends every event of the shop to the stream `orders`.
async fn shop() -> Shop {
    let emulator = Emulator::builder().seed(7).start().await;
    let config = emulator.sdk_config().await;
    let (events, kinesis) = (aws_sdk_eventbridge::Client::new(&config), aws_sdk_kinesis::Client::new(&config));
    kinesis.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
    emulator.clock().advance(Duration::from_mins(1)).await;
    events.put_rule().name("orders").event_pattern(r#"{"source":["shop"]}"#).send().await.unwrap();
    let stream = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
    let target = Target::builder().id("stream").arn(stream).role_arn("arn:aws:iam::000000000000:role/events");
    events.put_targets().rule("orders").targets(target.build().unwrap()).send().await.unwrap();
    Shop { emulator, events, kinesis }
}

impl Shop {
    async fn sell(&self, order: u32) {
        let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order");
        let put = self.events.put_events().entries(entry.detail(format!(r#"{{"order":{order}}}"#)).build());
        assert_eq!(put.send().await.unwrap().failed_entry_count(), 0);
    }

    /// The orders that have arrived, in the order of the shard.
    async fn arrived(&self) -> Vec<u64> {
        let iterator = self.kinesis.get_shard_iterator().stream_name("orders").shard_id("shardId-000000000000");
        let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
        let read = self.kinesis.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap();
        let order = |data: &[u8]| {
            let event: serde_json::Value = serde_json::from_slice(data).expect("an event is JSON");
            event["detail"]["order"].as_u64().expect("it is an order")
        };
        read.records().iter().map(|record| order(record.data().as_ref())).collect()
    }

    fn hops(&self) -> Vec<(u64, String, Outcome)> {
        let events = self.emulator.timeline().events();
        let hops = events.into_iter().filter(|event| event.kind == Kind::Hop);
        hops.map(|hop| (hop.at_ms, hop.detail, hop.outcome)).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_arrives_twice_until_the_rule_is_spent() {
    let shop = shop().await;
    let twice = shop.emulator.bus_fault(between("*rule/orders", "*stream/orders").times(1).duplicate());
    shop.sell(1).await;
    shop.sell(2).await;
    assert_eq!(shop.arrived().await, [1, 1, 2]);
    assert_eq!(twice.acted(), 1);
    let details: Vec<String> = shop.hops().into_iter().map(|(_, detail, _)| detail).collect();
    assert!(details[0].starts_with("duplicated") && details[1].starts_with("duplicated"), "{details:?}");
    assert!(!details[2].contains("duplicated"), "{details:?}");
}

#[tokio::test(start_paused = true)]
async fn a_delayed_one_is_overtaken() {
    let shop = shop().await;
    let _late = shop.emulator.bus_fault(between("*", "*").times(1).delay(Duration::from_secs(30)));
    shop.sell(1).await;
    shop.sell(2).await;
    assert_eq!(shop.arrived().await, [2]);
    shop.emulator.clock().advance(Duration::from_secs(30)).await;
    assert_eq!(shop.arrived().await, [2, 1]);
    let at: Vec<u64> = shop.hops().into_iter().map(|(at, ..)| at).collect();
    assert_eq!(at, [60_000, 90_000]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_one_is_sent_again_and_a_rule_ends_with_its_guard() {
    let shop = shop().await;
    let loss = shop.emulator.bus_fault(between("*", "*stream/orders").drop_then_retry(Duration::from_mins(1)));
    shop.sell(1).await;
    assert_eq!(loss.end().expect("it was in force").acted, 1);
    shop.sell(2).await;
    shop.emulator.clock().advance(Duration::from_mins(1)).await;
    assert_eq!(shop.arrived().await, [2, 1]);
    assert!(shop.hops()[1].1.starts_with("retried after a loss"), "{:?}", shop.hops());
}

#[tokio::test(start_paused = true)]
async fn what_was_delayed_until_its_stream_was_gone_is_on_the_timeline() {
    let shop = shop().await;
    let _late = shop.emulator.bus_fault(between("*", "*").delay(Duration::from_mins(5)));
    shop.sell(1).await;
    shop.kinesis.delete_stream().stream_name("orders").send().await.unwrap();
    shop.emulator.clock().advance(Duration::from_mins(5)).await;
    let [(_, _, Outcome::Error { code, message })] = &shop.hops()[..] else { panic!("{:?}", shop.hops()) };
    assert_eq!(code, "ResourceNotFoundException", "{message}");
    assert!(shop.emulator.timeline().to_string().contains("> ResourceNotFoundException"));
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_twice_is_tried_again_and_arrives() {
    let shop = shop().await;
    let busy = between("*rule/orders", "*stream/orders").times(2).fail(503, "ServiceUnavailable", "try later");
    let _busy = shop.emulator.bus_fault(busy);
    shop.sell(1).await;
    assert!(shop.arrived().await.is_empty());
    shop.emulator.clock().advance(Duration::from_secs(5)).await;
    assert_eq!(shop.arrived().await, [1]);
    let hops = shop.emulator.timeline().events().into_iter().filter(|event| event.kind == Kind::Hop);
    let hops: Vec<_> = hops.collect();
    assert_eq!(hops.iter().map(|hop| hop.attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(hops[2].cause.unwrap().event, hops[1].id, "an attempt comes of the one before");
    assert_eq!(hops[2].outcome, Outcome::Done);
}
