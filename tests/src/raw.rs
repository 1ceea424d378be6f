//! Requests that no SDK would send.

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use rehearsal_emulator::Emulator;
use serde_json::Value;

/// Sends a request to the gateway and reads the answer whole.
pub async fn send(emulator: &Emulator, request: Request<Body>) -> Response<Bytes> {
    let response = emulator.gateway().handle(request).await.expect("no fault breaks the connection");
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, body.collect().await.expect("the body is whole").to_bytes())
}

/// Posts `body` to an awsJson operation, unsigned: `Kinesis_20131202.ListStreams`.
pub async fn post_json(emulator: &Emulator, target: &str, body: impl Into<Body>) -> (u16, Value) {
    let request =
        Request::post("/").header("x-amz-target", target).header("content-type", "application/x-amz-json-1.1");
    let response = send(emulator, request.body(body.into()).expect("the request is well formed")).await;
    let document = serde_json::from_slice(response.body()).expect("an awsJson answer is JSON");
    (response.status().as_u16(), document)
}

/// One call of the admin API: status and JSON.
pub async fn admin(emulator: &Emulator, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(format!("/_rehearsal/{path}"));
    let response = send(emulator, request.body(Body::from(body.to_owned())).expect("the request is well formed")).await;
    let text = String::from_utf8_lossy(response.body()).into_owned();
    (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
