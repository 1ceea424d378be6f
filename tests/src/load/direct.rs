//! Calls of an emulator in this process, for figures in which no socket has a part.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use rehearsal_emulator::Emulator;
use serde_json::Value;

/// Calls an operation by its `X-Amz-Target`. The error says what was answered.
pub async fn call(emulator: &Emulator, target: &str, body: &Value) -> Result<(), String> {
    let version = if target.starts_with("DynamoDB") { "1.0" } else { "1.1" };
    let request = Request::post("/")
        .header("x-amz-target", target)
        .header("content-type", format!("application/x-amz-json-{version}"))
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(|error| error.to_string())?;
    let response = emulator.gateway().handle(request).await.map_err(|_| format!("{target}: no answer"))?;
    if response.status().is_success() {
        return Ok(());
    }
    let body = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
    Err(format!("{target}: {}", String::from_utf8_lossy(&body)))
}
