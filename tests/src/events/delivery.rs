//! The way of an event from PutEvents over a rule to its targets.

use aws_sdk_eventbridge::Client;
use rehearsal_emulator::kernel::timeline::{Event, Kind};

use super::{client, order, put_rule, put_target, stream};
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
