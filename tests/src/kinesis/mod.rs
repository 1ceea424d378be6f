//! One file an operation, through the official SDK.

mod add_tags_to_stream;
mod bad_input;
mod cbor;
mod concurrency;
mod constraints;
mod control_plane;
mod create_stream;
mod decrease_stream_retention_period;
mod delete_resource_policy;
mod delete_stream;
mod delivery;
mod deregister_stream_consumer;
mod describe_limits;
mod describe_stream;
mod describe_stream_consumer;
mod describe_stream_summary;
mod disable_enhanced_monitoring;
mod dry_run;
mod enable_enhanced_monitoring;
mod faults;
mod get_records;
mod get_resource_policy;
mod get_shard_iterator;
mod increase_stream_retention_period;
mod kept;
mod limits;
mod list_shards;
mod list_stream_consumers;
mod list_streams;
mod list_tags_for_resource;
mod list_tags_for_stream;
mod merge_shards;
mod put_record;
mod put_records;
mod put_resource_policy;
mod register_stream_consumer;
mod remove_tags_from_stream;
mod resharding;
mod split_shard;
mod start_stream_encryption;
mod stop_stream_encryption;
mod subscribe_to_shard;
mod subscription_connections;
mod subscription_faults;
mod subscription_limits;
mod tag_resource;
mod untag_resource;
mod update_account_settings;
mod update_max_record_size;
mod update_shard_count;
mod update_stream_mode;
mod update_stream_warm_throughput;

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{Record, Shard, ShardIteratorType, StreamDescriptionSummary, StreamStatus};
use serde_json::Value;

use crate::raw::post_json;
use crate::stage::Stage;

const ACCOUNT: &str = "000000000000";
const SHARD: &str = "shardId-000000000000";

fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

fn arn(name: &str) -> String {
    format!("arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/{name}")
}

/// A client and a stream that is ACTIVE.
async fn with_stream(stage: &Stage, name: &str, shards: i32) -> Client {
    let client = client(stage);
    client.create_stream().stream_name(name).shard_count(shards).send().await.expect("the name is free");
    stage.advance(Duration::from_secs(1)).await;
    client
}

/// Registers a consumer of a stream; returns its ARN when it is ACTIVE.
async fn with_consumer(stage: &Stage, client: &Client, stream: &str, name: &str) -> String {
    let register = client.register_stream_consumer().stream_arn(arn(stream)).consumer_name(name);
    let consumer = register.send().await.expect("the name is free").consumer.expect("it is required");
    stage.advance(Duration::from_secs(1)).await;
    consumer.consumer_arn
}

/// Puts a record; returns its shard and sequence number.
async fn put(client: &Client, name: &str, key: &str, data: &str) -> (String, String) {
    let put = client.put_record().stream_name(name).partition_key(key).data(Blob::new(data));
    let put = put.send().await.expect("the stream takes records");
    (put.shard_id, put.sequence_number)
}

async fn iterator(client: &Client, name: &str, shard: &str, kind: ShardIteratorType) -> String {
    let get = client.get_shard_iterator().stream_name(name).shard_id(shard).shard_iterator_type(kind);
    get.send().await.expect("the shard is there").shard_iterator.expect("there is always an iterator")
}

/// All that a shard holds.
async fn read(client: &Client, name: &str, shard: &str) -> Vec<Record> {
    let iterator = iterator(client, name, shard, ShardIteratorType::TrimHorizon).await;
    client.get_records().shard_iterator(iterator).send().await.expect("the iterator is new").records
}

async fn summary(client: &Client, name: &str) -> StreamDescriptionSummary {
    let described = client.describe_stream_summary().stream_name(name).send().await.expect("the stream is there");
    described.stream_description_summary.expect("it is required")
}

async fn status(client: &Client, name: &str) -> StreamStatus {
    summary(client, name).await.stream_status
}

/// All shards, open and closed.
async fn list(client: &Client, name: &str) -> Vec<Shard> {
    let listed = client.list_shards().stream_name(name).send().await.expect("the stream is there");
    listed.shards.unwrap_or_default()
}

/// The tags of a stream, each as `key=value`.
async fn tags(client: &Client, name: &str) -> Vec<String> {
    let listed = client.list_tags_for_stream().stream_name(name).send().await.expect("the stream is there");
    listed.tags.iter().map(|tag| format!("{}={}", tag.key, tag.value.as_deref().unwrap_or("null"))).collect()
}

fn text(record: &Record) -> &str {
    std::str::from_utf8(record.data.as_ref()).expect("tests put texts")
}

/// For bodies that no SDK sends. Status and body.
async fn raw(stage: &Stage, operation: &str, body: &str) -> (u16, Value) {
    post_json(&stage.emulator, &format!("Kinesis_20131202.{operation}"), body.to_owned()).await
}

/// Code and message of a refused raw request.
async fn raw_refusal(stage: &Stage, operation: &str, body: &str) -> (String, String) {
    let (status, body) = raw(stage, operation, body).await;
    assert!(status >= 400, "{operation} {body} was answered with {status}");
    let member = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (member("__type"), member("message"))
}

/// The names of an object's members, sorted.
fn members(object: &Value) -> Vec<&str> {
    let mut names: Vec<_> = object.as_object().expect("it is an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

fn refused(code: &str, message: impl Into<String>) -> (String, String) {
    (code.to_owned(), message.into())
}

fn stream_not_found(name: &str) -> (String, String) {
    refused("ResourceNotFoundException", format!("Stream {name} under account {ACCOUNT} not found."))
}
