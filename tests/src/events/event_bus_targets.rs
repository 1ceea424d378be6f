//! Event buses as targets: of the same account, and of others.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, Target};
use rehearsal_emulator::{Kind, Outcome};
use serde_json::Value;

use super::delivery::{create_stream, records};
use super::{PATTERN, client, create_bus, order, put_rule, put_target, stream};
use crate::stage::{Stage, on_both_stages};

const OTHER: &str = "111111111111";

fn bus(account: &str, name: &str) -> String {
    format!("arn:aws:events:us-east-1:{account}:event-bus/{name}")
}

fn to_bus(arn: &str) -> Target {
    Target::builder().id("bus").arn(arn).build().unwrap()
}

/// A rule for the shop's events on a bus.
async fn put_rule_on(events: &Client, bus: &str, target: Target) {
    events.put_rule().name("all").event_bus_name(bus).event_pattern(PATTERN).send().await.unwrap();
    events.put_targets().rule("all").event_bus_name(bus).targets(target).send().await.unwrap();
}

/// What became of every hop.
fn outcomes(stage: &Stage) -> Vec<String> {
    let hops = stage.emulator.timeline().events().into_iter().filter(|event| event.kind == Kind::Hop);
    let outcome = |outcome: Outcome| match outcome {
        Outcome::Error { code, .. } => code,
        other => format!("{other:?}"),
    };
    hops.map(|hop| outcome(hop.outcome)).collect()
}

#[test]
fn an_event_goes_on_to_another_bus_as_it_is() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_stream(&stage, "orders").await;
        create_bus(&events, "orders").await;
        put_rule(&events, "on").await;
        put_target(&events, "on", to_bus(&bus("000000000000", "orders"))).await;
        put_rule_on(&events, "orders", stream("orders")).await;
        let put = events.put_events().entries(order(r#"{"a":1}"#)).send().await.unwrap();
        let records = records(&stage, "orders").await;
        let event: Value = serde_json::from_str(&records[0].1).unwrap();
        assert_eq!((records.len(), event["id"].as_str()), (1, put.entries()[0].event_id()));
        assert_eq!((event["account"].as_str(), event["detail"]["a"].as_i64()), (Some("000000000000"), Some(1)));
    });
}

#[test]
fn a_third_bus_does_not_get_it() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for name in ["second", "third"] {
            create_bus(&events, name).await;
        }
        put_rule(&events, "on").await;
        put_target(&events, "on", to_bus(&bus("000000000000", "second"))).await;
        put_rule_on(&events, "second", to_bus(&bus("000000000000", "third"))).await;
        events.put_events().entries(order("{}")).send().await.unwrap();
        assert_eq!(outcomes(&stage), ["Done", "THIRD_ACCOUNT_HOP_DETECTED"]);
    });
}

#[test]
fn a_bus_of_another_account_lets_in_whom_its_policy_names() {
    on_both_stages(async |stage| {
        let (ours, theirs) = (client(&stage), Client::new(&stage.emulator.sdk_config_for(OTHER).await));
        create_bus(&theirs, "inbox").await;
        theirs.put_rule().name("all").event_bus_name("inbox").event_pattern(PATTERN).send().await.unwrap();
        put_rule(&ours, "on").await;
        put_target(&ours, "on", to_bus(&bus(OTHER, "inbox"))).await;
        let send = async || {
            ours.put_events().entries(order("{}")).send().await.unwrap();
            let hops = stage.emulator.timeline().events().into_iter().filter(|event| event.kind == Kind::Hop);
            hops.last().map(|hop| (hop.outcome, hop.detail)).unwrap()
        };
        let (refused, _) = send().await;
        let message = "User: arn:aws:iam::000000000000:root is not authorized to perform: events:PutEvents on resource: \
                       arn:aws:events:us-east-1:111111111111:event-bus/inbox because no resource-based policy allows the \
                       events:PutEvents action";
        let expected = Outcome::Error { code: "AccessDeniedException".to_owned(), message: message.to_owned() };
        assert_eq!(refused, expected);
        let put = theirs.put_permission().event_bus_name("inbox").action("events:PutEvents");
        put.principal("000000000000").statement_id("friend").send().await.unwrap();
        assert_eq!(send().await, (Outcome::Done, "1 matched".to_owned()));
    });
}

#[test]
fn callers_reach_a_bus_of_another_account_by_its_arn() {
    on_both_stages(async |stage| {
        let (ours, theirs) = (client(&stage), Client::new(&stage.emulator.sdk_config_for(OTHER).await));
        let put = theirs.put_permission().action("events:PutEvents").principal("*").statement_id("all");
        put.send().await.unwrap();
        theirs.put_rule().name("all").event_pattern(r#"{"account":["000000000000"]}"#).send().await.unwrap();
        let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order").detail("{}");
        let entry = entry.event_bus_name(bus(OTHER, "default")).build();
        let put = ours.put_events().entries(entry).send().await.unwrap();
        assert_eq!((put.failed_entry_count(), put.entries()[0].error_code()), (0, None));
        let all = stage.emulator.timeline().events();
        let details: Vec<_> = all.iter().rev().take(2).map(|event| event.detail.as_str()).collect();
        assert_eq!(details, ["1 matched", "order, 0 matched, 1 sent away"]);
        assert_eq!(outcomes(&stage), ["Done"]);
    });
}
