use aws_sdk_bedrockruntime::error::SdkError;
use aws_sdk_bedrockruntime::operation::invoke_model::{InvokeModelError, InvokeModelOutput};
use aws_sdk_bedrockruntime::primitives::Blob;
use rehearsal_emulator::{ModelOperation, Reply, anything, operation};
use serde_json::{Value, json};

use super::{MODEL, client};
use crate::stage::{Stage, on_both_stages, refusal};

type Answer = Result<InvokeModelOutput, SdkError<InvokeModelError>>;

async fn invoke(stage: &Stage, model: &str, body: &Value) -> Answer {
    client(stage).invoke_model().model_id(model).body(Blob::new(body.to_string())).send().await
}

fn hello() -> Value {
    json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 100,
        "system": "You are brief.",
        "messages": [{"role": "user", "content": "hello"}],
    })
}

fn body_of(answer: &InvokeModelOutput) -> Value {
    assert_eq!(answer.content_type(), "application/json");
    serde_json::from_slice(answer.body().as_ref()).expect("the body is JSON")
}

// Serialisation.

#[test]
fn the_body_is_anthropic_s_message() {
    on_both_stages(async |stage| {
        let rule = stage.emulator.bedrock().given(operation(ModelOperation::InvokeModel));
        rule.respond_with(Reply::text("hi").and_tool_use("get", json!({"a": 1})).usage(10, 20)).mount();
        let mut body = body_of(&invoke(&stage, MODEL, &hello()).await.unwrap());
        let id = body["id"].take();
        assert!(id.as_str().unwrap().starts_with("msg_bdrk_"), "{id}");
        let tool = body["content"][1]["id"].take();
        assert!(tool.as_str().unwrap().starts_with("tooluse_"), "{tool}");
        let expected = json!({
            "id": null,
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-4-5-20250929",
            "content": [
                {"type": "text", "text": "hi"},
                {"type": "tool_use", "id": null, "name": "get", "input": {"a": 1}},
            ],
            "stop_reason": "tool_use",
            "stop_sequence": null,
            "usage": {"input_tokens": 10, "output_tokens": 20},
        });
        assert_eq!(body, expected);
    });
}

#[tokio::test]
async fn token_counts_and_latency_are_headers_too() {
    let stage = Stage::in_process().await;
    stage.emulator.bedrock().given(anything()).respond_with(Reply::text("hi").usage(10, 20)).mount();
    let request = http::Request::post("/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke");
    let request = request.body(axum::body::Body::from(hello().to_string())).unwrap();
    let response = stage.emulator.gateway().handle(request).await.expect("there is a response");
    for (name, expected) in [("input-token-count", "10"), ("output-token-count", "20"), ("invocation-latency", "0")] {
        assert_eq!(response.headers()[format!("x-amzn-bedrock-{name}")], expected);
    }
}

// Validation.

#[test]
fn a_body_is_refused_in_bedrock_s_words() {
    on_both_stages(async |stage| {
        let without = |key: &str| {
            let mut body = hello();
            body.as_object_mut().unwrap().remove(key);
            body
        };
        for (body, expected) in [
            (
                without("max_tokens"),
                "Malformed input request: #: required key [max_tokens] not found, please reformat your input and try again.",
            ),
            (
                json!({}),
                "Malformed input request: 3 schema violations found, please reformat your input and try again.",
            ),
        ] {
            let answer = invoke(&stage, MODEL, &body).await;
            assert_eq!(refusal(answer), ("ValidationException".to_owned(), expected.to_owned()));
        }
        let (code, message) = refusal(invoke(&stage, "claude", &hello()).await);
        assert_eq!((&*code, &*message), ("ValidationException", "The provided model identifier is invalid."));
    });
}

#[test]
fn other_models_bodies_are_not_implemented_and_say_so() {
    on_both_stages(async |stage| {
        let body = json!({"inputText": "hello"});
        let (code, message) = refusal(invoke(&stage, "amazon.titan-embed-text-v2:0", &body).await);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("amazon.titan-embed-text-v2:0"), "{message}");
        let mut body = hello();
        body["thinking"] = json!({"type": "enabled", "budget_tokens": 1024});
        let (code, message) = refusal(invoke(&stage, MODEL, &body).await);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("thinking"), "{message}");
    });
}

// Behaviour.

#[test]
fn damage_is_done_to_the_text_and_not_to_the_message() {
    on_both_stages(async |stage| {
        let items = json!([{"item_id": "prod_thriller_007", "confidence_score": 0.93}]);
        let rule = stage.emulator.bedrock().given(anything());
        rule.respond_with(Reply::json(items.clone()).prose_around())
            .then(Reply::json(items.clone()).truncate_json())
            .mount();
        let body = body_of(&invoke(&stage, MODEL, &hello()).await.unwrap());
        let text = body["content"][0]["text"].as_str().unwrap();
        assert!(text.starts_with("Sure!") && text.contains(&items.to_string()), "{text}");
        let body = body_of(&invoke(&stage, MODEL, &hello()).await.unwrap());
        let text = body["content"][0]["text"].as_str().unwrap();
        assert!(items.to_string().starts_with(text), "{text}");
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
    });
}

#[test]
fn a_throttled_model_answers_429() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::error("ThrottlingException")).mount();
        assert_eq!(refusal(invoke(&stage, MODEL, &hello()).await).0, "ThrottlingException");
    });
}
