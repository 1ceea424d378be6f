//! `--verify-signatures`, with the `aws-sigv4` crate as the oracle.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
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
    request: Request<&'static str>,
    key: &str,
    secret: &str,
    time: SystemTime,
    settings: SigningSettings,
) -> Request<Body> {
    let body = SignableBody::Bytes(request.body().as_bytes());
    signed_over(body, request, key, secret, time, settings)
}

/// The same with another word for the body.
fn signed_over(
    body: SignableBody<'_>,
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
async fn a_body_that_is_not_signed_is_not_accepted_whatever_is_said_of_it() {
    let emulator = verifying().await;
    let uri = "http://127.0.0.1:4566/";
    for (body, status, expected) in [
        (SignableBody::UnsignedPayload, 403, "InvalidSignatureException"),
        (SignableBody::Precomputed("00".repeat(32)), 403, "InvalidSignatureException"),
        (SignableBody::StreamingUnsignedPayloadTrailer, 501, "NotImplemented"),
        (SignableBody::Precomputed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD".to_owned()), 501, "NotImplemented"),
        (SignableBody::Bytes(b"{}"), 200, "ok"),
    ] {
        let shown = format!("{body:?}");
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let request = signed_over(body, list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator), settings);
        let (answered, text) = code(&emulator, request).await;
        assert!(answered == status && text.starts_with(expected), "{shown}: {answered} {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_signature_that_fits_other_requests_too_is_refused() {
    let emulator = verifying().await;
    let uri = "http://127.0.0.1:4566/";
    let mut settings = SigningSettings::default();
    settings.excluded_headers = Some(vec!["x-amz-target".into()]);
    let any_target = signed(list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator), settings);
    let (status, text) = code(&emulator, any_target).await;
    assert_eq!(
        (status, &*text),
        (403, "InvalidSignatureException 'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.")
    );
    let mut any_host = signed(list_streams(uri), "AKIDEXAMPLE", "secret", now(&emulator), SigningSettings::default());
    let authorization = any_host.headers()["authorization"].to_str().unwrap().replace(";host", "");
    any_host.headers_mut().insert("authorization", authorization.parse().unwrap());
    let (status, text) = code(&emulator, any_host).await;
    assert!(status == 403 && text.contains("'Host' or ':authority' must be"), "{status} {text}");
}

#[tokio::test]
async fn the_sdk_of_every_protocol_is_accepted_over_a_socket() {
    let emulator = Emulator::builder().verify_signatures("test", "test").start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    let client = aws_smithy_http_client::Builder::new().build_http();
    let config = emulator.sdk_config().await.into_builder().endpoint_url(server.url()).http_client(client).build();
    aws_sdk_kinesis::Client::new(&config).list_streams().send().await.expect("awsJson 1.1 or CBOR");
    aws_sdk_dynamodb::Client::new(&config).list_tables().send().await.expect("awsJson 1.0");
    aws_sdk_sqs::Client::new(&config).list_queues().send().await.expect("awsJson 1.0 that was a form");
    let schedules = aws_sdk_scheduler::Client::new(&config);
    schedules.list_schedules().name_prefix("a-b_c.d").send().await.expect("restJson 1 with a query");
    emulator
        .bedrock()
        .given(rehearsal_emulator::anything())
        .respond_with(rehearsal_emulator::Reply::text("yes"))
        .mount();
    let bedrock = aws_sdk_bedrockruntime::Client::new(&config);
    let invoke = bedrock.invoke_model().model_id(crate::bedrock::MODEL).content_type("application/json");
    let body =
        r#"{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#;
    let body = aws_smithy_types::Blob::new(body);
    invoke.body(body).send().await.expect("restJson 1 with a path that is escaped twice");
    let stranger = emulator.sdk_config_for("AKIDSTRANGER").await.into_builder().endpoint_url(server.url());
    let stranger = stranger.http_client(aws_smithy_http_client::Builder::new().build_http()).build();
    let refused = aws_sdk_dynamodb::Client::new(&stranger).list_tables().send().await;
    assert_eq!(crate::stage::refusal(refused).0, "UnrecognizedClientException");
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
