//! One file an operation, through the official SDK.

mod describe_stream;
mod get_records;
mod get_shard_iterator;
mod list_streams;

use std::time::Duration;

use aws_sdk_dynamodb::types::{BillingMode, ScalarAttributeType, StreamSpecification, StreamViewType};
use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, Shard, ShardIteratorType};
use serde_json::Value;

use crate::dynamodb::fixture::{defined, hash, item, put, s};
use crate::raw::post_json;
use crate::stage::Stage;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// An active table with the partition key `id` and a stream of that view: clients of both services, and the
/// stream's ARN.
struct Streamed {
    tables: aws_sdk_dynamodb::Client,
    streams: Client,
    arn: String,
    name: &'static str,
}

impl Streamed {
    async fn new(stage: &Stage, name: &'static str, view: StreamViewType) -> Self {
        let tables = aws_sdk_dynamodb::Client::new(&stage.config);
        let streams = Client::new(&stage.config);
        let create = tables.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
        let create = create.stream_specification(specification(true, Some(view)));
        let table = create.send().await.expect("the table is created").table_description.expect("it is described");
        stage.advance(Duration::from_secs(1)).await;
        Self { tables, streams, arn: table.latest_stream_arn.expect("it has a stream"), name }
    }

    /// Puts an item with an attribute `n`, a text.
    async fn put(&self, id: &str, n: &str) {
        put(&self.tables, self.name, item([("id", s(id)), ("n", s(n))])).await;
    }

    async fn delete(&self, id: &str) {
        self.tables.delete_item().table_name(self.name).key("id", s(id)).send().await.expect("the item is deleted");
    }

    async fn delete_table(&self, stage: &Stage) {
        self.tables.delete_table().table_name(self.name).send().await.expect("the table is there");
        stage.advance(Duration::from_secs(1)).await;
    }

    async fn shards(&self) -> Vec<Shard> {
        let description = self.streams.describe_stream().stream_arn(&self.arn).send().await;
        description
            .expect("the stream is there")
            .stream_description
            .expect("it is described")
            .shards
            .unwrap_or_default()
    }

    async fn iterator(&self, shard: &str, kind: ShardIteratorType) -> String {
        let get = self.streams.get_shard_iterator().stream_arn(&self.arn).shard_id(shard).shard_iterator_type(kind);
        get.send().await.expect("the shard is there").shard_iterator.expect("there is always an iterator")
    }

    /// Of the newest shard.
    async fn open_shard(&self) -> String {
        self.shards().await.last().and_then(|shard| shard.shard_id.clone()).expect("a stream has a shard")
    }

    /// All records of the stream, shard by shard.
    async fn read(&self) -> Vec<Record> {
        let mut found = Vec::new();
        for shard in self.shards().await {
            let iterator = self.iterator(id_of(&shard), ShardIteratorType::TrimHorizon).await;
            let page = self.streams.get_records().shard_iterator(iterator).send().await;
            found.extend(page.expect("the iterator is new").records.unwrap_or_default());
        }
        found
    }
}

fn id_of(shard: &Shard) -> &str {
    shard.shard_id.as_deref().expect("a shard has an id")
}

fn specification(enabled: bool, view: Option<StreamViewType>) -> StreamSpecification {
    let specification = StreamSpecification::builder().stream_enabled(enabled).set_stream_view_type(view);
    specification.build().expect("all members are set")
}

fn text(value: &AttributeValue) -> &str {
    value.as_s().expect("tests put texts")
}

/// `INSERT a`: what happened to which key.
fn event(record: &Record) -> String {
    let keys = record.dynamodb.as_ref().and_then(|body| body.keys.as_ref()).expect("a record has keys");
    let name = record.event_name.as_ref().map_or("", |name| name.as_str());
    format!("{name} {}", text(&keys["id"]))
}

fn number(record: &Record) -> String {
    record.dynamodb.as_ref().and_then(|body| body.sequence_number.clone()).expect("a record has a number")
}

/// For bodies that no SDK sends. Status and body.
async fn raw(stage: &Stage, operation: &str, body: &str) -> (u16, Value) {
    post_json(&stage.emulator, &format!("DynamoDBStreams_20120810.{operation}"), body.to_owned()).await
}

/// Code and message of a refused raw request.
async fn raw_refusal(stage: &Stage, operation: &str, body: &str) -> (String, String) {
    let (status, body) = raw(stage, operation, body).await;
    assert_eq!(status, 400, "{operation} {body}");
    let member = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (member("__type"), member("message"))
}

fn invalid(message: &str) -> (String, String) {
    ("com.amazon.coral.validate#ValidationException".to_owned(), message.to_owned())
}

/// The names of an object's members, sorted.
fn members(object: &Value) -> Vec<&str> {
    let mut names: Vec<_> = object.as_object().expect("it is an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
