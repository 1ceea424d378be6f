//! AWS's side of a test: an HTTP client for the SDK that expects calls in an order and gives an answer to each.
//!
//! There are no sockets, so virtual time works. An unexpected call fails the test and shows what was sent. After its
//! last answer the wire hangs, and whoever waits for [`Wire::played`] may go on.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_kinesis::config::{BehaviorVersion, Region};
use aws_smithy_async::time::TimeSource;
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use aws_types::SdkConfig;
use bytes::Bytes;
use http_body::{Body, Frame};
use rehearsal_pipeline::recommendations::{Clients, Settings};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// 2026-11-21T00:00:00Z: when every test begins.
pub const START_SECONDS: u64 = 1_795_219_200;

/// What AWS answers to one call.
pub enum Answer {
    Json(Value),
    /// Status, code and message.
    Error(u16, &'static str, &'static str),
    /// Events of a stream, and what comes after them.
    Stream(Vec<(&'static str, Value)>, Ending),
    Hang,
    Reset,
}

#[derive(Clone, Copy)]
pub enum Ending {
    Clean,
    Hang,
    /// An exception frame.
    Exception(&'static str),
}

/// One call that was made.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: String,
    pub body: Value,
    pub user_agent: String,
    /// Virtual time since the test began.
    pub at: Duration,
}

#[derive(Clone)]
pub struct Wire {
    state: Arc<Mutex<State>>,
    played: Arc<Notify>,
    started: tokio::time::Instant,
}

struct State {
    script: VecDeque<(&'static str, Answer)>,
    calls: Vec<Call>,
}

impl Wire {
    #[expect(clippy::disallowed_methods, reason = "the test's runtime is paused: this is virtual time")]
    pub fn new(script: Vec<(&'static str, Answer)>) -> Self {
        Self {
            state: Arc::new(Mutex::new(State { script: script.into(), calls: Vec::new() })),
            played: Arc::new(Notify::new()),
            started: tokio::time::Instant::now(),
        }
    }

    pub fn config(&self) -> SdkConfig {
        let credentials = Credentials::new("AKID", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.clone())
            .time_source(VirtualTime { started: self.started })
            .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
            .build()
    }

    pub fn clients(&self, settings: &Settings) -> Clients {
        Clients::new(&self.config(), settings)
    }

    /// Completes when the last answer was asked for.
    pub async fn played(self) {
        self.played.notified().await;
    }

    /// Virtual time since the test began.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn calls(&self) -> Vec<Call> {
        self.state.lock().expect("no test panics while it holds the lock").calls.clone()
    }

    #[track_caller]
    pub fn assert_operations(&self, expected: &[&str]) {
        let calls = self.calls();
        let made: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
        assert_eq!(made, expected);
        let left = self.state.lock().expect("no test panics while it holds the lock").script.len();
        assert_eq!(left, 0, "every scripted answer was asked for");
    }

    fn answer(&self, call: Call) -> Answer {
        let mut state = self.state.lock().expect("no test panics while it holds the lock");
        let Some((operation, answer)) = state.script.pop_front() else { return Answer::Hang };
        assert_eq!(call.operation, operation, "an unexpected call with the body {}", call.body);
        state.calls.push(call);
        if state.script.is_empty() {
            self.played.notify_one();
        }
        answer
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let wire = self.clone();
        HttpConnectorFuture::new(async move {
            let operation = operation(&request);
            let user_agent = request.headers().get("user-agent").unwrap_or_default().to_owned();
            let body = drain(request.into_body()).await;
            let call = Call {
                operation,
                body: serde_json::from_slice(&body).unwrap_or(Value::Null),
                user_agent,
                at: wire.elapsed(),
            };
            match wire.answer(call) {
                Answer::Json(value) => Ok(response(200, None, SdkBody::from(value.to_string()))),
                Answer::Error(status, code, message) => {
                    Ok(response(status, Some(code), SdkBody::from(json!({"message": message}).to_string())))
                }
                Answer::Stream(events, ending) => {
                    Ok(response(200, None, SdkBody::from_body_1_x(StreamBody::new(events, ending))))
                }
                Answer::Hang => std::future::pending().await,
                Answer::Reset => {
                    let error = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                    Err(ConnectorError::io(error.into()))
                }
            }
        })
    }
}

/// Reads the body as a server does: the SDK takes one that nobody reads for a stalled upload.
async fn drain(mut body: SdkBody) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        bytes.extend(frame.expect("a body in memory").into_data().expect("no trailers"));
    }
    bytes
}

fn operation(request: &HttpRequest) -> String {
    if let Some(target) = request.headers().get("x-amz-target") {
        return target.rsplit('.').next().expect("a split has at least one part").to_owned();
    }
    let last = request.uri().rsplit('/').next().expect("a split has at least one part");
    match last {
        "converse" => "Converse".to_owned(),
        "converse-stream" => "ConverseStream".to_owned(),
        other => other.to_owned(),
    }
}

fn response(status: u16, error: Option<&'static str>, body: SdkBody) -> HttpResponse {
    let status = status.try_into().expect("a status of HTTP");
    let mut response = HttpResponse::new(status, body);
    if let Some(error) = error {
        response.headers_mut().insert("x-amzn-errortype", error);
    }
    response
}

struct StreamBody {
    frames: VecDeque<Bytes>,
    hangs: bool,
}

impl StreamBody {
    fn new(events: Vec<(&'static str, Value)>, ending: Ending) -> Self {
        let mut frames: VecDeque<Bytes> =
            events.into_iter().map(|(name, value)| frame("event", ":event-type", name, &value)).collect();
        if let Ending::Exception(name) = ending {
            frames.push_back(frame("exception", ":exception-type", name, &json!({"message": "it broke"})));
        }
        Self { frames, hangs: matches!(ending, Ending::Hang) }
    }
}

fn frame(message_type: &'static str, type_header: &'static str, name: &'static str, payload: &Value) -> Bytes {
    let text = |value: &'static str| HeaderValue::String(value.into());
    let message = Message::new(payload.to_string().into_bytes())
        .add_header(Header::new(":message-type", text(message_type)))
        .add_header(Header::new(type_header, text(name)))
        .add_header(Header::new(":content-type", text("application/json")));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).expect("a short message can be written");
    bytes.into()
}

impl Body for StreamBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.frames.pop_front() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None if self.hangs => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

#[derive(Debug)]
struct VirtualTime {
    started: tokio::time::Instant,
}

impl TimeSource for VirtualTime {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(START_SECONDS) + self.started.elapsed()
    }
}

