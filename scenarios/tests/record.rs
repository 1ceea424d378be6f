//! A recording of this emulator says the same again: every byte, at the same pace.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use rehearsal::recorder::Recorder;
use rehearsal::recorder::redaction::Redaction;
use rehearsal::runner::door::Door;
use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::Clock;

const SCRIPT: &str = r#"
- name: streams, and is throttled at first
  when: {op: ConverseStream, last_user: "*stream*"}
  replies:
  - fault: {error: ThrottlingException, retry_after: 200ms}
  - {text: "one two three four", first_token_after: 300ms, tokens_per_second: 10}
  - content: [{reasoning: {text: hm, signature: c2ln}}, {text: so}, {tool_use: {name: get, input: {id: 7}, split: 3}}]
- name: breaks off within a frame
  when: {op: ConverseStream, last_user: "*break*"}
  replies: [{text: "one two", fault: {after: {frames: 2}, do: half_frame}}]
- name: ends in an exception
  when: {op: ConverseStream, last_user: "*exception*"}
  replies: [{text: "one two", fault: {after: {frames: 2}, do: "exception:modelStreamErrorException"}}]
- name: whole
  replies: [{json: {a: [1, 2]}, first_token_after: 1s}]
"#;

const MODEL: &str = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0";

/// Path and body of what is asked, in this order.
fn requests() -> Vec<(String, String)> {
    let said = |text: &str| format!(r#"{{"messages":[{{"role":"user","content":[{{"text":"{text}"}}]}}]}}"#);
    let stream = format!("{MODEL}/converse-stream");
    let native =
        r#"{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}"#;
    vec![
        (stream.clone(), said("stream it")),
        (stream.clone(), said("stream it")),
        (stream.clone(), said("stream it")),
        (stream.clone(), said("break it")),
        (stream, said("an exception")),
        (format!("{MODEL}/converse"), said("whole")),
        (format!("{MODEL}/converse"), said("")),
        (format!("{MODEL}/invoke"), native.to_owned()),
    ]
}

/// What came: status, type, body, and how long it took.
type Answer = (StatusCode, Option<String>, Bytes, Duration);

async fn collect(
    response: http::Response<impl http_body::Body<Data = Bytes, Error: std::fmt::Debug>>,
    clock: &Clock,
    begun: rehearsal_emulator::kernel::Timestamp,
) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("the body ends well").to_bytes();
    let content_type = parts.headers.get("content-type").and_then(|value| value.to_str().ok()).map(str::to_owned);
    (parts.status, content_type, body, clock.now().since(begun))
}

fn request(path: &str, body: &str) -> Request<Body> {
    Request::post(format!("http://rehearsal.internal{path}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .expect("the request is well formed")
}

#[tokio::test(start_paused = true)]
async fn a_recording_replayed_is_the_same_to_the_byte() {
    let original = Emulator::start().await;
    original.bedrock().load_yaml(SCRIPT).expect("the script is well formed");
    let clock = original.world().kernel.clock.clone();
    let redaction = Redaction::new(&[]).expect("there are no rules");
    let recorder = Recorder::new(Door::in_process(original.gateway()), None, clock.clone(), redaction);
    let mut heard = Vec::new();
    for (path, body) in requests() {
        let begun = clock.now();
        heard.push(collect(recorder.handle(request(&path, &body)).await, &clock, begun).await);
    }
    assert_eq!(heard[0].0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(heard[1].3, Duration::from_millis(700));
    assert_eq!(heard[6].0, StatusCode::BAD_REQUEST);

    let script = recorder.script();
    let replayed = Emulator::start().await;
    replayed.bedrock().load_yaml(&script).unwrap_or_else(|problem| panic!("{script}\n{problem}"));
    let clock = replayed.world().kernel.clock.clone();
    for ((path, body), heard) in requests().into_iter().zip(heard) {
        let begun = clock.now();
        let answer = replayed.gateway().handle(request(&path, &body)).await.expect("there is an answer");
        assert_eq!(collect(answer, &clock, begun).await, heard, "{path} {body}\n{script}");
    }
    assert_eq!(replayed.bedrock().failure(), None);
    // The two that broke off did not come to tell their tokens: two each.
    assert_eq!(replayed.bedrock().spent(None).output_tokens + 4, original.bedrock().spent(None).output_tokens);
    original.bedrock().forgive();
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_told_is_not_in_the_script_and_it_still_fits() {
    let original = Emulator::start().await;
    let said = "- replies: [{text: 'Ada lives at 12 Elm Street, call 555-1234 now'}]";
    original.bedrock().load_yaml(said).expect("the script is well formed");
    let clock = original.world().kernel.clock.clone();
    let redaction = Redaction::new(&[r"\d{3}-\d{4}".to_owned(), "Elm Street".to_owned()]).expect("the rules are");
    let recorder = Recorder::new(Door::in_process(original.gateway()), None, clock, redaction);
    let path = format!("{MODEL}/converse-stream");
    let asked = r#"{"messages":[{"role":"user","content":[{"text":"Who is at 555-9876?"}]}]}"#;
    let answer = recorder.handle(request(&path, asked)).await;
    answer.into_body().collect().await.expect("the body ends well");
    let script = recorder.script();
    for secret in ["555", "Elm", "1234", "9876"] {
        assert!(!script.contains(secret), "{secret} is in\n{script}");
    }
    let replayed = Emulator::start().await;
    replayed.bedrock().load_yaml(&script).unwrap_or_else(|problem| panic!("{script}\n{problem}"));
    let answer = replayed.gateway().handle(request(&path, asked)).await.expect("there is an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(replayed.bedrock().failure(), None);
}
