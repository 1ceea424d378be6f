//! One call of an API destination: the request as AWS sends it, and what its answer means.
//!
//! AWS: "Events associated with error codes 401, 407, 409, 429, and 5xx are retried. Events associated with error codes
//! 1xx, 2xx, 3xx, and 4xx (excluding 429) aren't retried." "EventBridge API destinations read the standard HTTP
//! response header Retry-After [...]. EventBridge chooses the more conservative value between the defined retry policy
//! and the Retry-After header. If Retry-After value is negative, EventBridge stops retrying delivery for that event."
//!
//! assumed: a 3xx is a failure, and is not followed; GET, HEAD and OPTIONS have no body; a value for a path is
//! percent-encoded; body parameters of a connection are added where the body is a JSON object; and the wording of
//! errors.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::super::connection::oauth;
use super::super::connection::parameters::{AuthParameters, pairs};
use super::super::connection::{Abroad, AuthorizationType, Connection};
use super::super::given_target::HttpParameters;
use super::{ApiDestination, url};
use crate::kernel::{ApiError, Call, Timestamp};
use crate::outbound::{self, Failure, Request, Response};

/// AWS: "requests to an API destination endpoint must have a maximum client execution timeout of 5 seconds".
const TIMEOUT: Duration = Duration::from_secs(5);

/// AWS: "EventBridge removes the following headers".
const REMOVED: [&str; 32] = [
    "a-im",
    "accept-charset",
    "accept-datetime",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-md5",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "pragma",
    "proxy-authorization",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "user-agent",
    "upgrade",
    "via",
];

/// Headers of every request; the content type can be overridden.
const OWN: [(&str, &str); 4] = [
    ("user-agent", "Amazon/EventBridge/ApiDestinations"),
    ("range", "bytes=0-1048575"),
    ("accept-encoding", "gzip,deflate"),
    ("connection", "close"),
];
const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// All that is needed to make a call, wherever it is made.
pub struct Invocation {
    request: Request,
    /// Where a token is needed: how to get one.
    oauth: Option<(AuthParameters, Abroad)>,
    now: Timestamp,
}

impl Invocation {
    pub fn new(
        destination: &ApiDestination,
        connection: &Connection,
        target: &HttpParameters,
        body: &Bytes,
        call: &Call<'_>,
    ) -> Self {
        let needs_token = connection.authorization_type == AuthorizationType::OAuth;
        let oauth = needs_token.then(|| (connection.parameters.clone(), connection.abroad(call)));
        let parameters = &connection.parameters;
        let request = request(&destination.method, &destination.endpoint, parameters, target, body);
        Self { request, oauth, now: call.now }
    }

    /// Makes the call. Blocks.
    pub fn run(self) -> Result<String, ApiError> {
        let Self { mut request, oauth, now } = self;
        let token = match &oauth {
            Some((parameters, authorization)) => Some(oauth::token(parameters, authorization, now)?),
            None => None,
        };
        if let Some(token) = &token {
            request.headers.push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        let answer = outbound::send(&request, TIMEOUT);
        // AWS: "OAUTH tokens are refreshed when a 401 or 407 response is returned."
        if let (Ok(Response { status: 401 | 407, .. }), Some(token), Some((_, authorization))) =
            (&answer, &token, &oauth)
        {
            oauth::turned_down(authorization, token);
        }
        judge(answer)
    }
}

/// What an answer means for the event.
fn judge(answer: Result<Response, Failure>) -> Result<String, ApiError> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(Failure::Timeout(_)) => return Err(failure(504, "TIMEOUT", "The request timed out.")),
        Err(Failure::Unreachable(reason)) => return Err(failure(503, "CONNECTION_FAILURE", &reason)),
        Err(Failure::Unsendable(reason)) => return Err(failure(400, "SDK_CLIENT_ERROR", &reason)),
    };
    let status = answer.status;
    if (200..300).contains(&status) {
        return Ok(format!("HTTP {status}"));
    }
    let reason = format!("The API destination endpoint returned HTTP status code {status}.");
    let retry_after = answer.header("retry-after").and_then(|seconds| seconds.trim().parse::<i64>().ok());
    let is_retried = matches!(status, 401 | 407 | 409 | 429 | 500..) && retry_after.is_none_or(|seconds| seconds >= 0);
    let code = if status >= 500 { "ERROR_FROM_TARGET" } else { "SDK_CLIENT_ERROR" };
    // The bus tries again what has failed as servers fail.
    let error = failure(if is_retried { 503 } else { 400 }, code, &reason);
    Err(match retry_after {
        Some(seconds) if is_retried => error.with_header("retry-after", seconds.to_string()),
        _ => error,
    })
}

