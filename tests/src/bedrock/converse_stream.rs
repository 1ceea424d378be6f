use std::time::Duration;

use aws_sdk_bedrockruntime::error::SdkError;
use aws_sdk_bedrockruntime::operation::converse_stream::ConverseStreamOutput;
use aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError;
use aws_sdk_bedrockruntime::types::{ContentBlockDelta, ContentBlockStart, ConverseStreamOutput as Event, StopReason};
use aws_smithy_types::Document;
use rehearsal_emulator::{Break, Reply, anything};
use serde_json::json;

use super::{MODEL, client, object, user};
use crate::raw;
use crate::stage::{Stage, on_both_stages, refusal};

async fn listen(stage: &Stage) -> ConverseStreamOutput {
    client(stage).converse_stream().model_id(MODEL).messages(user("hi")).send().await.expect("the stream starts")
}

/// What came before the end, in short, and how it ended.
async fn events(output: &mut ConverseStreamOutput) -> (Vec<String>, Result<(), String>) {
    let mut events = Vec::new();
    loop {
        match output.stream.recv().await {
            Ok(Some(event)) => events.push(short(&event)),
            Ok(None) => return (events, Ok(())),
            Err(error) => return (events, Err(kind(&error))),
        }
    }
}

fn short(event: &Event) -> String {
    match event {
        Event::MessageStart(start) => format!("start {}", start.role()),
        Event::ContentBlockStart(start) => match start.start() {
            Some(ContentBlockStart::ToolUse(tool)) => format!("{} tool {}", start.content_block_index(), tool.name()),
            other => format!("unexpected start {other:?}"),
        },
        Event::ContentBlockDelta(delta) => match delta.delta() {
            Some(ContentBlockDelta::Text(text)) => format!("{} {text}", delta.content_block_index()),
            Some(ContentBlockDelta::ToolUse(tool)) => format!("{} input {}", delta.content_block_index(), tool.input()),
            other => format!("unexpected delta {other:?}"),
        },
        Event::ContentBlockStop(stop) => format!("{} stop", stop.content_block_index()),
        Event::MessageStop(stop) => format!("stop {}", stop.stop_reason()),
        Event::Metadata(metadata) => {
            let (usage, metrics) = (metadata.usage().unwrap(), metadata.metrics().unwrap());
            format!("usage {}+{} in {} ms", usage.input_tokens(), usage.output_tokens(), metrics.latency_ms())
        }
        other => format!("unexpected {other:?}"),
    }
}

fn kind<R: std::fmt::Debug>(error: &SdkError<ConverseStreamOutputError, R>) -> String {
    match error {
        SdkError::ServiceError(error) => match error.err() {
            ConverseStreamOutputError::ModelStreamErrorException(error) => {
                format!("ModelStreamErrorException: {}", error.message().unwrap_or_default())
            }
            ConverseStreamOutputError::ThrottlingException(_) => "ThrottlingException".to_owned(),
            other => format!("{other:?}"),
        },
        SdkError::DispatchFailure(_) => "dispatch failure".to_owned(),
        SdkError::ResponseError(_) => "response error".to_owned(),
        other => format!("{other:?}"),
    }
}

// Serialisation.

#[test]
fn a_text_comes_word_by_word_without_a_start_of_its_block() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("one two three")).mount();
        let (events, end) = events(&mut listen(&stage).await).await;
        let expected =
            ["start assistant", "0 one ", "0 two ", "0 three", "0 stop", "stop end_turn", "usage 1+4 in 0 ms"];
        assert_eq!(events, expected);
        assert_eq!(end, Ok(()));
    });
}

#[test]
fn a_tool_s_input_comes_in_fragments() {
    on_both_stages(async |stage| {
        let script = "- replies:\n  - text: wait\n    tool_use: {name: get_order, input: {id: 7}, id: tooluse_1, split: 3}\n    \
                      usage: {input_tokens: 10, output_tokens: 20}\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let (events, end) = events(&mut listen(&stage).await).await;
        let expected = [
            "start assistant",
            "0 wait",
            "0 stop",
            "1 tool get_order",
            "1 input ",
            "1 input {\"i",
            "1 input d\":",
            "1 input 7}",
            "1 stop",
            "stop tool_use",
            "usage 10+20 in 0 ms",
        ];
        assert_eq!(events, expected);
        assert_eq!(end, Ok(()));
    });
}

