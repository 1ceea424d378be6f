//! `--verify-signatures`, with the `aws-sigv4` crate as the oracle.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use axum::body::Body;
use http::Request;
use rehearsal_emulator::Emulator;
use serde_json::Value;

use crate::raw::send;

const TARGET: &str = "Kinesis_20131202.ListStreams";

async fn verifying() -> Emulator {
    Emulator::builder().verify_signatures("AKIDEXAMPLE", "secret").start().await
}

fn now(emulator: &Emulator) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(emulator.clock().now().as_millis()).unwrap())
}

/// Signs a request as the SDK would.
fn signed(
    mut request: Request<&'static str>,
    key: &str,
    secret: &str,
    time: SystemTime,
    settings: SigningSettings,
) -> Request<Body> {
    let identity = Credentials::new(key, secret, None, None, "test").into();
    let builder = v4::SigningParams::builder().identity(&identity).region("us-east-1").name("kinesis");
    let params = builder.time(time).settings(settings).build().unwrap().into();
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let body = SignableBody::Bytes(request.body().as_bytes());
    let signable = SignableRequest::new(request.method().as_str(), request.uri().to_string(), headers, body).unwrap();
    let (instructions, _) = sign(signable, &params).unwrap().into_parts();
    instructions.apply_to_request_http1x(&mut request);
    request.map(Body::from)
}

fn list_streams(uri: &str) -> Request<&'static str> {
    let request = Request::post(uri).header("host", "127.0.0.1:4566").header("x-amz-target", TARGET);
    request.header("content-type", "application/x-amz-json-1.1").body("{}").unwrap()
}

async fn code(emulator: &Emulator, request: Request<Body>) -> (u16, String) {
    let response = send(emulator, request).await;
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let text = format!("{} {}", body["__type"].as_str().unwrap_or("ok"), body["message"].as_str().unwrap_or_default());
    (response.status().as_u16(), text)
}

#[tokio::test(start_paused = true)]
async fn what_the_sdk_signs_is_accepted_in_header_and_query_form() {
    let emulator = verifying().await;
    let uri = "http://127.0.0.1:4566/?b=2&a=1&empty&space=a%20b";
    let header = SigningSettings::default();
    let mut query = SigningSettings::default();
    query.signature_location = SignatureLocation::QueryParams;
    query.expires_in = Some(Duration::from_secs(60));
    for settings in [header, query] {
        let request = signed(list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator), settings);
        let (status, text) = code(&emulator, request).await;
        assert_eq!(status, 200, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn over_http_2_the_authority_stands_for_the_host() {
    let emulator = verifying().await;
    let mut request = signed(
        list_streams("http://127.0.0.1:4566/"),
        "AKIDEXAMPLE",
        "secret",
        now(&emulator),
        SigningSettings::default(),
    );
    assert!(request.headers()["authorization"].to_str().unwrap().contains("host"));
    // HTTP/2 has no Host header: the server sees the authority in the URI.
    request.headers_mut().remove("host");
    assert_eq!(code(&emulator, request).await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn whatever_was_changed_on_the_way_breaks_the_signature() {
    let emulator = verifying().await;
    let sign_now = |uri| signed(list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator), SigningSettings::default());
    let uri = "http://127.0.0.1:4566/?a=1";
    let mut body = sign_now(uri);
    *body.body_mut() = Body::from("{ }");
    let mut header = sign_now(uri);
    header.headers_mut().insert("x-amz-target", "Kinesis_20131202.DescribeLimits".parse().unwrap());
    header.headers_mut().insert("x-amz-target", "Kinesis_20131202.DeleteStream".parse().unwrap());
    let mut query = sign_now(uri);
    *query.uri_mut() = "http://127.0.0.1:4566/?a=2".parse().unwrap();
    let wrong_secret = signed(list_streams(uri), "AKIDEXAMPLE", "guess", now(&emulator), SigningSettings::default());
    for (what, request) in [("body", body), ("header", header), ("query", query), ("secret", wrong_secret)] {
        let (status, text) = code(&emulator, request).await;
        assert_eq!(status, 403, "{what}: {text}");
        assert!(
            text.starts_with("InvalidSignatureException The request signature we calculated does not match"),
            "{what}: {text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn unsigned_strange_and_stale_requests_get_errors_of_their_own() {
    let emulator = verifying().await;
    let uri = "http://127.0.0.1:4566/";
    let stranger = signed(list_streams(uri), "AKIDSTRANGER", "secret", now(&emulator), SigningSettings::default());
    let hour = Duration::from_secs(3600);
    let stale = signed(list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator) - hour, SigningSettings::default());
    let early = signed(list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator) + hour, SigningSettings::default());
    let mut elsewhere = list_streams(uri);
    elsewhere.headers_mut().insert("x-amz-target", "AWSEvents.ListRules".parse().unwrap());
    let elsewhere = signed(elsewhere, "AKIDEXAMPLE", "secret", now(&emulator), SigningSettings::default());
    let mut endless = SigningSettings::default();
    endless.signature_location = SignatureLocation::QueryParams;
    endless.expires_in = Some(Duration::from_secs(604_801));
    let endless = signed(list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator), endless);
    let mut garbled = list_streams(uri);
    garbled.headers_mut().insert("authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE".parse().unwrap());
    for (request, expected) in [
        (list_streams(uri).map(Body::from), "MissingAuthenticationTokenException"),
        (stranger, "UnrecognizedClientException The security token included in the request is invalid."),
        (garbled.map(Body::from), "IncompleteSignatureException"),
        (elsewhere, "InvalidSignatureException Credential should be scoped to correct service: 'events'."),
        (endless, "IncompleteSignatureException X-Amz-Expires"),
        (stale, "InvalidSignatureException Signature"),
        (early, "InvalidSignatureException Signature"),
    ] {
        let (status, text) = code(&emulator, request).await;
        assert!(status == 400 || status == 403, "{status}");
        assert!(text.starts_with(expected), "{text}, expected {expected}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_sdk_itself_is_accepted_with_the_right_key_and_refused_with_another() {
    let emulator = Emulator::builder().verify_signatures("test", "test").start().await;
    let config = emulator.sdk_config().await;
    aws_sdk_kinesis::Client::new(&config)
        .list_streams()
        .send()
        .await
        .expect("the in-process client signs with this key");
    let other = emulator.sdk_config_for("123456789012").await;
    let error = aws_sdk_kinesis::Client::new(&other).list_streams().send().await;
    assert_eq!(crate::stage::refusal(error).0, "UnrecognizedClientException");
}
