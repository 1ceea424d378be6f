//! What a request says of its sender: credential scope, application, trace.
//!
//! Signatures are parsed here, not verified: [`super::signature`] does that where it is asked for.

use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use http::header::{AUTHORIZATION, HOST, HeaderName, USER_AGENT};
use http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::kernel::scope::{DEFAULT_ACCOUNT, DEFAULT_REGION};
use crate::kernel::{Caller, EventId, Scope};

/// The sender, as far as the request tells. Unsigned requests get the default account and region.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    pub scope: Scope,
    pub caller: Caller,
    /// The service of the credential scope, else of the host; empty if neither tells.
    pub service: String,
}

impl Credentials {
    pub fn of(parts: &Parts) -> Self {
        let credential =
            header_credential(&parts.headers).or_else(|| query_credential(parts.uri.query().unwrap_or("")));
        let (host_service, host_region) = host_hints(parts);
        let mut fields = credential.as_deref().unwrap_or_default().split('/');
        let access_key_id: Arc<str> = short(fields.next().unwrap_or_default()).into();
        let _date = fields.next();
        let region =
            fields.next().filter(|region| !region.is_empty()).or(host_region.as_deref()).unwrap_or(DEFAULT_REGION);
        let service = fields.next().map_or(host_service, |service| short(service).to_owned());
        let caller = Caller { app: app_name(&parts.headers), access_key_id };
        Self { scope: Scope::new(account(&caller.access_key_id), short(region)), caller, service }
    }
}

/// The last senders: a program sends many requests, and all of them say the same of it.
#[derive(Default)]
pub struct Senders {
    known: Mutex<Vec<Sender>>,
}

/// What [`Credentials::of`] reads of a request, and what it made of it.
struct Sender {
    credential: Vec<u8>,
    headers: [Vec<u8>; 3],
    credentials: Arc<Credentials>,
}

const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");
const AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");
const SENDER_HEADERS: [HeaderName; 3] = [HOST, USER_AGENT, AMZ_USER_AGENT];
/// Programs that take turns on one emulator; more are read anew now and then.
const SENDERS_KEPT: usize = 8;

impl Senders {
    /// [`Credentials::of`], read only once for each sender.
    pub fn credentials_of(&self, parts: &Parts) -> Arc<Credentials> {
        let Some(credential) = signed_by(&parts.headers) else { return Arc::new(Credentials::of(parts)) };
        let headers = SENDER_HEADERS.map(|name| parts.headers.get(name).map_or(&b""[..], |value| value.as_bytes()));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |sender: &&Sender| {
            sender.credential == credential && sender.headers.iter().zip(headers).all(|(known, now)| known == now)
        };
        if let Some(sender) = known.iter().find(same) {
            return Arc::clone(&sender.credentials);
        }
        let credentials = Arc::new(Credentials::of(parts));
        // Otherwise something else of the request was read as well.
        let said_all = std::str::from_utf8(credential).is_ok_and(|text| text.contains("Credential="));
        if !said_all || headers[0].is_empty() || header_credential(&parts.headers).is_none() {
            return credentials;
        }
        if known.len() == SENDERS_KEPT {
            known.remove(0);
        }
        let (credential, headers) = (credential.to_vec(), headers.map(<[u8]>::to_vec));
        known.push(Sender { credential, headers, credentials: Arc::clone(&credentials) });
        credentials
    }
}

/// What an Authorization header says before its list of signed headers.
fn signed_by(headers: &HeaderMap) -> Option<&[u8]> {
    let authorization = headers.get(AUTHORIZATION)?.as_bytes();
    let end = authorization.iter().position(|byte| *byte == b',')?;
    Some(&authorization[..end])
}

/// A 12-digit access key id names the account: tests get a world of their own by choosing one.
fn account(access_key_id: &str) -> &str {
    let is_account = access_key_id.len() == 12 && access_key_id.bytes().all(|byte| byte.is_ascii_digit());
    if is_account { access_key_id } else { DEFAULT_ACCOUNT }
}

/// `AKID/20260101/us-east-1/kinesis/aws4_request` of the Authorization header.
fn header_credential(headers: &HeaderMap) -> Option<String> {
    let authorization = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, rest) = authorization.split_once("Credential=")?;
    Some(rest.split([',', ' ']).next()?.to_owned())
}

fn query_credential(query: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential="))?;
    Some(percent_decode_str(value).decode_utf8().ok()?.into_owned())
}

/// Service and region of a host such as `kinesis.eu-west-1.amazonaws.com` or `kinesis.localhost`.
fn host_hints(parts: &Parts) -> (String, Option<String>) {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).or(parts.uri.host()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    match labels.as_slice() {
        [service, "localhost"] => ((*service).to_owned(), None),
        [service, region, "localhost"] | [service, region, "amazonaws", "com"] => {
            ((*service).to_owned(), Some((*region).to_owned()))
        }
        _ => (String::new(), None),
    }
}

/// Where the sender reached this world: `http://localhost:4566`. URLs that lead back here begin with it.
pub fn endpoint(parts: &Parts) -> String {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host.or(parts.uri.authority().map(http::uri::Authority::as_str)) else { return String::new() };
    format!("{}://{host}", parts.uri.scheme_str().unwrap_or("http"))
}

