//! A step's AWS call as a signed HTTP request, and its answer as JSON.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request, Response};
use serde_json::{Map, Value};

use super::dialect::{self, Address, Dialect};
use super::events;
use crate::scenario::AwsCall;

const EVENT_STREAM: &[u8] = b"application/vnd.amazon.eventstream";

/// Where calls go and as whom.
pub struct Signer {
    /// The endpoint, if not AWS's own.
    pub endpoint: Option<String>,
    pub region: String,
    pub credentials: Credentials,
}

impl Signer {
    /// The call as a request, signed at `time`.
    pub fn request(&self, call: &AwsCall, time: SystemTime) -> Result<Request<Bytes>, String> {
        let dialect = dialect::find(&call.service).ok_or_else(|| format!("unknown service `{}`", call.service))?;
        let mut input = call.input.clone();
        encode_members(&mut input, dialect);
        let Address { method, path, headers } = dialect.address(&call.operation, &mut input)?;
        let host = || format!("https://{}.{}.amazonaws.com", dialect.host_of(&path), self.region);
        let base = self.endpoint.clone().unwrap_or_else(host);
        let uri = format!("{}{path}", base.trim_end_matches('/'));
        let mut request = Request::builder().method(method.clone()).uri(&uri);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = match input {
            _ if method == Method::GET || method == Method::DELETE => String::new(),
            Value::Null => "{}".to_owned(),
            input => input.to_string(),
        };
        let mut request = request.body(Bytes::from(body)).map_err(|error| format!("{uri}: {error}"))?;
        self.sign(&mut request, dialect.signing_name, time)?;
        Ok(request)
    }

    /// Signs what somebody else has signed, as oneself.
    pub fn sign_again(&self, request: &mut Request<Bytes>, service: &str, time: SystemTime) -> Result<(), String> {
        for name in ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"] {
            request.headers_mut().remove(name);
        }
        self.sign(request, service, time)
    }

    fn sign(&self, request: &mut Request<Bytes>, service: &str, time: SystemTime) -> Result<(), String> {
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(time)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?;
        let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
        let uri = request.uri().to_string();
        let signable =
            SignableRequest::new(request.method().as_str(), uri, headers, SignableBody::Bytes(request.body()))
                .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(signable, &params.into()).map_err(|error| error.to_string())?.into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}

/// Writes what people write as `{json: ...}` or `{text: ...}` the way it travels.
fn encode_members(value: &mut Value, dialect: &Dialect) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let (blob, text) =
                    (dialect.blobs.contains(&name.as_str()), dialect.json_texts.contains(&name.as_str()));
                match plain(member) {
                    Some(plain) if blob => *member = Value::String(STANDARD.encode(plain)),
                    Some(plain) if text => *member = Value::String(plain),
                    _ => encode_members(member, dialect),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| encode_members(item, dialect)),
        _ => {}
    }
}

/// The text of `{json: value}` or `{text: value}`.
fn plain(member: &Value) -> Option<String> {
    let members = member.as_object().filter(|members| members.len() == 1)?;
    if let Some(json) = members.get("json") {
        return Some(json.to_string());
    }
    members.get("text")?.as_str().map(str::to_owned)
}

/// What no AWS service would answer: something else is at the endpoint.
fn strange(response: &Response<Bytes>) -> (String, String) {
    let text = String::from_utf8_lossy(response.body());
    let beginning: String = text.trim().chars().take(80).collect();
    (format!("HTTP {}", response.status()), format!("this is no answer of AWS: `{beginning}`"))
}

/// The answer: its document, or the code and message of its error.
pub fn answer(response: &Response<Bytes>) -> Result<Value, (String, String)> {
    let content_type = response.headers().get(CONTENT_TYPE).map_or(&[][..], |value| value.as_bytes());
    if content_type == EVENT_STREAM && response.status().is_success() {
        return events::read(response.body());
    }
    let body = if response.body().is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(response.body()).map_err(|_| strange(response))?
    };
    if response.status().is_success() {
        return Ok(body);
    }
    let header = response.headers().get("x-amzn-errortype").and_then(|value| value.to_str().ok());
    let named = header.or_else(|| body.get("__type").and_then(Value::as_str)).ok_or_else(|| strange(response))?;
    let code = named.rsplit('#').next().unwrap_or(named).split(':').next().unwrap_or(named);
    let message = body.get("message").or_else(|| body.get("Message")).and_then(Value::as_str);
    Err((code.to_owned(), message.unwrap_or_default().to_owned()))
}
