//! A step's AWS call as a signed HTTP request, and its answer as JSON.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::scenario::AwsCall;

/// How a service is spoken to.
struct Dialect {
    /// In scenario files.
    name: &'static str,
    /// The first label of its host on AWS.
    host: &'static str,
    signing_name: &'static str,
    wire: Wire,
    /// Members that are binary: `{json: ...}` and `{text: ...}` become base64.
    blobs: &'static [&'static str],
    /// Members that are JSON in a string.
    json_texts: &'static [&'static str],
}

enum Wire {
    /// `X-Amz-Target` prefix and JSON version.
    Json(&'static str, &'static str),
    /// Operations with their path; `{modelId}` is taken from the input.
    Rest(&'static [(&'static str, &'static str)]),
}

const DIALECTS: &[Dialect] = &[
    Dialect {
        name: "kinesis",
        host: "kinesis",
        signing_name: "kinesis",
        wire: Wire::Json("Kinesis_20131202", "1.1"),
        blobs: &["Data"],
        json_texts: &[],
    },
    Dialect {
        name: "dynamodb",
        host: "dynamodb",
        signing_name: "dynamodb",
        wire: Wire::Json("DynamoDB_20120810", "1.0"),
        blobs: &["B"],
        json_texts: &[],
    },
    Dialect {
        name: "dynamodbstreams",
        host: "streams.dynamodb",
        signing_name: "dynamodb",
        wire: Wire::Json("DynamoDBStreams_20120810", "1.0"),
        blobs: &["B"],
        json_texts: &[],
    },
    Dialect {
        name: "events",
        host: "events",
        signing_name: "events",
        wire: Wire::Json("AWSEvents", "1.1"),
        blobs: &[],
        json_texts: &["Detail", "EventPattern", "Event", "Input"],
    },
    Dialect {
        name: "bedrock",
        host: "bedrock-runtime",
        signing_name: "bedrock",
        wire: Wire::Rest(&[("Converse", "/model/{modelId}/converse"), ("InvokeModel", "/model/{modelId}/invoke")]),
        blobs: &[],
        json_texts: &[],
    },
];

/// Reads `service.Operation`.
pub fn split(name: &str) -> Result<(String, String), String> {
    let known = || DIALECTS.iter().map(|dialect| dialect.name).collect::<Vec<_>>().join(", ");
    let (service, operation) = name.split_once('.').ok_or_else(|| {
        format!("unknown step `{name}`: expected `service.Operation`, `advance`, `fault`, `http.GET`, `model.calls` or `timeline.contains`")
    })?;
    let dialect =
        find(service).ok_or_else(|| format!("unknown service `{service}` in `{name}`: there are {}", known()))?;
    if let Wire::Rest(operations) = &dialect.wire
        && !operations.iter().any(|(known, _)| *known == operation)
    {
        let names: Vec<&str> = operations.iter().map(|(name, _)| *name).collect();
        return Err(format!("a step cannot call `{name}`: of {service} it can call {}", names.join(", ")));
    }
    Ok((service.to_owned(), operation.to_owned()))
}

fn find(service: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| dialect.name == service)
}

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
        let dialect = find(&call.service).ok_or_else(|| format!("unknown service `{}`", call.service))?;
        let mut input = call.input.clone();
        encode_members(&mut input, dialect);
        let (path, headers) = address(dialect, &call.operation, &mut input)?;
        let base =
            self.endpoint.clone().unwrap_or_else(|| format!("https://{}.{}.amazonaws.com", dialect.host, self.region));
        let uri = format!("{}{path}", base.trim_end_matches('/'));
        let mut request = Request::post(&uri);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = if input.is_null() { "{}".to_owned() } else { input.to_string() };
        let mut request = request.body(Bytes::from(body)).map_err(|error| format!("{uri}: {error}"))?;
        self.sign(&mut request, dialect, time)?;
        Ok(request)
    }

    fn sign(&self, request: &mut Request<Bytes>, dialect: &Dialect, time: SystemTime) -> Result<(), String> {
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(dialect.signing_name)
            .time(time)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?;
        let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
        let uri = request.uri().to_string();
        let signable = SignableRequest::new("POST", uri, headers, SignableBody::Bytes(request.body()))
            .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(signable, &params.into()).map_err(|error| error.to_string())?.into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}

type Headers = Vec<(&'static str, String)>;

/// Path and headers of a call; what belongs into the path is taken out of the input.
fn address(dialect: &Dialect, operation: &str, input: &mut Value) -> Result<(String, Headers), String> {
    match &dialect.wire {
        Wire::Json(prefix, version) => {
            let target = ("x-amz-target", format!("{prefix}.{operation}"));
            Ok(("/".to_owned(), vec![("content-type", format!("application/x-amz-json-{version}")), target]))
        }
        Wire::Rest(operations) => {
            let template = operations.iter().find(|(name, _)| *name == operation).map(|(_, template)| *template);
            let template = template.ok_or_else(|| format!("a step cannot call {operation}"))?;
            let model = input.as_object_mut().and_then(|input| input.remove("modelId"));
            let model = model.as_ref().and_then(Value::as_str).ok_or("`modelId` is missing")?;
            const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
            let path = template.replace("{modelId}", &utf8_percent_encode(model, ESCAPED).to_string());
            if operation == "InvokeModel" {
                *input = input.get_mut("body").map(Value::take).ok_or("`body` is missing")?;
            }
            Ok((path, vec![("content-type", "application/json".to_owned())]))
        }
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
