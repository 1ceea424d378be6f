//! The same requests in either encoding get the same answers: JSON as most SDKs speak it, CBOR as Java's do.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use ciborium::Value as Cbor;
use http::{Request, Response};
use rehearsal_emulator::kernel::Timestamp;
use rehearsal_emulator::service::{self, Settings};
use rehearsal_emulator::wire::Blob;
use serde_json::{Value as Json, json};

use super::bad_input::{MEMBERS, VALUES};
use super::{SHARD, arn};
use crate::raw::{post_json, send};
use crate::stage::{Stage, in_virtual_time};

const CONTENT_TYPE: &str = "application/x-amz-cbor-1.1";

/// Members that are no text in CBOR.
const TIMESTAMPS: [&str; 2] = ["Timestamp", "StreamCreationTimestamp"];
const BLOBS: [&str; 1] = ["Data"];

/// Two emulators that are told the same, each in its encoding. Their time is one: that of the paused runtime.
struct Twins {
    json: Stage,
    cbor: Stage,
}

impl Twins {
    /// The answer of both, which is one.
    async fn post(&self, operation: &str, body: &Json) -> (u16, Json) {
        let target = format!("Kinesis_20131202.{operation}");
        let in_json = post_json(&self.json.emulator, &target, body.to_string()).await;
        let mut document = Vec::new();
        write(&mut document, "", body);
        let in_cbor = post(&self.cbor, &target, document).await;
        assert_eq!(in_cbor.headers()["content-type"], CONTENT_TYPE);
        let (status, mut in_cbor) = (in_cbor.status().as_u16(), read(in_cbor.body()));
        if in_json.1["__type"] == "SerializationException" {
            // In words of either decoder.
            in_cbor["message"] = in_json.1["message"].clone();
        }
        assert_eq!((status, &in_cbor), (in_json.0, &in_json.1), "{operation} {body}");
        in_json
    }

    async fn create_stream(&self, name: &str, shards: u32) {
        self.post("CreateStream", &json!({ "StreamName": name, "ShardCount": shards })).await;
        self.cbor.advance(Duration::from_millis(1500)).await;
    }
}

fn play_twice(test: impl AsyncFn(Twins)) {
    in_virtual_time(|cbor| async { test(Twins { json: Stage::in_process().await, cbor }).await });
}

async fn post(stage: &Stage, target: &str, body: impl Into<Body>) -> Response<Bytes> {
    let request = Request::post("/").header("x-amz-target", target).header("content-type", CONTENT_TYPE);
    send(&stage.emulator, request.body(body.into()).expect("the request is well formed")).await
}

/// Writes `value` as Jackson does: structures and lists have no length, a break ends them.
fn write(out: &mut Vec<u8>, member: &str, value: &Json) {
    let item = |out: &mut Vec<u8>, item: Cbor| ciborium::into_writer(&item, out).expect("memory takes all");
    match value {
        Json::Object(members) => {
            out.push(0xbf);
            for (name, value) in members {
                item(out, Cbor::Text(name.clone()));
                write(out, name, value);
            }
            out.push(0xff);
        }
        Json::Array(values) => {
            out.push(0x9f);
            values.iter().for_each(|value| write(out, "", value));
            out.push(0xff);
        }
        Json::Number(number) if TIMESTAMPS.contains(&member) => {
            let whole = number.as_i64().and_then(|seconds| seconds.checked_mul(1000));
            let millis = whole.map(Cbor::from).unwrap_or_else(|| Cbor::from(number.as_f64().unwrap() * 1000.0));
            item(out, Cbor::Tag(1, Box::new(millis)));
        }
        Json::String(_) if BLOBS.contains(&member) => match serde_json::from_value::<Blob>(value.clone()) {
            Ok(Blob(bytes)) => item(out, Cbor::Bytes(bytes.into())),
            Err(_) => item(out, Cbor::serialized(value).unwrap()),
        },
        _ => item(out, Cbor::serialized(value).unwrap()),
    }
}

/// An answer as it would be in JSON.
fn read(body: &[u8]) -> Json {
    json_of(ciborium::from_reader(body).expect("the answer is CBOR"))
}

fn json_of(value: Cbor) -> Json {
    match value {
        Cbor::Map(members) => {
            members.into_iter().map(|(name, value)| (name.into_text().unwrap(), json_of(value))).collect()
        }
        Cbor::Array(values) => values.into_iter().map(json_of).collect(),
        Cbor::Bytes(bytes) => json!(Blob(bytes.into())),
        Cbor::Tag(1, millis) => json!(Timestamp::from_millis(millis.into_integer().unwrap().try_into().unwrap())),
        other => other.deserialized().expect("the rest is the same in JSON"),
    }
}

