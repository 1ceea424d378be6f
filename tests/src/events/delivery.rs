//! The way of an event from PutEvents over a rule to its targets.

use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::{KinesisParameters, PutEventsRequestEntry, Target};
use aws_sdk_kinesis::types::{Record, ShardIteratorType};
use rehearsal_emulator::kernel::timeline::{Event, Kind, Outcome};

use super::{ROLE, client, order, put_rule, put_target, stream, stream_arn};
use crate::stage::{Stage, on_both_stages};

fn hops(stage: &Stage) -> Vec<Event> {
    stage.emulator.timeline().events().into_iter().filter(|event| event.kind == Kind::Hop).collect()
}

async fn put_order(events: &Client) {
    events.put_events().entries(order(r#"{"user":"u_1"}"#)).send().await.unwrap();
}

#[test]
fn every_target_of_every_matching_rule_is_one_hop_caused_by_the_call() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "one").await;
        put_target(&events, "one", stream("a")).await;
        put_target(&events, "one", stream("b")).await;
        put_rule(&events, "two").await;
        put_target(&events, "two", stream("c")).await;
        events.put_rule().name("other").event_pattern(r#"{"source":["zoo"]}"#).send().await.unwrap();
        put_target(&events, "other", stream("d")).await;
        put_order(&events).await;
        let hops = hops(&stage);
        let ways: Vec<_> = hops.iter().map(|hop| hop.resource.replace(":us-east-1:000000000000:", " ")).collect();
        assert_eq!(
            ways,
            [
                "arn:aws:events rule/one -> arn:aws:kinesis stream/a",
                "arn:aws:events rule/one -> arn:aws:kinesis stream/b",
                "arn:aws:events rule/two -> arn:aws:kinesis stream/c",
            ]
        );
        let all = stage.emulator.timeline().events();
        let call = all.iter().find(|event| event.action == "PutEvents").unwrap();
        assert!(hops.iter().all(|hop| hop.cause.unwrap().event == call.id));
    });
}

#[test]
fn a_disabled_rule_sends_nothing() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "one").await;
        put_target(&events, "one", stream("a")).await;
        events.disable_rule().name("one").send().await.unwrap();
        put_order(&events).await;
        assert_eq!(hops(&stage), []);
        events.enable_rule().name("one").send().await.unwrap();
        put_order(&events).await;
        assert_eq!(hops(&stage).len(), 1);
    });
}

/// Everything in the one shard of a stream: partition keys with what they hold.
pub async fn records(stage: &Stage, stream: &str) -> Vec<(String, String)> {
    let kinesis = aws_sdk_kinesis::Client::new(&stage.config);
    let iterator = kinesis.get_shard_iterator().stream_name(stream).shard_id("shardId-000000000000");
    let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
    let read = kinesis.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap();
    let text = |record: &Record| String::from_utf8(record.data().as_ref().to_vec()).unwrap();
    read.records().iter().map(|record| (record.partition_key().unwrap_or_default().to_owned(), text(record))).collect()
}

pub async fn create_stream(stage: &Stage, name: &str) {
    let kinesis = aws_sdk_kinesis::Client::new(&stage.config);
    kinesis.create_stream().stream_name(name).shard_count(1).send().await.unwrap();
    stage.advance(Duration::from_secs(60)).await;
}

#[test]
fn an_event_that_matches_becomes_a_record_under_its_id() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_stream(&stage, "orders").await;
        put_rule(&events, "all").await;
        put_target(&events, "all", stream("orders")).await;
        let time = DateTime::from_secs(1_767_225_601);
        let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order").time(time);
        let entry = entry.resources("arn:aws:s3:::b").detail(r#"{ "user": "u_1", "total": 3e1 }"#);
        let put = events.put_events().entries(entry.build()).send().await.unwrap();
        let id = put.entries()[0].event_id().unwrap();
        let event = format!(
            concat!(
                r#"{{"version":"0","id":"{}","detail-type":"order","source":"shop","account":"000000000000","#,
                r#""time":"2026-01-01T00:00:01Z","region":"us-east-1","resources":["arn:aws:s3:::b"],"#,
                r#""detail":{{"user":"u_1","total":30.0}}}}"#
            ),
            id
        );
        assert_eq!(records(&stage, "orders").await, [(id.to_owned(), event)]);
        let hop = &hops(&stage)[0];
        assert_eq!((&hop.outcome, &*hop.service), (&Outcome::Done, "events"));
    });
}

#[test]
fn a_target_may_choose_what_it_gets_and_the_partition_key() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_stream(&stage, "orders").await;
        put_rule(&events, "all").await;
        let parameters = KinesisParameters::builder().partition_key_path("$.detail.user").build().unwrap();
        let target = || Target::builder().arn(stream_arn("orders")).role_arn(ROLE);
        let part = target().id("1").input_path("$.detail").kinesis_parameters(parameters.clone());
        put_target(&events, "all", part.build().unwrap()).await;
        let constant = target().id("2").input(r#"{"constant":true}"#).kinesis_parameters(parameters);
        put_target(&events, "all", constant.build().unwrap()).await;
        put_order(&events).await;
        let expected = [("u_1", r#"{"user":"u_1"}"#), ("u_1", r#"{"constant":true}"#)];
        let expected = expected.map(|(key, data)| (key.to_owned(), data.to_owned()));
        assert_eq!(records(&stage, "orders").await, expected);
    });
}

#[test]
fn what_cannot_be_delivered_is_on_the_timeline_and_the_caller_does_not_notice() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        put_target(&events, "all", stream("missing")).await;
        put_order(&events).await;
        match &hops(&stage)[0].outcome {
            Outcome::Error { code, .. } => assert_eq!(code, "ResourceNotFoundException"),
            other => panic!("delivered: {other:?}"),
        }
    });
}