#[tokio::test]
async fn every_event_is_padded() {
    let stage = Stage::in_process().await;
    stage.emulator.bedrock().given(anything()).respond_with(Reply::text("one two")).mount();
    let request = http::Request::post(format!("/model/{MODEL}/converse-stream").replace(':', "%3A"));
    let body = json!({"messages": [{"role": "user", "content": [{"text": "hi"}]}]}).to_string();
    let answer = raw::send(&stage.emulator, request.body(axum::body::Body::from(body)).unwrap()).await;
    let text = String::from_utf8_lossy(answer.body());
    assert_eq!(text.matches("\"p\":\"a").count(), 6, "{text}");
}

/// A thought, an answer that cites, and tokens out of a cache.
pub const THOUGHTFUL: &str = "- replies:\n  - reasoning: [{text: hm, signature: s}, {redacted: AAE=}]\n    text: hi\n    \
     citations: [{title: Returns, sourceContent: [{text: 30 days}], location: {documentChar: {documentIndex: 0, start: 1, end: 4}}}]\n    \
     stop_sequence: END\n    usage: {input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 9}\n";

#[test]
fn thoughts_and_citations_are_deltas_of_their_own() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().load_yaml(THOUGHTFUL).unwrap();
        let request = client(&stage).converse_stream().model_id(MODEL).messages(user("hi"));
        let mut output = request.additional_model_response_field_paths("/stop_sequence").send().await.unwrap();
        let (mut deltas, mut cached, mut fields) = (Vec::new(), None, None);
        while let Some(event) = output.stream.recv().await.unwrap() {
            match event {
                Event::ContentBlockDelta(delta) => {
                    deltas.push((delta.content_block_index(), delta.delta().unwrap().clone()))
                }
                Event::MessageStop(stop) => fields = stop.additional_model_response_fields().cloned(),
                Event::Metadata(metadata) => {
                    let usage = metadata.usage().unwrap();
                    cached = Some((usage.cache_read_input_tokens(), usage.total_tokens()));
                }
                _ => {}
            }
        }
        let thought = |index: usize| deltas[index].1.as_reasoning_content().expect("a thought");
        assert_eq!(thought(0).as_text().unwrap(), "hm");
        assert_eq!(thought(1).as_signature().unwrap(), "s");
        assert_eq!(thought(2).as_redacted_content().unwrap().as_ref(), [0, 1]);
        assert_eq!(deltas[3].1.as_text().unwrap(), "hi");
        let citation = deltas[4].1.as_citation().unwrap();
        assert_eq!((citation.title(), citation.source_content()[0].text()), (Some("Returns"), Some("30 days")));
        let places: Vec<i32> = deltas.iter().map(|(index, _)| *index).collect();
        assert_eq!(places, [0, 0, 1, 2, 2]);
        assert_eq!(cached, Some((Some(9), 12)));
        let expected = object([("stop_sequence", Document::String("END".to_owned()))]);
        assert_eq!(fields, Some(expected));
    });
}

// Validation.

#[test]
fn a_bad_request_is_refused_before_any_frame() {
    on_both_stages(async |stage| {
        let result = client(&stage).converse_stream().model_id(MODEL).messages(user(" ")).send().await;
        let (code, message) = refusal(result.map(|_| ()));
        assert_eq!(code, "ValidationException");
        assert!(message.starts_with("The text field in the ContentBlock object at messages.0.content.0 is blank."));
    });
}

#[test]
fn an_error_before_the_stream_is_an_answer_of_the_operation() {
    on_both_stages(async |stage| {
        let rule = stage.emulator.bedrock().given(anything());
        rule.respond_with(Reply::error("ThrottlingException")).mount();
        let result = client(&stage).converse_stream().model_id(MODEL).messages(user("hi")).send().await;
        let expected = "Too many requests, please wait before trying again.";
        assert_eq!(refusal(result.map(|_| ())), ("ThrottlingException".to_owned(), expected.to_owned()));
    });
}

