//! One file an operation, through the official SDK.

mod bad_input;
mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_resource_policy;
mod delete_retention_policy;
mod delivery;
mod describe_log_groups;
mod describe_log_streams;
mod describe_resource_policies;
mod filter_log_events;
mod filter_patterns;
mod get_log_events;
mod kept;
mod list_tags_for_resource;
mod list_tags_log_group;
mod not_implemented;
mod put_log_events;
mod put_resource_policy;
mod put_retention_policy;
mod retention;
mod tag_log_group;
mod tag_resource;
mod test_metric_filter;
mod untag_log_group;
mod untag_resource;

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use aws_sdk_cloudwatchlogs::operation::get_log_events::GetLogEventsOutput;
use aws_sdk_cloudwatchlogs::operation::put_log_events::PutLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;

use crate::stage::Stage;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

/// A client, and a group with a stream.
async fn with_stream(stage: &Stage, group: &str, stream: &str) -> Client {
    let logs = client(stage);
    create_group(&logs, group).await;
    create_stream(&logs, group, stream).await;
    logs
}

async fn create_group(logs: &Client, name: &str) {
    logs.create_log_group().log_group_name(name).send().await.expect("the name is free");
}

async fn create_stream(logs: &Client, group: &str, name: &str) {
    logs.create_log_stream().log_group_name(group).log_stream_name(name).send().await.expect("the name is free");
}

/// The emulator's time.
fn now(stage: &Stage) -> i64 {
    stage.emulator.clock().now().as_millis()
}

fn event(millis: i64, message: &str) -> InputLogEvent {
    InputLogEvent::builder().timestamp(millis).message(message).build().expect("nothing is missing")
}

/// Puts events, each at its time.
async fn put(logs: &Client, group: &str, stream: &str, events: &[(i64, &str)]) -> PutLogEventsOutput {
    let events = events.iter().map(|(millis, message)| event(*millis, message)).collect();
    let put = logs.put_log_events().log_group_name(group).log_stream_name(stream).set_log_events(Some(events));
    put.send().await.expect("the stream takes events")
}

fn group_arn(name: &str) -> String {
    format!("arn:aws:logs:us-east-1:000000000000:log-group:{name}")
}

fn read(page: &GetLogEventsOutput) -> Vec<&str> {
    page.events().iter().map(|event| event.message().expect("an event has a message")).collect()
}

fn found(page: &FilterLogEventsOutput) -> Vec<&str> {
    page.events().iter().map(|event| event.message().expect("an event has a message")).collect()
}

/// The tags of a group.
async fn tags(logs: &Client, group: &str) -> BTreeMap<String, String> {
    let listed = logs.list_tags_for_resource().resource_arn(group_arn(group)).send().await.expect("the group is there");
    listed.tags.unwrap_or_default().into_iter().collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn invalid(message: &str) -> (String, String) {
    ("InvalidParameterException".to_owned(), message.to_owned())
}

/// One violation of AWS's model.
fn violation(member: &str, value: &str, constraint: &str) -> (String, String) {
    invalid(&format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
    ))
}

fn no_group() -> (String, String) {
    ("ResourceNotFoundException".to_owned(), "The specified log group does not exist.".to_owned())
}

fn no_stream() -> (String, String) {
    ("ResourceNotFoundException".to_owned(), "The specified log stream does not exist.".to_owned())
}

fn not_implemented(what: &str) -> (String, String) {
    let message = format!("rehearsal does not implement {what} yet; COVERAGE.md lists what it does");
    ("NotImplemented".to_owned(), message)
}