pub fn failure(status: u16, code: &str, reason: &str) -> ApiError {
    ApiError::with_status(status, code, format!("Unable to invoke ApiDestination endpoint: {reason}"))
}

/// The request, but for a token. AWS: parameters of the target "are merged with any InvocationParameters specified on
/// the Connection, with any values from the Connection taking precedence".
fn request(
    method: &str,
    endpoint: &str,
    connection: &AuthParameters,
    target: &HttpParameters,
    body: &Bytes,
) -> Request {
    let extra = connection.invocation_http_parameters.clone().unwrap_or_default();
    let mut query = target.query_string_parameters.clone();
    query.extend(pairs(extra.query_string_parameters.as_ref()));
    let query: Vec<(String, String)> = query.into_iter().collect();
    let endpoint = url::fill(&url::absolute(endpoint), &target.path_parameter_values);
    let has_body = !matches!(method, "GET" | "HEAD" | "OPTIONS");
    let body = if has_body { with_parameters(body, &pairs(extra.body_parameters.as_ref())) } else { Bytes::new() };
    Request {
        method: method.to_owned(),
        url: url::with_query(&endpoint, &query),
        headers: headers(connection, target, &pairs(extra.header_parameters.as_ref())),
        body,
    }
}

fn headers(connection: &AuthParameters, target: &HttpParameters, extra: &[(String, String)]) -> Vec<(String, String)> {
    let mut headers = BTreeMap::from([("content-type".to_owned(), CONTENT_TYPE.to_owned())]);
    for (name, value) in target.header_parameters.iter().chain(extra.iter().map(|(name, value)| (name, value))) {
        let name = name.to_ascii_lowercase();
        if !REMOVED.contains(&name.as_str()) {
            headers.insert(name, value.clone());
        }
    }
    headers.extend(OWN.map(|(name, value)| (name.to_owned(), value.to_owned())));
    if let Some(basic) = &connection.basic_auth_parameters {
        let (username, password) = (basic.username.as_deref(), basic.password.as_deref());
        let credentials = format!("{}:{}", username.unwrap_or_default(), password.unwrap_or_default());
        headers.insert("authorization".to_owned(), format!("Basic {}", STANDARD.encode(credentials)));
    }
    if let Some(key) = &connection.api_key_auth_parameters {
        let (name, value) = (key.api_key_name.as_deref(), key.api_key_value.as_deref());
        headers.insert(name.unwrap_or_default().to_ascii_lowercase(), value.unwrap_or_default().to_owned());
    }
    if connection.oauth_parameters.is_some() {
        // The token takes its place.
        headers.remove("authorization");
    }
    headers.into_iter().collect()
}