#[test]
fn every_operation_answers_alike() {
    play_twice(async |twins| {
        let name = "orders";
        twins.create_stream(name, 2).await;
        let put = json!({ "StreamName": name, "PartitionKey": "a", "Data": "AAH/", "ExplicitHashKey": "0" });
        let (_, put) = twins.post("PutRecord", &put).await;
        assert_eq!(put["ShardId"], SHARD);
        let records = json!([
            { "Data": "", "PartitionKey": "\u{e9}", "ExplicitHashKey": "0" },
            { "Data": "AAAA", "PartitionKey": "b" },
        ]);
        let (_, put) = twins.post("PutRecords", &json!({ "StreamARN": arn(name), "Records": records })).await;
        assert_eq!(put["FailedRecordCount"], 0);
        for (kind, started) in [("TRIM_HORIZON", Json::Null), ("AT_TIMESTAMP", json!(1_767_225_601.25))] {
            let get = json!({
                "StreamName": name, "ShardId": SHARD, "ShardIteratorType": kind, "Timestamp": started
            });
            let (_, got) = twins.post("GetShardIterator", &get).await;
            let get = json!({ "ShardIterator": got["ShardIterator"], "Limit": 100 });
            let (_, got) = twins.post("GetRecords", &get).await;
            assert_eq!(got["Records"].as_array().unwrap().len(), 2, "{got}");
            assert_eq!(got["Records"][0]["Data"], "AAH/");
            assert_eq!(got["Records"][0]["ApproximateArrivalTimestamp"], 1_767_225_601.5);
        }
        for (operation, body) in [
            ("DescribeStream", json!({ "StreamName": name, "Limit": 1 })),
            ("DescribeStreamSummary", json!({ "StreamName": name })),
            ("ListStreams", json!({})),
            ("ListShards", json!({ "StreamName": name, "MaxResults": 1 })),
            ("ListShards", json!({ "StreamName": name, "ShardFilter": { "Type": "AT_TIMESTAMP", "Timestamp": 1e9 } })),
            ("DeleteStream", json!({ "StreamName": name, "EnforceConsumerDeletion": true })),
        ] {
            assert_eq!(twins.post(operation, &body).await.0, 200, "{operation} {body}");
        }
    });
}

#[test]
fn refusals_come_in_the_encoding_of_the_request() {
    play_twice(async |twins| {
        for (operation, body, status, code) in [
            (
                "PutRecord",
                json!({ "StreamName": "gone", "PartitionKey": "a", "Data": "" }),
                400,
                "ResourceNotFoundException",
            ),
            ("PutRecord", json!({}), 400, "ValidationException"),
            ("PutRecord", json!({ "StreamName": 1 }), 400, "SerializationException"),
            ("PutRecord", json!([]), 400, "SerializationException"),
            ("GetRecords", json!({ "ShardIterator": "x" }), 400, "InvalidArgumentException"),
            ("ListQueues", json!({}), 501, "NotImplemented"),
            ("PutRecrod", json!({}), 400, "UnknownOperationException"),
        ] {
            let (found, answer) = twins.post(operation, &body).await;
            assert_eq!((found, &answer["__type"]), (status, &json!(code)), "{operation} {body}");
        }
    });
}

#[test]
fn what_is_no_cbor_is_refused_in_cbor() {
    in_virtual_time(|stage| async move {
        for body in
            [&b"{}"[..], b"\xff", b"\xbf", b"\xa1\x00\x00", b"\xbb\x00\x00\x01\x00\x00\x00\x00\x00", b"\xa0\xa0"]
        {
            let answer = post(&stage, "Kinesis_20131202.ListStreams", body).await;
            assert_eq!(
                (answer.status().as_u16(), &answer.headers()["content-type"]),
                (400, &CONTENT_TYPE.parse().unwrap())
            );
            assert_eq!(read(answer.body())["__type"], "SerializationException", "{body:?}");
        }
        // An empty body counts as one without members.
        let answer = post(&stage, "Kinesis_20131202.ListStreams", "").await;
        assert_eq!(read(answer.body()), json!({ "StreamNames": [], "StreamSummaries": [], "HasMoreStreams": false }));
        // A service that does not take CBOR reads JSON, whatever the header says.
        let answer = post(&stage, "DynamoDB_20120810.ListTables", "{}").await;
        assert_eq!(&answer.body()[..], br#"{"TableNames":[]}"#);
        // What no service claims is refused in the encoding it came in.
        let answer = post(&stage, "Nothing_1.Do", b"\xa0".to_vec()).await;
        assert_eq!(read(answer.body())["__type"], "UnknownOperationException");
    });
}

#[test]
fn faults_speak_cbor_too() {
    in_virtual_time(|stage| async move {
        let _fault = stage.emulator.fault(rehearsal_emulator::on("kinesis", "ListStreams").throttle());
        let answer = post(&stage, "Kinesis_20131202.ListStreams", b"\xa0".to_vec()).await;
        let message = "Rate exceeded for account 000000000000.";
        let expected = json!({ "__type": "LimitExceededException", "message": message });
        assert_eq!((answer.status().as_u16(), read(answer.body())), (400, expected));
    });
}

#[test]
fn every_body_means_the_same_in_either_encoding() {
    let (services, _) = service::all(Settings::default());
    let kinesis = services.iter().find(|service| service.description().name == "kinesis").expect("it is a service");
    // SubscribeToShard answers frames, and the Java SDK asks for them in JSON.
    let operations: Vec<_> = kinesis.operations().iter().map(|(name, _)| *name).collect();
    let operations = operations.iter().filter(|name| !matches!(**name, "DeleteStream" | "SubscribeToShard"));
    play_twice(async |twins| {
        twins.create_stream("orders", 1).await;
        let fine = json!({
            "StreamName": "orders", "ShardId": SHARD, "ShardIteratorType": "AT_TIMESTAMP", "PartitionKey": "a", "Data": ""
        });
        for (place, operation) in operations.clone().enumerate() {
            for (turn, member) in MEMBERS.iter().copied().enumerate() {
                // Each member meets each value, and each operation meets both, though not all three together.
                for value in VALUES.iter().skip((place + turn) % 4).step_by(4) {
                    let value: Json = serde_json::from_str(value).expect("it is JSON");
                    let mut body = fine.clone();
                    body[member] = value.clone();
                    for body in [json!({ member: value }), body] {
                        twins.post(operation, &body).await;
                    }
                }
            }
        }
    });
}
