use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::operation::start_replay::builders::StartReplayFluentBuilder;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, ReplayDestination, ReplayState};
use serde_json::Value;

use super::create_archive::{DEFAULT_BUS, create_archive};
use super::delivery::{create_stream, records};
use super::{client, create_bus, not_found, put_rule, put_target, stream, validation};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

pub const ARCHIVE: &str = "arn:aws:events:us-east-1:000000000000:archive/all";
/// 2026-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_767_225_600;

fn at(seconds: i64) -> DateTime {
    DateTime::from_secs(NEW_YEAR + seconds)
}

/// A replay of an hour of the archive `all` to the default bus.
pub fn start(events: &Client, name: &str) -> StartReplayFluentBuilder {
    let bus = ReplayDestination::builder().arn(DEFAULT_BUS).build().unwrap();
    let start = events.start_replay().replay_name(name).event_source_arn(ARCHIVE).destination(bus);
    start.event_start_time(at(0)).event_end_time(at(3600))
}

/// An event at so many seconds of the year.
pub fn event(seconds: i64) -> PutEventsRequestEntry {
    let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order").time(at(seconds));
    entry.detail(format!(r#"{{"at":{seconds}}}"#)).build()
}

async fn replayed(stage: &Stage, stream: &str) -> Vec<(i64, Option<String>)> {
    let read = |(_, event): (String, String)| {
        let event: Value = serde_json::from_str(&event).unwrap();
        (event["detail"]["at"].as_i64().unwrap(), event["replay-name"].as_str().map(str::to_owned))
    };
    records(stage, stream).await.into_iter().map(read).collect()
}

// Validation

#[test]
fn replays_are_checked_as_aws_checks_them() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        create_bus(&events, "orders").await;
        let to = |arn: &str| ReplayDestination::builder().arn(arn).build().unwrap();
        let invalid = |parameter: &str, reason: &str| {
            validation(&format!("Parameter {parameter} is not valid. Reason: {reason}"))
        };
        let elsewhere = DEFAULT_BUS.replace("default", "others");
        for (start, error) in [
            (
                start(&events, "r").event_source_arn(DEFAULT_BUS),
                invalid("EventSourceArn", "Must contain an archive ARN."),
            ),
            (
                start(&events, "r").event_source_arn(ARCHIVE.replace("all", "none")),
                invalid("EventSourceArn", "Archive none does not exist."),
            ),
            (
                start(&events, "r").destination(to(ARCHIVE)),
                invalid("Destination.Arn", "Must contain an event bus ARN."),
            ),
            (start(&events, "r").destination(to(&elsewhere)), not_found("Event bus others does not exist.")),
            (
                start(&events, "r").destination(to(&DEFAULT_BUS.replace("default", "orders"))),
                invalid("Destination.Arn", "Cross event bus replay is not permitted."),
            ),
            (
                start(&events, "r").event_end_time(at(0)),
                invalid("EventEndTime", "EventStartTime must be before EventEndTime."),
            ),
        ] {
            assert_eq!(refusal(start.send().await), error);
        }
        start(&events, "r").send().await.unwrap();
        let expected = ("ResourceAlreadyExistsException".to_owned(), "Replay r already exists.".to_owned());
        assert_eq!(refusal(start(&events, "r").send().await), expected);
    });
}

// Behaviour

#[test]
fn a_replay_sends_the_events_of_its_window_again_in_order_of_minutes() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_stream(&stage, "orders").await;
        create_archive(&events, "all").await;
        for seconds in [130, 59, 61, 1, 4000] {
            events.put_events().entries(event(seconds)).send().await.unwrap();
        }
        put_rule(&events, "all").await;
        put_target(&events, "all", stream("orders")).await;
        let started = start(&events, "again").send().await.unwrap();
        assert_eq!(started.replay_arn(), Some("arn:aws:events:us-east-1:000000000000:replay/again"));
        assert_eq!(started.state(), Some(&ReplayState::Starting));
        stage.advance(Duration::from_secs(1)).await;
        let name = || Some("again".to_owned());
        let expected = [(1, name()), (59, name()), (61, name()), (130, name())];
        assert_eq!(replayed(&stage, "orders").await, expected);
        let archive = events.describe_archive().archive_name("all").send().await.unwrap();
        assert_eq!(archive.event_count(), 5, "replayed events are not archived again");
    });
}

#[test]
fn a_replay_goes_to_the_rules_that_it_names() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_stream(&stage, "ours").await;
        create_stream(&stage, "theirs").await;
        create_archive(&events, "all").await;
        events.put_events().entries(event(1)).send().await.unwrap();
        for name in ["ours", "theirs"] {
            put_rule(&events, name).await;
            put_target(&events, name, stream(name)).await;
        }
        let rule = "arn:aws:events:us-east-1:000000000000:rule/ours";
        let destination = ReplayDestination::builder().arn(DEFAULT_BUS).filter_arns(rule).build().unwrap();
        start(&events, "r").destination(destination).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(replayed(&stage, "ours").await.len(), 1);
        assert_eq!(replayed(&stage, "theirs").await, []);
    });
}

/// Each is done after 200 ms.
#[test]
fn ten_replays_run_at_a_time() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        for number in 0..10 {
            start(&events, &format!("r{number}")).send().await.unwrap();
        }
        assert_eq!(refusal(start(&events, "more").send().await), super::limit_exceeded());
        stage.advance(Duration::from_secs(1)).await;
        start(&events, "more").send().await.unwrap();
    });
}