fn with_parameters(body: &Bytes, parameters: &[(String, String)]) -> Bytes {
    if parameters.is_empty() {
        return body.clone();
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(mut fields)) => {
            for (key, value) in parameters {
                fields.insert(key.clone(), value.clone().into());
            }
            Value::Object(fields).to_string().into()
        }
        _ => body.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made(method: &str, connection: Value, target: Value) -> Request {
        let connection = serde_json::from_value(connection).unwrap();
        let target = serde_json::from_value(target).unwrap();
        request(method, "http://host/*/end", &connection, &target, &Bytes::from_static(b"{\"a\":1}"))
    }

    #[test]
    fn connection_and_target_make_the_request_together() {
        let connection = json!({
            "BasicAuthParameters": {"Username": "u", "Password": "p"},
            "InvocationHttpParameters": {
                "HeaderParameters": [{"Key": "X-Both", "Value": "connection"}],
                "QueryStringParameters": [{"Key": "q", "Value": "connection"}],
                "BodyParameters": [{"Key": "b", "Value": "2"}],
            },
        });
        let target = json!({
            "PathParameterValues": ["a b"],
            "HeaderParameters": {"x-both": "target", "X-Target": "t", "Range": "none", "Host": "other"},
            "QueryStringParameters": {"q": "target", "r": "1"},
        });
        let made = made("POST", connection, target);
        assert_eq!(made.url, "http://host/a%20b/end?q=connection&r=1");
        assert_eq!(made.body, r#"{"a":1,"b":"2"}"#);
        let headers: BTreeMap<_, _> = made.headers.into_iter().collect();
        let expected = [
            ("accept-encoding", "gzip,deflate"),
            ("authorization", "Basic dTpw"),
            ("connection", "close"),
            ("content-type", "application/json; charset=utf-8"),
            ("range", "bytes=0-1048575"),
            ("user-agent", "Amazon/EventBridge/ApiDestinations"),
            ("x-both", "connection"),
            ("x-target", "t"),
        ];
        let expected: BTreeMap<_, _> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(headers, expected);
    }

    #[test]
    fn an_api_key_is_a_header_and_a_content_type_can_be_chosen() {
        let key = json!({"ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": "secret"}});
        let made = made("GET", key, json!({"HeaderParameters": {"Content-Type": "text/plain"}}));
        assert!(made.headers.contains(&("x-api-key".to_owned(), "secret".to_owned())));
        assert!(made.headers.contains(&("content-type".to_owned(), "text/plain".to_owned())));
        assert!(made.body.is_empty());
    }

    #[test]
    fn an_answer_says_whether_the_event_is_tried_again() {
        for (status, retry_after, expected) in [
            (200, None, None),
            (204, None, None),
            (302, None, Some((false, None))),
            (400, None, Some((false, None))),
            (401, None, Some((true, None))),
            (404, None, Some((false, None))),
            (407, None, Some((true, None))),
            (409, None, Some((true, None))),
            (429, Some("17"), Some((true, Some(17)))),
            (500, None, Some((true, None))),
            (503, Some("soon"), Some((true, None))),
            (503, Some("-1"), Some((false, None))),
        ] {
            let headers = retry_after.map(|value: &str| ("retry-after".to_owned(), value.to_owned()));
            let answer = Response { status, headers: headers.into_iter().collect(), body: Bytes::new() };
            let error = judge(Ok(answer)).err();
            let judged = error.map(|error| (error.is_transient(), error.retry_after().map(|after| after.as_secs())));
            assert_eq!(judged, expected, "{status} {retry_after:?}");
        }
    }

    #[test]
    fn no_answer_is_tried_again_unless_nothing_could_be_sent() {
        let silent = judge(Err(Failure::Timeout(TIMEOUT))).unwrap_err();
        let nobody = judge(Err(Failure::Unreachable("refused".to_owned()))).unwrap_err();
        let wrong = judge(Err(Failure::Unsendable("no URL".to_owned()))).unwrap_err();
        let transient = [&silent, &nobody, &wrong].map(ApiError::is_transient);
        assert_eq!(transient, [true, true, false]);
        assert_eq!([silent.code, nobody.code, wrong.code], ["TIMEOUT", "CONNECTION_FAILURE", "SDK_CLIENT_ERROR"]);
    }
}
