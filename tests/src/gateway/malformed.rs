//! What is no HTTP, no path and no request: answered with an error or with nothing, and the next client is served.

use rehearsal_emulator::{Emulator, Outcome};

use super::socket::{ask, exchange, is_served, status};

/// Nothing that a caller sends is our mistake.
fn assert_nothing_panicked(emulator: &Emulator) {
    for event in emulator.timeline().events() {
        assert!(!matches!(event.outcome, Outcome::Panic { .. }), "{event:?}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_the_next_client_served() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    let long = |count: usize| "a".repeat(count);
    let headers: String = (0..200).map(|number| format!("x-{number}: 1\r\n")).collect();
    let head = "POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: Kinesis_20131202.CreateStream\r\n";
    for bytes in [
        "\r\n\r\n".to_owned(),
        "GARBAGE\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET  / HTTP/1.1\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}".to_owned(),
        "\0".repeat(70_000),
        format!("{} / HTTP/1.1\r\n\r\n", long(100_000)),
        format!("GET /{} HTTP/1.1\r\n\r\n", long(100_000)),
        format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", long(100_000)),
        format!("GET / HTTP/1.1\r\n{headers}\r\n"),
        format!("{head}no colon\r\n\r\n"),
        format!("{head}x\0y: 1\r\n\r\n"),
        format!("{head}x: 1\n folded\r\n\r\n"),
        format!("{head}content-length: -1\r\n\r\n{{}}"),
        format!("{head}content-length: 99999999999999999999999\r\n\r\n{{}}"),
        format!("{head}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"),
        format!("{head}content-length: 20\r\n\r\n{{}}"),
        format!("{head}transfer-encoding: chunked\r\n\r\nZZ\r\n{{}}"),
        format!("{head}transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{{}}"),
        format!("{head}transfer-encoding: gzip\r\n\r\n{{}}"),
        format!("{head}transfer-encoding: chunked\r\n\r\n2;{}\r\n{{}}\r\n0\r\n\r\n", long(100_000)),
        format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{}", long(100)),
    ] {
        let answer = ask(server.address(), &bytes).await;
        let shown: String = bytes.chars().take(120).collect();
        assert!(status(&answer) == 0 || status(&answer) >= 400, "{shown:?}: {answer}");
        assert!(is_served(server.address()).await, "{shown:?}");
    }
    assert_nothing_panicked(&emulator);
}

#[tokio::test]
async fn no_path_leads_elsewhere() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    let before = emulator.clock().now();
    for path in [
        "//_rehearsal/clock/advance",
        "/./_rehearsal/clock/advance",
        "/x/../_rehearsal/clock/advance",
        "/%5frehearsal/clock/advance",
        "/_rehearsal%2fclock%2fadvance",
        "/_rehearsal/../_rehearsal/clock/advance",
        "/_REHEARSAL/clock/advance",
        "/_rehearsal/clock/advance/",
        "/_rehearsal/clock/advance%00",
        "/_rehearsal/..%2f..%2fetc/passwd",
        "/model/%2e%2e%2f%2e%2e/converse",
        "/model/%ff%fe/converse",
        "/000000000000/../111111111111/queue",
        "/\u{1}",
        "*",
        "http://localhost/_rehearsal/../clock",
    ] {
        let body = r#"{"by":"1h"}"#;
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = exchange(server.address(), request).await;
        assert!(status(&answer) >= 400, "{path}: {answer}");
    }
    assert!(emulator.clock().now().since(before).as_secs() < 3000, "nobody has moved the clock");
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn what_is_deep_or_long_is_answered() {
    let emulator = Emulator::start().await;
    let deep = |open: &str, close: &str, count: usize| open.repeat(count) + &close.repeat(count);
    let lists = deep("{\"L\":[", "]}", 50_000);
    for (target, body) in [
        ("DynamoDB_20120810.PutItem", format!(r#"{{"TableName":"t","Item":{{"pk":{lists}}}}}"#)),
        ("DynamoDB_20120810.PutItem", deep("[", "]", 200_000)),
        ("DynamoDB_20120810.PutItem", deep("{\"a\":", "}", 200_000)),
        ("DynamoDB_20120810.GetItem", format!(r#"{{"TableName":"{}"}}"#, "a".repeat(1 << 20))),
        ("DynamoDB_20120810.ExecuteStatement", format!(r#"{{"Statement":"{}"}}"#, deep("(", ")", 4000))),
        ("AWSEvents.PutEvents", format!(r#"{{"Entries":[{{"Detail":"{}"}}]}}"#, deep("[", "]", 100_000))),
        (
            "AWSEvents.TestEventPattern",
            format!(r#"{{"Event":"{{}}","EventPattern":"{}"}}"#, deep("{\\\"a\\\":", "}", 100_000)),
        ),
        ("Kinesis_20131202.PutRecord", deep("{\"Data\":", "}", 200_000)),
        ("Logs_20140328.PutLogEvents", deep("[", "]", 200_000)),
        ("AmazonSQS.SendMessage", deep("{\"MessageAttributes\":", "}", 200_000)),
    ] {
        let (status, answer) = crate::raw::post_json(&emulator, target, body).await;
        assert!(status < 500, "{target}: {status} {answer}");
    }
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn deep_cbor_and_deep_forms_are_answered() {
    let emulator = Emulator::start().await;
    let cbor = http::Request::post("/")
        .header("x-amz-target", "Kinesis_20131202.PutRecord")
        .header("content-type", "application/x-amz-cbor-1.1");
    let mut arrays = vec![0xa1, 0x61, b'a'];
    arrays.extend(vec![0x81; 200_000]);
    let mut tags = vec![0xa1, 0x61, b'a'];
    tags.extend(vec![0xc1; 200_000]);
    let form = || http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    let dots = format!("Action=SendMessage&{}=1", "a.".repeat(200_000));
    let many = format!("Action=SendMessage{}", "&a=".repeat(200_000));
    let far = "Action=SendMessageBatch&Entry.4294967295.Id=1&Entry.1.Id=2".to_owned();
    for request in [
        cbor.body(arrays.into()).unwrap(),
        http::Request::post("/")
            .header("x-amz-target", "Kinesis_20131202.PutRecord")
            .header("content-type", "application/x-amz-cbor-1.1")
            .body(tags.into())
            .unwrap(),
        form().body(dots.into()).unwrap(),
        form().body(many.into()).unwrap(),
        form().body(far.into()).unwrap(),
    ] {
        let response = crate::raw::send(&emulator, request).await;
        assert!(response.status().is_client_error(), "{response:?}");
    }
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn bodies_that_are_packed_or_in_signed_chunks_are_refused_by_name() {
    let emulator = Emulator::start().await;
    for (header, value, status, named) in [
        ("content-encoding", "gzip", 415, "`gzip`"),
        ("content-encoding", "br", 415, "`br`"),
        ("content-encoding", "aws-chunked", 415, "`aws-chunked`"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 501, "signed chunks"),
        ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", 501, "signed chunks"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-EVENTS", 501, "events"),
        ("content-encoding", "identity", 200, ""),
    ] {
        let request = http::Request::post("/").header("x-amz-target", "Kinesis_20131202.ListStreams");
        let response = crate::raw::send(&emulator, request.header(header, value).body("{}".into()).unwrap()).await;
        let answer = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status(), status, "{value}: {answer}");
        assert!(answer.contains(named), "{value}: {answer}");
    }
}
