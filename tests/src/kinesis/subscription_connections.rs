//! A subscription over HTTP/1.1 and HTTP/2, frame by frame, and what becomes of it when a server stops.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http::{Request, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rehearsal_emulator::Emulator;
use serde_json::{Value, json};

use super::{SHARD, arn, members};
use crate::raw::post_json;

/// An emulator with a stream `orders` of one shard and a consumer; the consumer's ARN.
async fn with_consumer() -> (Emulator, String) {
    let emulator = Emulator::start().await;
    for (operation, body) in [
        ("CreateStream", json!({"StreamName": "orders", "ShardCount": 1})),
        ("RegisterStreamConsumer", json!({"StreamARN": arn("orders"), "ConsumerName": "audit"})),
    ] {
        let (status, _) = call(&emulator, operation, &body).await;
        assert_eq!(status, 200);
        emulator.clock().advance(Duration::from_secs(1)).await;
    }
    let (_, listed) = call(&emulator, "ListStreamConsumers", &json!({"StreamARN": arn("orders")})).await;
    let consumer = listed["Consumers"][0]["ConsumerARN"].as_str().expect("it was registered").to_owned();
    (emulator, consumer)
}

async fn call(emulator: &Emulator, operation: &str, body: &Value) -> (u16, Value) {
    post_json(emulator, &format!("Kinesis_20131202.{operation}"), body.to_string()).await
}

async fn put(emulator: &Emulator, data: &str) {
    let put = json!({"StreamName": "orders", "PartitionKey": "a", "Data": data});
    assert_eq!(call(emulator, "PutRecord", &put).await.0, 200);
}

fn subscribe(url: &str, consumer: &str) -> Request<Full<Bytes>> {
    let start = json!({"Type": "TRIM_HORIZON"});
    let body = json!({"ConsumerARN": consumer, "ShardId": SHARD, "StartingPosition": start}).to_string();
    let request = Request::post(format!("{url}/")).header("x-amz-target", "Kinesis_20131202.SubscribeToShard");
    request.body(Full::new(body.into())).expect("the request is well formed")
}

/// The frames of a body, taken apart by hand.
struct Frames {
    body: Incoming,
    read: BytesMut,
}

impl Frames {
    /// The type of the next frame and its document; `None` at a clean end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if self.read.len() >= 4 {
                let length = u32::from_be_bytes(self.read[..4].try_into().expect("these are four")) as usize;
                if self.read.len() >= length {
                    return Some(taken_apart(self.read.split_to(length).freeze()));
                }
            }
            let frame = self.body.frame().await?.expect("the connection does not break");
            self.read.extend_from_slice(&frame.into_data().expect("there are no trailers"));
        }
    }
}

/// <https://smithy.io/2.0/aws/amazon-eventstream.html>: two lengths and a checksum, headers, payload, checksum.
fn taken_apart(mut message: Bytes) -> (String, Value) {
    message.advance(4);
    let headers_length = message.get_u32() as usize;
    message.advance(4);
    let mut headers = message.split_to(headers_length);
    let payload = message.split_to(message.len() - 4);
    let mut event_type = String::new();
    while headers.has_remaining() {
        let length = headers.get_u8().into();
        let name = headers.split_to(length);
        assert_eq!(headers.get_u8(), 7, "every header is a text");
        let length = headers.get_u16().into();
        let value = headers.split_to(length);
        if name == ":event-type" {
            event_type = String::from_utf8_lossy(&value).into_owned();
        }
    }
    (event_type, serde_json::from_slice(&payload).expect("a payload is JSON"))
}

fn clients() -> [(Client<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>, Version); 2] {
    let one = Client::builder(TokioExecutor::new()).build_http();
    let two = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    [(one, Version::HTTP_11), (two, Version::HTTP_2)]
}

#[tokio::test]
async fn frames_arrive_one_by_one_over_http_1_and_http_2() {
    for (client, version) in clients() {
        let (emulator, consumer) = with_consumer().await;
        let server = emulator.serve_anywhere().await.unwrap();
        put(&emulator, "MQ==").await;
        let response = client.request(subscribe(&server.url(), &consumer)).await.unwrap();
        assert_eq!((response.status().as_u16(), response.version()), (200, version));
        assert_eq!(response.headers()["content-type"], "application/vnd.amazon.eventstream");
        assert!(response.headers().contains_key("x-amzn-requestid"));
        let mut frames = Frames { body: response.into_body(), read: BytesMut::new() };
        assert_eq!(frames.next().await, Some(("initial-response".to_owned(), json!({}))));
        for data in ["MQ==", "Mg==", "Mw=="] {
            let (event_type, event) = frames.next().await.expect("the stream goes on");
            assert_eq!((event_type.as_str(), &event["Records"][0]["Data"]), ("SubscribeToShardEvent", &json!(data)));
            assert_eq!(members(&event), ["ContinuationSequenceNumber", "MillisBehindLatest", "Records"]);
            put(&emulator, if data == "MQ==" { "Mg==" } else { "Mw==" }).await;
        }
        let rest = tokio::spawn(async move { while frames.next().await.is_some() {} });
        emulator.clock().advance(Duration::from_mins(5)).await;
        rest.await.expect("five minutes end well");
    }
}

#[tokio::test]
async fn a_stopping_server_ends_open_subscriptions_and_does_not_wait_for_them() {
    for (client, _) in clients() {
        let (emulator, consumer) = with_consumer().await;
        let server = emulator.serve_anywhere().await.unwrap();
        let response = client.request(subscribe(&server.url(), &consumer)).await.unwrap();
        let mut frames = Frames { body: response.into_body(), read: BytesMut::new() };
        frames.next().await.expect("there is always a first frame");
        server.stop().await;
        assert_eq!(frames.next().await, None, "a clean end, before there is anything to say");
    }
}

#[tokio::test]
async fn a_caller_that_leaves_takes_its_subscription_with_it() {
    for (client, _) in clients() {
        let (emulator, consumer) = with_consumer().await;
        let server = emulator.serve_anywhere().await.unwrap();
        let response = client.request(subscribe(&server.url(), &consumer)).await.unwrap();
        let mut frames = Frames { body: response.into_body(), read: BytesMut::new() };
        frames.next().await.expect("there is always a first frame");
        drop((frames, client));
        while emulator.world().audience_size() > 0 {
            tokio::task::yield_now().await;
        }
    }
}
