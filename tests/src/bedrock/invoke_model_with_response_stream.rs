use std::time::Duration;

use aws_sdk_bedrockruntime::error::SdkError;
use aws_sdk_bedrockruntime::operation::invoke_model_with_response_stream::{
    InvokeModelWithResponseStreamError, InvokeModelWithResponseStreamOutput,
};
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::ResponseStream;
use rehearsal_emulator::{Break, Reply, anything};
use serde_json::{Value, json};

use super::converse_stream::THOUGHTFUL;
use super::{MODEL, client};
use crate::stage::{Stage, on_both_stages, refusal};

type Answer = Result<InvokeModelWithResponseStreamOutput, SdkError<InvokeModelWithResponseStreamError>>;

async fn invoke(stage: &Stage, model: &str, body: &Value) -> Answer {
    client(stage).invoke_model_with_response_stream().model_id(model).body(Blob::new(body.to_string())).send().await
}

/// The chunks before the end, and whether it ended well.
async fn chunks(mut output: InvokeModelWithResponseStreamOutput) -> (Vec<Value>, bool) {
    assert_eq!(output.content_type(), "application/json");
    let mut chunks = Vec::new();
    loop {
        match output.body.recv().await {
            Ok(Some(ResponseStream::Chunk(part))) => {
                let bytes = part.bytes().expect("a chunk has bytes").as_ref();
                chunks.push(serde_json::from_slice(bytes).expect("they are JSON"));
            }
            Ok(Some(other)) => panic!("unexpected {other:?}"),
            Ok(None) => return (chunks, true),
            Err(_) => return (chunks, false),
        }
    }
}

fn hello() -> Value {
    json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "hello"}],
    })
}

// Serialisation.

#[test]
fn anthropic_s_events_come_one_by_one_and_the_last_has_metrics() {
    on_both_stages(async |stage| {
        let script = "- replies:\n  - text: one two\n    tool_use: {name: get, input: {id: 7}, id: tooluse_1, split: 2}\n    \
                      usage: {input_tokens: 10, output_tokens: 20}\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let (mut events, ended_well) = chunks(invoke(&stage, MODEL, &hello()).await.unwrap()).await;
        assert!(ended_well);
        let id = events[0]["message"]["id"].take();
        assert!(id.as_str().unwrap().starts_with("msg_bdrk_"), "{id}");
        let delta = |index: u32, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
        let expected = [
            json!({"type": "message_start", "message": {"id": null, "type": "message", "role": "assistant",
                "model": "claude-sonnet-4-5-20250929", "content": [], "stop_reason": null, "stop_sequence": null,
                "usage": {"input_tokens": 10, "output_tokens": 1}}}),
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
            delta(0, json!({"type": "text_delta", "text": "one "})),
            delta(0, json!({"type": "text_delta", "text": "two"})),
            json!({"type": "content_block_stop", "index": 0}),
            json!({"type": "content_block_start", "index": 1,
                "content_block": {"type": "tool_use", "id": "tooluse_1", "name": "get", "input": {}}}),
            delta(1, json!({"type": "input_json_delta", "partial_json": ""})),
            delta(1, json!({"type": "input_json_delta", "partial_json": "{\"id"})),
            delta(1, json!({"type": "input_json_delta", "partial_json": "\":7}"})),
            json!({"type": "content_block_stop", "index": 1}),
            json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": null},
                "usage": {"output_tokens": 20}}),
            json!({"type": "message_stop", "amazon-bedrock-invocationMetrics":
                {"inputTokenCount": 10, "outputTokenCount": 20, "invocationLatency": 0, "firstByteLatency": 0}}),
        ];
        assert_eq!(events, expected);
    });
}

#[test]
fn thoughts_and_citations_have_anthropic_s_deltas() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().load_yaml(THOUGHTFUL).unwrap();
        let (events, _) = chunks(invoke(&stage, MODEL, &hello()).await.unwrap()).await;
        let deltas: Vec<&Value> = events.iter().filter_map(|event| event.get("delta")).collect();
        let expected = [
            json!({"type": "thinking_delta", "thinking": "hm"}),
            json!({"type": "signature_delta", "signature": "s"}),
            json!({"type": "text_delta", "text": "hi"}),
            json!({"type": "citations_delta", "citation": {"type": "char_location", "cited_text": "30 days",
                "document_title": "Returns", "document_index": 0, "start_char_index": 1, "end_char_index": 4}}),
            json!({"stop_reason": "stop_sequence", "stop_sequence": "END"}),
        ];
        assert_eq!(deltas, expected.iter().collect::<Vec<_>>());
        let last = events.last().unwrap();
        assert_eq!(last["amazon-bedrock-invocationMetrics"]["cacheReadInputTokenCount"], 9);
    });
}