// Behaviour.

#[tokio::test(start_paused = true)]
async fn frames_leave_one_by_one_on_the_clock() {
    let stage = Stage::in_process().await;
    let reply = Reply::text("one two six").first_token_after(Duration::from_millis(300)).tokens_per_second(10);
    stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
    let began = stage.emulator.clock().now();
    let mut output = listen(&stage).await;
    let mut times = Vec::new();
    while let Some(event) = output.stream.recv().await.unwrap() {
        if let Event::ContentBlockDelta(_) | Event::Metadata(_) = event {
            times.push((stage.emulator.clock().now().since(began).as_millis(), short(&event)));
        }
    }
    let times: Vec<(u128, &str)> = times.iter().map(|(at, event)| (*at, event.as_str())).collect();
    assert_eq!(times, [(300, "0 one "), (400, "0 two "), (500, "0 six"), (500, "usage 1+3 in 500 ms")]);
}

/// The trap of this API: the SDK takes a stream without its end for a whole one.
#[test]
fn a_stream_without_message_stop_ends_as_if_nothing_were_wrong() {
    on_both_stages(async |stage| {
        let reply = Reply::text("[1, 2").end_without_message_stop();
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let (events, end) = events(&mut listen(&stage).await).await;
        assert_eq!(events, ["start assistant", "0 [1, ", "0 2", "0 stop"]);
        assert_eq!(end, Ok(()));
        assert_eq!(stage.emulator.bedrock().calls()[0].outcome, "ended without messageStop");
    });
}

#[test]
fn a_stream_breaks_off_at_the_frame_the_script_says() {
    on_both_stages(async |stage| {
        let throttled = Break::Exception { name: "throttlingException".to_owned(), message: "slow down".to_owned() };
        for (then, expected) in [
            (Break::Reset, Err("dispatch failure")),
            (Break::End, Ok(())),
            (Break::HalfFrame, Err("response error")),
            (throttled, Err("ThrottlingException")),
        ] {
            stage.emulator.bedrock().load(Default::default()).unwrap();
            let reply = Reply::text("one two three").broken_after(2, then.clone());
            stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
            let (events, end) = events(&mut listen(&stage).await).await;
            assert_eq!(events, ["start assistant", "0 one "], "{then:?}");
            assert_eq!(end.as_ref().map_err(String::as_str).copied(), expected, "{then:?}");
        }
    });
}

#[test]
fn an_exception_of_the_stream_s_own_names_is_decoded() {
    on_both_stages(async |stage| {
        let script = "- replies:\n  - text: one\n    fault: {after: {frames: 1}, do: exception:modelStreamErrorException, message: lost}\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let (events, end) = events(&mut listen(&stage).await).await;
        assert_eq!(events, ["start assistant"]);
        assert_eq!(end, Err("ModelStreamErrorException: lost".to_owned()));
    });
}

#[tokio::test(start_paused = true)]
async fn a_stalled_stream_stays_silent_until_the_caller_gives_up() {
    let stage = Stage::in_process().await;
    let reply = Reply::text("one two").broken_after(2, Break::Stall);
    stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
    let mut output = listen(&stage).await;
    let patience = Duration::from_secs(600);
    let given_up =
        tokio::time::timeout(patience, async { while output.stream.recv().await.unwrap().is_some() {} }).await;
    assert!(given_up.is_err(), "it never ends");
}

#[test]
fn a_tool_use_alone_stops_for_the_tool() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::tool_use("get_order", json!({}))).mount();
        let mut output = listen(&stage).await;
        let mut reason = None;
        while let Some(event) = output.stream.recv().await.unwrap() {
            if let Event::MessageStop(stop) = event {
                reason = Some(stop.stop_reason().clone());
            }
        }
        assert_eq!(reason, Some(StopReason::ToolUse));
    });
}