/// The `app/NAME` of an SDK's user agent.
fn app_name(headers: &HeaderMap) -> Arc<str> {
    let agents = [AMZ_USER_AGENT, USER_AGENT].into_iter().filter_map(|name| headers.get(name)?.to_str().ok());
    let mut names = agents.flat_map(|agent| agent.split(' ')).filter_map(|word| word.strip_prefix("app/"));
    short(names.next().unwrap_or_default()).into()
}

/// AWS's longest of these, an access key id, has 128 characters; what a caller sends instead is kept with every event.
const NAME_BYTES_MAX: usize = 128;

/// As much of a name as is kept.
fn short(name: &str) -> &str {
    &name[..name.floor_char_boundary(NAME_BYTES_MAX)]
}

/// The event a caller names as its cause: `X-Amzn-Trace-Id: Root=...;Parent=000000000000002a`.
pub fn traced_parent(headers: &HeaderMap) -> Option<EventId> {
    let header = headers.get(TRACE_ID)?.to_str().ok()?;
    let parent = header.split(';').find_map(|field| field.trim().strip_prefix("Parent="))?;
    // Ids of other tracers are random 64-bit numbers; ours are small.
    let id = u64::from_str_radix(parent, 16).ok().filter(|id| *id < 1 << 48)?;
    Some(EventId(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn account_region_and_service_come_from_the_credential_scope() {
        let signed =
            |credential: &str| format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0");
        for (uri, authorization, host, expected) in [
            ("/", signed("test/20260101/eu-west-1/kinesis/aws4_request"), "", ("000000000000", "eu-west-1", "kinesis")),
            (
                "/",
                signed("123456789012/20260101/us-east-1/dynamodb/aws4_request"),
                "",
                ("123456789012", "us-east-1", "dynamodb"),
            ),
            (
                "/?X-Amz-Credential=AKID%2F20260101%2Feu-north-1%2Fevents%2Faws4_request",
                String::new(),
                "",
                ("000000000000", "eu-north-1", "events"),
            ),
            (
                "/",
                String::new(),
                "bedrock-runtime.eu-west-1.amazonaws.com",
                ("000000000000", "eu-west-1", "bedrock-runtime"),
            ),
            ("/", String::new(), "localhost:4566", ("000000000000", "us-east-1", "")),
            ("/", "Bearer abc".to_owned(), "", ("000000000000", "us-east-1", "")),
        ] {
            let credentials = Credentials::of(&parts(uri, &[("authorization", &authorization), ("host", host)]));
            let Scope { account, region } = &credentials.scope;
            assert_eq!((&**account, &**region, &*credentials.service), expected, "{uri} {authorization} {host}");
        }
    }

    #[test]
    fn a_sender_that_is_known_is_taken_for_no_other() {
        let senders = Senders::default();
        let of = |authorization: &str, host: &str, agent: &str| {
            let headers = [("authorization", authorization), ("host", host), ("user-agent", agent)];
            let parts = parts("/", &headers);
            let (known, anew) = (senders.credentials_of(&parts), Credentials::of(&parts));
            let shown = |credentials: &Credentials| format!("{credentials:?}");
            assert_eq!(shown(&known), shown(&anew), "{authorization} {host} {agent}");
        };
        let signed = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host";
        let later = "AWS4-HMAC-SHA256 SignedHeaders=host, Credential=123456789012/20260101/us-east-1/x/aws4_request";
        let other = "AWS4-HMAC-SHA256 SignedHeaders=host, Credential=test/20260101/us-east-2/x/aws4_request";
        for round in 0..2 * SENDERS_KEPT {
            of(signed, "localhost", "app/one");
            of(signed, "localhost", "app/two");
            of(signed, "", "app/one");
            of("AWS4-HMAC-SHA256 Credential=test//, SignedHeaders=host", "kinesis.eu-north-1.localhost", "");
            of("AWS4-HMAC-SHA256 Credential=test//, SignedHeaders=host", "kinesis.eu-west-1.localhost", "");
            of(later, "localhost", "");
            of(other, "localhost", "");
            of("", "localhost", &format!("app/{round}"));
            of(&signed.replace("test", &format!("test{round}")), "localhost", "");
        }
    }

    #[test]
    fn what_a_caller_sends_in_place_of_a_name_is_cut() {
        let long = "ü".repeat(1000);
        let authorization = format!("AWS4-HMAC-SHA256 Credential={long}/20260101/{long}/{long}/aws4_request, X");
        let credentials = Credentials::of(&parts("/", &[("authorization", &authorization), ("user-agent", "app/")]));
        let Credentials { scope, caller, service } = credentials;
        for name in [&*scope.region, &*caller.access_key_id, &service] {
            assert!(name.len() <= NAME_BYTES_MAX, "{name}");
        }
    }

    #[test]
    fn the_sdk_tells_its_application() {
        let parts = parts("/", &[("user-agent", "aws-sdk-rust/1 os/linux app/worker")]);
        assert_eq!(&*Credentials::of(&parts).caller.app, "worker");
    }
}
