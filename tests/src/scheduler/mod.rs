//! One file an operation, through the official SDK; then what schedules do on the clock, target by target.

mod bad_input;
mod context_attributes;
mod create_schedule;
mod create_schedule_group;
mod dead_letters;
mod delete_schedule;
mod delete_schedule_group;
mod flexible_windows;
mod get_schedule;
mod get_schedule_group;
mod kept;
mod list_schedule_groups;
mod list_schedules;
mod list_tags_for_resource;
mod long_times;
mod occurrences;
mod queues;
mod retries;
mod tag_resource;
mod targets;
mod universal_targets;
mod untag_resource;
mod update_schedule;

use std::time::Duration;

use aws_sdk_kinesis::types::ShardIteratorType;
use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::operation::create_schedule::builders::CreateScheduleFluentBuilder;
use aws_sdk_scheduler::types::builders::TargetBuilder;
use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode, KinesisParameters, Target};
use rehearsal_emulator::{Event, Kind};

use crate::stage::Stage;

const ROLE: &str = "arn:aws:iam::000000000000:role/scheduler";

fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

fn off() -> FlexibleTimeWindow {
    FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build().unwrap()
}

fn to(arn: &str) -> TargetBuilder {
    Target::builder().arn(arn).role_arn(ROLE)
}

/// The queue `jobs`, which most tests have not.
fn queue() -> TargetBuilder {
    to("arn:aws:sqs:us-east-1:000000000000:jobs")
}

/// The stream `jobs`.
fn stream() -> TargetBuilder {
    let parameters = KinesisParameters::builder().partition_key("p").build().unwrap();
    to("arn:aws:kinesis:us-east-1:000000000000:stream/jobs").kinesis_parameters(parameters)
}

/// A schedule to be made that sends to a queue.
fn create(scheduler: &Client, name: &str, expression: &str) -> CreateScheduleFluentBuilder {
    let target = queue().build().unwrap();
    scheduler.create_schedule().name(name).schedule_expression(expression).flexible_time_window(off()).target(target)
}

async fn create_group(scheduler: &Client, name: &str) {
    scheduler.create_schedule_group().name(name).send().await.unwrap();
}

/// Creates the stream `jobs`, which takes its time.
async fn create_stream(stage: &Stage) {
    let kinesis = aws_sdk_kinesis::Client::new(&stage.config);
    kinesis.create_stream().stream_name("jobs").shard_count(1).send().await.unwrap();
    stage.advance(Duration::from_secs(1)).await;
}

/// What the stream `jobs` holds: the partition keys and the data.
async fn records(stage: &Stage) -> Vec<(String, String)> {
    let kinesis = aws_sdk_kinesis::Client::new(&stage.config);
    let iterator = kinesis.get_shard_iterator().stream_name("jobs").shard_id("shardId-000000000000");
    let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
    let read = kinesis.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap();
    let text = |data: &[u8]| String::from_utf8(data.to_vec()).unwrap();
    read.records()
        .iter()
        .map(|record| (record.partition_key().unwrap_or_default().to_owned(), text(record.data().as_ref())))
        .collect()
}

async fn create_queue(stage: &Stage, name: &str) -> String {
    let sqs = aws_sdk_sqs::Client::new(&stage.config);
    sqs.create_queue().queue_name(name).send().await.unwrap().queue_url.unwrap()
}

/// Up to ten messages, with their attributes.
async fn receive(stage: &Stage, url: &str) -> Vec<aws_sdk_sqs::types::Message> {
    let sqs = aws_sdk_sqs::Client::new(&stage.config);
    let receive = sqs.receive_message().queue_url(url).max_number_of_messages(10).message_attribute_names("All");
    receive.send().await.unwrap().messages.unwrap_or_default()
}

/// The invocations so far.
fn timers(stage: &Stage) -> Vec<Event> {
    of_kind(stage, Kind::Timer)
}

/// The attempts to deliver so far, and where one was given up.
fn hops(stage: &Stage) -> Vec<Event> {
    of_kind(stage, Kind::Hop)
}

fn of_kind(stage: &Stage, kind: Kind) -> Vec<Event> {
    let events = stage.emulator.timeline().events();
    events.into_iter().filter(|event| event.kind == kind && event.service == "scheduler").collect()
}

/// The times of the invocations, by the emulator's clock.
fn invoked_at(stage: &Stage, began: i64) -> Vec<String> {
    let at = |event: &Event| {
        let millis = began + i64::try_from(event.at_ms).unwrap();
        rehearsal_emulator::kernel::Timestamp::from_millis(millis).to_rfc3339()
    };
    timers(stage).iter().map(at).collect()
}

fn validation(message: &str) -> (String, String) {
    ("ValidationException".to_owned(), message.to_owned())
}

fn not_found(message: &str) -> (String, String) {
    ("ResourceNotFoundException".to_owned(), message.to_owned())
}

fn conflict(message: &str) -> (String, String) {
    ("ConflictException".to_owned(), message.to_owned())
}

fn violation(value: &str, member: &str, constraint: &str) -> (String, String) {
    validation(&format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
    ))
}
