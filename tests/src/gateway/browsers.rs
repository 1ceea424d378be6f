//! Web pages that send requests here: none but our own is served.

use rehearsal_emulator::Emulator;

use super::socket::{exchange, status};

fn request(line: &str, headers: &[&str], body: &str) -> String {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    format!("{line} HTTP/1.1\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

/// What browsers send without asking first: forms, texts, and whatever is a GET.
#[tokio::test]
async fn what_a_page_elsewhere_sends_without_leave_changes_nothing() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    let text = "content-type: text/plain";
    let form = "content-type: application/x-www-form-urlencoded";
    let queue = "Action=CreateQueue&QueueName=orders&Version=2012-11-05";
    let question = r#"{"messages":[{"role":"user","content":[{"text":"x"}]}]}"#;
    for (line, kind, body) in [
        ("POST /_rehearsal/reset", text, ""),
        ("POST /_rehearsal/clock/advance", text, r#"{"by":"2h"}"#),
        ("POST /_rehearsal/faults", text, r#"{"service":"scheduler","fault":"throttle"}"#),
        ("GET /_rehearsal/timeline", text, ""),
        ("GET /_localstack/health", text, ""),
        ("POST /", form, queue),
        ("GET /?Action=CreateQueue&QueueName=orders&Version=2012-11-05", text, ""),
        ("POST /model/m/converse", text, question),
        ("POST /guardrails", text, r#"{"name":"g","blockedInputMessaging":"x","blockedOutputsMessaging":"x"}"#),
        ("OPTIONS /", text, ""),
    ] {
        for page in ["origin: https://evil.example", "origin: null", "sec-fetch-site: cross-site"] {
            let answer = exchange(server.address(), request(line, &["host: localhost", page, kind], body)).await;
            assert_eq!(status(&answer), 403, "{line} {page}: {answer}");
            assert!(!answer.to_lowercase().contains("access-control"), "{answer}");
        }
        // The same from nobody's page is served, or refused for a reason of its own.
        let answer = exchange(server.address(), request(line, &["host: localhost", kind], body)).await;
        assert_ne!(status(&answer), 403, "{line}: {answer}");
    }
    let refused = emulator.timeline().events();
    let refused = refused.iter().filter(|event| event.outcome.to_string().contains("evil.example"));
    assert!(refused.count() > 0, "what was refused can be seen: {}", emulator.timeline());
}

#[tokio::test]
async fn a_name_that_is_made_to_lead_here_controls_nothing() {
    let emulator = Emulator::builder().allow_host("emulator").start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    let clock = |host: &str| request("GET /_rehearsal/clock", &[&format!("host: {host}")], "");
    for (host, expected) in [
        ("localhost:4566", 200),
        ("127.0.0.1:4566", 200),
        ("[::1]:4566", 200),
        ("emulator:4566", 200),
        ("evil.example:4566", 403),
        ("rehearsal:4566", 403),
    ] {
        let answer = exchange(server.address(), clock(host)).await;
        assert_eq!(status(&answer), expected, "{host}: {answer}");
    }
    let answer = exchange(server.address(), clock("evil.example")).await;
    assert!(answer.contains("--allow-host"), "it says what to do: {answer}");
    // AWS calls and healthchecks come by any name: those of containers, and AWS's own.
    for (line, host) in [
        ("POST /", "kinesis.us-east-1.amazonaws.com"),
        ("POST /", "rehearsal:4566"),
        ("GET /_rehearsal/health", "rehearsal:4566"),
    ] {
        let host = format!("host: {host}");
        let request = request(line, &[&host, "x-amz-target: Kinesis_20131202.ListStreams"], "{}");
        let answer = exchange(server.address(), request).await;
        assert_eq!(status(&answer), 200, "{line} {host}: {answer}");
    }
    // But not where a browser says that a page of that name sends them.
    let page = ["host: evil.example", "origin: http://evil.example", "x-amz-target: Kinesis_20131202.ListStreams"];
    assert_eq!(status(&exchange(server.address(), request("POST /", &page, "{}")).await), 403);
}

#[tokio::test]
async fn our_own_page_is_served() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    let host = format!("host: {}", server.address());
    let origin = format!("origin: {}", server.url());
    let advance =
        request("POST /_rehearsal/clock/advance", &[&host, &origin, "sec-fetch-site: same-origin"], r#"{"by":"1s"}"#);
    assert_eq!(status(&exchange(server.address(), advance).await), 200);
}