/// An answer without content.
pub fn empty() -> Answer {
    Answer::Json(json!({}))
}

/// The answer to GetItem, from plain JSON.
pub fn found(item: &Value) -> Answer {
    Answer::Json(json!({"Item": attribute(item)["M"]}))
}

/// The answer to a conditional write that lost.
pub fn condition_failed() -> Answer {
    Answer::Error(400, "ConditionalCheckFailedException", "The conditional request failed")
}

/// The answer to PutEvents when the entry was taken.
pub fn entry_taken() -> Answer {
    Answer::Json(json!({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}))
}

/// A whole stream with this text.
pub fn streamed(text: &str) -> Answer {
    Answer::Stream(events(text), Ending::Clean)
}

/// The events of a whole stream, the text in three pieces.
pub fn events(text: &str) -> Vec<(&'static str, Value)> {
    let characters: Vec<char> = text.chars().collect();
    let mut events = vec![("messageStart", json!({"role": "assistant"}))];
    for piece in characters.chunks(text.len().div_ceil(3).max(1)) {
        let piece: String = piece.iter().collect();
        events.push(("contentBlockDelta", json!({"contentBlockIndex": 0, "delta": {"text": piece}})));
    }
    events.push(("contentBlockStop", json!({"contentBlockIndex": 0})));
    events.push(("messageStop", json!({"stopReason": "end_turn"})));
    let usage = json!({"inputTokens": 1, "outputTokens": 1, "totalTokens": 2});
    events.push(("metadata", json!({"usage": usage, "metrics": {"latencyMs": 5}})));
    events
}

/// A reply as the model should give it.
pub fn good_reply() -> String {
    let item = |number: i32| {
        json!({
            "item_id": format!("prod_{number}"), "category": "thriller", "reasoning": "More of the same.",
            "confidence_score": 0.93,
        })
    };
    Value::Array((1..=5).map(item).collect()).to_string()
}

/// Plain JSON as DynamoDB writes it.
pub fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(flag) => json!({"BOOL": flag}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(values) => json!({"L": values.iter().map(attribute).collect::<Vec<_>>()}),
        Value::Object(members) => {
            let members: serde_json::Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
            json!({"M": members})
        }
    }
}

/// DynamoDB's attribute as plain JSON.
pub fn plain(attribute: &Value) -> Value {
    let (kind, value) = attribute.as_object().and_then(|kinds| kinds.iter().next()).expect("an attribute has one kind");
    match kind.as_str() {
        "N" => serde_json::from_str(value.as_str().expect("numbers travel as text")).expect("a number"),
        "NULL" => Value::Null,
        "L" => Value::Array(value.as_array().expect("a list").iter().map(plain).collect()),
        "M" => value.as_object().expect("a map").iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        _ => value.clone(),
    }
}

/// A whole item as plain JSON.
pub fn plain_item(item: &Value) -> Value {
    plain(&json!({"M": item}))
}
