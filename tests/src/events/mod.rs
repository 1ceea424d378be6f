//! One file an operation, through the official SDK.

mod api_destination_calls;
mod bad_input;
mod bad_input_of_control;
mod cancel_replay;
mod create_api_destination;
mod create_archive;
mod create_connection;
mod create_event_bus;
mod deauthorize_connection;
mod delete_api_destination;
mod delete_archive;
mod delete_connection;
mod delete_event_bus;
mod delete_rule;
mod delivery;
mod describe_api_destination;
mod describe_archive;
mod describe_connection;
mod describe_event_bus;
mod describe_replay;
mod describe_rule;
mod disable_rule;
mod enable_rule;
mod event_bus_targets;
mod input;
mod kept;
mod list_api_destinations;
mod list_archives;
mod list_connections;
mod list_event_buses;
mod list_replays;
mod list_rule_names_by_target;
mod list_rules;
mod list_tags_for_resource;
mod list_targets_by_rule;
mod not_implemented;
mod partners;
mod patterns;
mod put_events;
mod put_permission;
mod put_rule;
mod put_targets;
mod remove_permission;
mod remove_targets;
mod rule_schedule;
mod start_replay;
mod tag_resource;
mod test_event_pattern;
mod untag_resource;
mod update_api_destination;
mod update_archive;
mod update_connection;
mod update_event_bus;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, Target};

use crate::stage::Stage;

const ROLE: &str = "arn:aws:iam::000000000000:role/events";
const PATTERN: &str = r#"{"source":["shop"]}"#;

fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

/// A rule on the default bus that wants everything of the source `shop`.
async fn put_rule(events: &Client, name: &str) {
    events.put_rule().name(name).event_pattern(PATTERN).send().await.unwrap();
}

async fn create_bus(events: &Client, name: &str) {
    events.create_event_bus().name(name).send().await.unwrap();
}

fn stream_arn(name: &str) -> String {
    format!("arn:aws:kinesis:us-east-1:000000000000:stream/{name}")
}

fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:000000000000:{name}")
}

/// A target that is a stream of its id's name.
fn stream(id: &str) -> Target {
    Target::builder().id(id).arn(stream_arn(id)).role_arn(ROLE).build().unwrap()
}

async fn put_target(events: &Client, rule: &str, target: Target) {
    let put = events.put_targets().rule(rule).targets(target).send().await.unwrap();
    assert_eq!(put.failed_entry_count(), 0, "{:?}", put.failed_entries());
}

/// An event of the source `shop`.
fn order(detail: &str) -> PutEventsRequestEntry {
    PutEventsRequestEntry::builder().source("shop").detail_type("order").detail(detail).build()
}

fn validation(message: &str) -> (String, String) {
    ("ValidationException".to_owned(), message.to_owned())
}

fn not_found(message: &str) -> (String, String) {
    ("ResourceNotFoundException".to_owned(), message.to_owned())
}

fn not_implemented(what: &str) -> (String, String) {
    let message = format!("rehearsal does not implement {what} yet; COVERAGE.md lists what it does");
    ("NotImplemented".to_owned(), message)
}

fn limit_exceeded() -> (String, String) {
    let message = "The requested resource exceeds the maximum number allowed.";
    ("LimitExceededException".to_owned(), message.to_owned())
}
