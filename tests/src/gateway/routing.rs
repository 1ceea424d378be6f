//! Which service and operation a request is for, and what is said of those that are for none.

use axum::body::Body;
use http::Request;
use rehearsal_emulator::Emulator;
use serde_json::Value;

use crate::raw::{post_json, send};

#[tokio::test(start_paused = true)]
async fn an_unknown_target_is_named_in_the_error() {
    let emulator = Emulator::start().await;
    for (target, code, named) in [
        ("Kinesis_20131202.PutRekord", "UnknownOperationException", "PutRekord"),
        ("AmazonSNS.Publish", "UnknownOperationException", "AmazonSNS.Publish"),
        ("", "UnknownOperationException", "X-Amz-Target"),
        ("Kinesis_20131202.CreateChannel", "NotImplemented", "CreateChannel"),
    ] {
        let (status, body) = post_json(&emulator, target, "{}").await;
        assert!(status == 400 || status == 501, "{target}: {status}");
        assert_eq!(body["__type"], code, "{target}");
        assert!(body["message"].as_str().unwrap_or_default().contains(named), "{target}: {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_for_nothing_says_what_was_tried() {
    let emulator = Emulator::start().await;
    let authorization =
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";
    let request = Request::get("/queue?x=1").header("authorization", authorization);
    let response = send(&emulator, request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["x-amzn-errortype"], "UnknownOperationException");
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let message = body["message"].as_str().unwrap();
    for part in ["GET /queue", "X-Amz-Target", "`sqs`"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(emulator.timeline().to_string().contains("/queue"), "a refusal is on the timeline");
}

#[tokio::test(start_paused = true)]
async fn a_query_client_gets_its_error_as_xml() {
    let emulator = Emulator::start().await;
    let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let response = send(&emulator, request.body("Action=GetCallerIdentity&Version=2011-06-15".into()).unwrap()).await;
    let body = String::from_utf8_lossy(response.body()).into_owned();
    assert!(body.contains("<Code>UnknownOperationException</Code>"), "{body}");
}

/// `curl -d` calls every body a form.
#[tokio::test(start_paused = true)]
async fn a_rest_request_that_calls_its_body_a_form_is_one_all_the_same() {
    let emulator = Emulator::start().await;
    let request = Request::post("/model/m/converse").header("content-type", "application/x-www-form-urlencoded");
    let response = send(&emulator, request.body("{\"messages\":\"%ff\"}".into()).unwrap()).await;
    let body = String::from_utf8_lossy(response.body()).into_owned();
    assert!(body.starts_with('{') && !body.contains("UnknownOperationException"), "{body}");
}

#[tokio::test(start_paused = true)]
async fn answers_carry_the_headers_that_clients_read() {
    let emulator = Emulator::start().await;
    let request = Request::post("/").header("x-amz-target", "DynamoDB_20120810.ListTables");
    let response = send(&emulator, request.body("{}".into()).unwrap()).await;
    assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.0");
    assert_eq!(response.headers()["x-amzn-requestid"].len(), 36);
    let checksum = response.headers()["x-amz-crc32"].to_str().unwrap().parse::<u32>().unwrap();
    assert_eq!(checksum, crc32fast::hash(response.body()));
}

#[tokio::test(start_paused = true)]
async fn a_body_beyond_the_bound_is_refused_and_the_next_request_served() {
    let emulator = Emulator::start().await;
    let (status, body) = post_json(&emulator, "AWSEvents.PutEvents", vec![b' '; 40 << 20]).await;
    assert_eq!((status, &body["__type"]), (413, &Value::from("RequestEntityTooLargeException")));
    let (status, _) = post_json(&emulator, "Kinesis_20131202.ListStreams", "").await;
    assert_eq!(status, 200);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_json_is_a_serialization_error() {
    let emulator = Emulator::start().await;
    for body in ["{", "[]", "\"x\"", "{\"StreamName\": 5}", "\u{0}", "{\"StreamName\":\"a\"}}"] {
        let (status, answer) = post_json(&emulator, "Kinesis_20131202.DescribeStream", body).await;
        assert_eq!((status, &answer["__type"]), (400, &Value::from("SerializationException")), "{body}: {answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_s3_client_can_read_its_error_whatever_it_sent() {
    let emulator = Emulator::start().await;
    for (service, start) in [("s3", "<Error><Code>UnknownOperationException"), ("route53", "<ErrorResponse><Error>")] {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        let request = Request::get("/").header("authorization", authorization);
        let response = send(&emulator, request.body(Body::empty()).unwrap()).await;
        let body = String::from_utf8_lossy(response.body()).into_owned();
        assert!(body.starts_with("<?xml") && body.contains(start), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cause_that_never_happened_is_none() {
    let emulator = Emulator::start().await;
    for (parent, cause) in [("0000000000000001", Some(1)), ("00000000000003e7", None), ("0000000000000000", None)] {
        let request = Request::post("/")
            .header("x-amz-target", "Kinesis_20131202.ListStreams")
            .header("x-amzn-trace-id", format!("Root=1-a-b;Parent={parent}"));
        post_json(&emulator, "Kinesis_20131202.ListStreams", "{}").await;
        send(&emulator, request.body("{}".into()).unwrap()).await;
        let event = emulator.timeline().events().pop().unwrap();
        assert_eq!(event.cause.map(|cause| cause.event.0), cause, "{parent}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_break_in_a_callers_words_makes_no_line_of_the_timeline() {
    let emulator = Emulator::start().await;
    post_json(&emulator, "Kinesis_20131202.DescribeStream", "{\"StreamName\": \"a\\n   0.000 #9  forged\"}").await;
    let text = emulator.timeline().to_string();
    assert_eq!(text.lines().count(), 1, "{text}");
}
