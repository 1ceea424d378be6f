//! What a rule of EventBridge sends to a log group.

use aws_sdk_eventbridge::types::{PutEventsRequestEntry, Target};
use rehearsal_emulator::{Kind, Outcome};

use super::{client, create_group, found, group_arn};
use crate::stage::{Stage, on_both_stages};

/// A rule that sends every event of the shop to a log group; one event.
async fn sell(stage: &Stage, group_arn: &str) {
    let events = aws_sdk_eventbridge::Client::new(&stage.config);
    events.put_rule().name("orders").event_pattern(r#"{"source":["shop"]}"#).send().await.unwrap();
    let target = Target::builder().id("logs").arn(group_arn).build().unwrap();
    let put = events.put_targets().rule("orders").targets(target).send().await.unwrap();
    assert_eq!(put.failed_entry_count(), 0, "{put:?}");
    let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order").detail(r#"{"order":1}"#);
    events.put_events().entries(entry.build()).send().await.unwrap();
}

#[test]
fn an_event_is_written_whole_into_a_stream_of_its_own() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "/aws/events/orders").await;
        sell(&stage, &group_arn("/aws/events/orders")).await;
        sell(&stage, &format!("{}:*", group_arn("/aws/events/orders"))).await;
        let filter = logs.filter_log_events().log_group_name("/aws/events/orders");
        let page = filter.filter_pattern("{ $.source = shop && $.detail.order = 1 }").send().await.unwrap();
        assert_eq!(found(&page).len(), 2);
        assert_ne!(page.events()[0].log_stream_name(), page.events()[1].log_stream_name());
        let hops: Vec<_> =
            stage.emulator.timeline().events().into_iter().filter(|event| event.kind == Kind::Hop).collect();
        assert!(hops.iter().all(|hop| hop.outcome == Outcome::Done), "{hops:?}");
        let all = stage.emulator.timeline().events();
        let read = all.last().expect("the search");
        assert_eq!(read.cause.map(|cause| cause.event), hops.last().map(|hop| hop.id), "read from who wrote");
    });
}

#[test]
fn a_group_that_is_not_there_gets_nothing_and_it_is_told() {
    on_both_stages(async |stage| {
        sell(&stage, &group_arn("/aws/events/orders")).await;
        let timeline = stage.emulator.timeline().to_string();
        assert!(
            timeline.contains("> ResourceNotFoundException: The specified log group does not exist."),
            "{timeline}"
        );
    });
}