#[test]
fn every_model_streams_in_its_own_form() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("one two").usage(3, 2)).mount();
        let metrics =
            json!({"inputTokenCount": 3, "outputTokenCount": 2, "invocationLatency": 0, "firstByteLatency": 0});
        for (model, body, first, text, last) in [
            (
                "amazon.nova-lite-v1:0",
                json!({"messages": [{"role": "user", "content": [{"text": "hello"}]}]}),
                json!({"messageStart": {"role": "assistant"}}),
                "/contentBlockDelta/delta/text",
                json!({"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5,
                    "cacheReadInputTokenCount": 0, "cacheWriteInputTokenCount": 0}, "metrics": {}, "trace": {}}}),
            ),
            (
                "amazon.titan-text-express-v1",
                json!({"inputText": "hello"}),
                json!({"outputText": "one ", "index": 0, "totalOutputTextTokenCount": null, "completionReason": null,
                    "inputTextTokenCount": 3}),
                "/outputText",
                json!({"outputText": "", "index": 0, "totalOutputTextTokenCount": 2, "completionReason": "FINISHED",
                    "inputTextTokenCount": null}),
            ),
            (
                "us.meta.llama3-3-70b-instruct-v1:0",
                json!({"prompt": "hello"}),
                json!({"generation": "one ", "prompt_token_count": 3, "generation_token_count": 1, "stop_reason": null}),
                "/generation",
                json!({"generation": "", "prompt_token_count": null, "generation_token_count": 2, "stop_reason": "stop"}),
            ),
            (
                "mistral.mistral-7b-instruct-v0:2",
                json!({"prompt": "hello"}),
                json!({"outputs": [{"text": "one ", "stop_reason": null}]}),
                "/outputs/0/text",
                json!({"outputs": [{"text": "", "stop_reason": "stop"}]}),
            ),
            (
                "mistral.mistral-large-2402-v1:0",
                json!({"messages": [{"role": "user", "content": "hello"}]}),
                json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "one "}, "stop_reason": null}]}),
                "/choices/0/message/content",
                json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": ""}, "stop_reason": "stop"}]}),
            ),
        ] {
            let (mut found, _) = chunks(invoke(&stage, model, &body).await.unwrap()).await;
            assert_eq!(found[0], first, "{model}");
            let said: String = found.iter().filter_map(|chunk| chunk.pointer(text)?.as_str()).collect();
            assert_eq!(said, "one two", "{model}");
            let end = found.last_mut().unwrap().as_object_mut().unwrap();
            assert_eq!(end.remove("amazon-bedrock-invocationMetrics"), Some(metrics.clone()), "{model}");
            assert_eq!(found.last(), Some(&last), "{model}");
        }
        let body = json!({"message": "hello"});
        let (found, _) = chunks(invoke(&stage, "cohere.command-r-v1:0", &body).await.unwrap()).await;
        let kinds: Vec<&str> = found.iter().filter_map(|chunk| chunk["event_type"].as_str()).collect();
        assert_eq!(kinds, ["text-generation", "text-generation", "stream-end"]);
        assert_eq!(found[2]["response"]["text"], "one two");
    });
}

// Validation.

#[test]
fn a_bad_body_is_refused_before_any_chunk() {
    on_both_stages(async |stage| {
        let answer = invoke(&stage, MODEL, &json!({})).await.map(|_| ());
        let expected = "Malformed input request: 3 schema violations found, please reformat your input and try again.";
        assert_eq!(refusal(answer), ("ValidationException".to_owned(), expected.to_owned()));
        let answer = invoke(&stage, "amazon.titan-embed-text-v2:0", &json!({"inputText": "a"})).await.map(|_| ());
        let expected = "The model is unsupported for streaming.";
        assert_eq!(refusal(answer), ("ValidationException".to_owned(), expected.to_owned()));
    });
}

// Behaviour.

#[tokio::test(start_paused = true)]
async fn chunks_leave_one_by_one_on_the_clock() {
    let stage = Stage::in_process().await;
    let reply = Reply::text("one two six").first_token_after(Duration::from_millis(300)).tokens_per_second(10);
    stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
    let began = stage.emulator.clock().now();
    let mut output = invoke(&stage, MODEL, &hello()).await.unwrap();
    let mut times = Vec::new();
    while let Some(event) = output.body.recv().await.unwrap() {
        let ResponseStream::Chunk(part) = event else { panic!("unexpected {event:?}") };
        let event: Value = serde_json::from_slice(part.bytes().unwrap().as_ref()).unwrap();
        if let Some(text) = event["delta"]["text"].as_str() {
            times.push((stage.emulator.clock().now().since(began).as_millis(), text.to_owned()));
        }
    }
    assert_eq!(times, [(300, "one ".to_owned()), (400, "two ".to_owned()), (500, "six".to_owned())]);
}

#[test]
fn a_stream_that_lacks_its_end_looks_like_a_whole_one() {
    on_both_stages(async |stage| {
        let reply = Reply::text("[1, 2").end_without_message_stop();
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let (events, ended_well) = chunks(invoke(&stage, MODEL, &hello()).await.unwrap()).await;
        assert!(ended_well, "nothing tells the SDK");
        assert_eq!(events.last().unwrap()["type"], "content_block_stop");
        assert_eq!(stage.emulator.bedrock().calls()[0].outcome, "ended without messageStop");
    });
}

#[test]
fn a_stream_breaks_off_at_the_chunk_the_script_says() {
    on_both_stages(async |stage| {
        let lost = Break::Exception { name: "modelTimeoutException".to_owned(), message: "too slow".to_owned() };
        for (then, expected) in [(Break::Reset, false), (Break::End, true), (Break::HalfFrame, false), (lost, false)] {
            stage.emulator.bedrock().load(Default::default()).unwrap();
            let reply = Reply::text("one two three").broken_after(3, then.clone());
            stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
            let (events, ended_well) = chunks(invoke(&stage, MODEL, &hello()).await.unwrap()).await;
            assert_eq!((events.len(), ended_well), (3, expected), "{then:?}");
        }
    });
}
