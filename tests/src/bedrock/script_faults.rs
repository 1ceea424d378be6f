//! What the official SDK makes of each fault of a script, over a socket and in process.

use std::time::Duration;

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use rehearsal_emulator::Script;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{MODEL, client, user};
use crate::stage::{Stage, on_both_stages};

/// How long silence is listened to, and how long anything else may take on a busy machine.
const SILENCE: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(30);

/// How a call ended, in short.
fn kind<E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(error) => match error.err().code() {
            Some(code) => code.to_owned(),
            None => "a service error without a code".to_owned(),
        },
        SdkError::DispatchFailure(_) => "dispatch failure".to_owned(),
        SdkError::ResponseError(_) => "response error".to_owned(),
        SdkError::TimeoutError(_) => "timeout".to_owned(),
        other => format!("{other:?}"),
    }
}

async fn patient<T>(patience: Duration, answer: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(patience, answer).await.ok()
}

fn patience(expected: &str) -> Duration {
    if expected.contains("silence") { SILENCE } else { PATIENCE }
}

/// What Converse says, or why it does not.
async fn whole(stage: &Stage, patience: Duration) -> String {
    let answer = client(stage).converse().model_id(MODEL).messages(user("hi")).send();
    match patient(patience, answer).await {
        None => "silence".to_owned(),
        Some(Err(error)) => kind(&error),
        Some(Ok(answer)) => match answer.output().and_then(|output| output.as_message().ok()) {
            Some(message) => format!("says {}", message.content()[0].as_text().map_or("nothing", String::as_str)),
            None => "an answer without a message".to_owned(),
        },
    }
}

/// How many events of ConverseStream come, and what comes after them.
async fn stream(stage: &Stage, patience: Duration) -> String {
    let answer = client(stage).converse_stream().model_id(MODEL).messages(user("hi")).send();
    let mut stream = match patient(patience, answer).await {
        None => return "silence".to_owned(),
        Some(Err(error)) => return format!("at once {}", kind(&error)),
        Some(Ok(answer)) => answer.stream,
    };
    let mut count = 0;
    loop {
        match patient(patience, stream.recv()).await {
            Some(Ok(Some(_))) => count += 1,
            Some(Ok(None)) => return format!("{count} events, then the end"),
            Some(Err(error)) => return format!("{count} events, then {}", kind(&error)),
            None => return format!("{count} events, then silence"),
        }
    }
}

/// `one two` is six events: start, two words, the end of the block, of the message, and its usage.
#[test]
fn each_fault_of_a_stream_is_met_as_aws_s_sdk_meets_it() {
    on_both_stages(async |stage| {
        let mut others = Vec::new();
        for (fault, expected) in [
            ("{delay: 0s}", "6 events, then the end"),
            ("{error: ThrottlingException, retry_after: 200ms}", "at once ThrottlingException"),
            ("{error: Teapot, status: 418, message: short and stout}", "at once Teapot"),
            ("{hang: true}", "silence"),
            ("{hang: 1ms}", "at once dispatch failure"),
            ("{reset: true}", "at once dispatch failure"),
            ("{html: 502}", "at once a service error without a code"),
            ("{end_without_message_stop: true}", "4 events, then the end"),
            ("{after: {frames: 0}, do: reset}", "at once dispatch failure"),
            ("{after: {frames: 2}, do: reset}", "2 events, then dispatch failure"),
            ("{after: {frames: 2}, do: stall}", "2 events, then silence"),
            ("{after: {frames: 2}, do: end}", "2 events, then the end"),
            ("{after: {frames: 2}, do: half_frame}", "2 events, then response error"),
            ("{after: {frames: 2}, do: bad_crc}", "2 events, then response error"),
            ("{after: {frames: 2}, do: bad_prelude_crc}", "2 events, then response error"),
            ("{after: {frames: 2}, do: invalid_json}", "2 events, then response error"),
            ("{after: {frames: 2}, do: short_body}", "2 events, then dispatch failure"),
            ("{after: {frames: 9}, do: short_body}", "6 events, then dispatch failure"),
            ("{do: 'exception:throttlingException'}", "1 events, then a service error without a code"),
            (
                "{after: {frames: 0}, do: 'exception:modelStreamErrorException'}",
                "0 events, then a service error without a code",
            ),
        ] {
            play(&stage, fault);
            let found = stream(&stage, patience(expected)).await;
            if found != expected {
                others.push(format!("{fault}: {found}"));
            }
        }
        assert!(others.is_empty(), "{}", others.join("\n"));
    });
}

#[test]
fn each_fault_of_a_whole_answer_is_met_as_aws_s_sdk_meets_it() {
    on_both_stages(async |stage| {
        let mut others = Vec::new();
        for (fault, expected) in [
            ("{delay: 0s}", "says one two"),
            ("{error: ThrottlingException}", "ThrottlingException"),
            ("{hang: true}", "silence"),
            ("{hang: 1ms}", "dispatch failure"),
            ("{reset: true}", "dispatch failure"),
            ("{html: 502}", "a service error without a code"),
            ("{end_without_message_stop: true}", "says one two"),
            ("{do: reset}", "response error"),
            ("{do: stall}", "silence"),
            ("{do: end}", "a service error without a code"),
            ("{do: half_frame}", "a service error without a code"),
            ("{do: invalid_json}", "a service error without a code"),
            ("{do: bad_crc}", "a service error without a code"),
            ("{do: short_body}", "response error"),
            ("{do: 'exception:modelTimeoutException'}", "ModelTimeoutException"),
        ] {
            play(&stage, fault);
            let found = whole(&stage, patience(expected)).await;
            if found != expected {
                others.push(format!("{fault}: {found}"));
            }
        }
        assert!(others.is_empty(), "{}", others.join("\n"));
    });
}

/// A rule that answers `one two` with this fault, unless the fault comes first.
fn play(stage: &Stage, fault: &str) {
    let speaks = ["delay", "do:", "end_without"].iter().any(|word| fault.contains(word));
    let text = if speaks { "text: one two, " } else { "" };
    let script = format!("- {{replies: [{{{text}fault: {fault}}}]}}");
    stage.emulator.bedrock().load(Script::from_yaml(&script).expect(fault)).unwrap();
}

/// Raw: the SDK does not show what was declared.
#[tokio::test]
async fn a_body_that_is_too_short_declares_its_length() {
    const BODY: &str = r#"{"messages":[{"role":"user","content":[{"text":"hi"}]}]}"#;
    let stage = Stage::over_socket().await;
    play(&stage, "{do: short_body}");
    for operation in ["converse", "converse-stream"] {
        let address = stage.config.endpoint_url().unwrap().trim_start_matches("http://").to_owned();
        let mut socket = TcpStream::connect(&address).await.unwrap();
        let length = BODY.len();
        let head =
            format!("POST /model/{MODEL}/{operation} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n\r\n");
        socket.write_all(format!("{head}{BODY}").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.expect("the connection is closed");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("there is a head");
        let declared = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let declared: usize = declared.unwrap_or_else(|| panic!("no length in {head}"));
        assert!(!body.is_empty() && body.len() < declared, "{declared} declared, {body}");
    }
}
