use aws_sdk_bedrockruntime::error::SdkError;
use aws_sdk_bedrockruntime::operation::invoke_model::{InvokeModelError, InvokeModelOutput};
use aws_sdk_bedrockruntime::primitives::Blob;
use rehearsal_emulator::{ModelOperation, Reply, anything, model, operation, prompt_contains, tool_offered};
use serde_json::{Value, json};

use super::{MODEL, client};
use crate::stage::{Stage, on_both_stages, refusal};

type Answer = Result<InvokeModelOutput, SdkError<InvokeModelError>>;

async fn invoke(stage: &Stage, id: &str, body: &Value) -> Answer {
    client(stage).invoke_model().model_id(id).body(Blob::new(body.to_string())).send().await
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
fn a_body_without_a_form_is_not_implemented_and_says_so() {
    on_both_stages(async |stage| {
        for model in ["ai21.jamba-1-5-mini-v1:0", "amazon.nova-canvas-v1:0", "cohere.rerank-v3-5:0"] {
            let (code, message) = refusal(invoke(&stage, model, &json!({"prompt": "hello"})).await);
            assert_eq!(code, "NotImplemented");
            assert!(message.contains(model), "{message}");
        }
    });
}

#[test]
fn bodies_of_other_models_are_refused_in_the_schema_s_words() {
    on_both_stages(async |stage| {
        for (model, body, expected) in [
            (
                "cohere.embed-english-v3",
                json!({"inputText": "hello"}),
                "#: required key [texts] not found#: required key [input_type] not found#: extraneous key [inputText] is not permitted",
            ),
            (
                "cohere.embed-english-v3",
                json!({"texts": ["a".repeat(2049)], "input_type": "search_query"}),
                "#/texts/0: expected maxLength: 2048, actual: 2049",
            ),
            ("amazon.titan-embed-text-v2:0", json!({"texts": ["a"]}), "2 schema violations found"),
            (
                "amazon.titan-embed-text-v2:0",
                json!({"inputText": "a", "dimensions": 300}),
                "#/dimensions: 300 is not a valid enum value",
            ),
            (
                "amazon.titan-embed-text-v1",
                json!({"inputText": "a", "dimensions": 256}),
                "#: extraneous key [dimensions] is not permitted",
            ),
            (
                "amazon.titan-embed-text-v2:0",
                json!({"inputText": "a".repeat(50_001)}),
                "expected maxLength: 50000, actual: 50001",
            ),
            ("amazon.titan-text-express-v1", json!({"prompt": "a"}), "2 schema violations found"),
            (
                "amazon.nova-lite-v1:0",
                json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}),
                "#/messages/0/content/0: extraneous key [type] is not permitted",
            ),
            ("meta.llama3-1-8b-instruct-v1:0", json!({}), "#: required key [prompt] not found"),
            (
                "mistral.mistral-large-2402-v1:0",
                json!({"prompt": "a", "max_tokens": "9"}),
                "#/max_tokens: expected type: Integer, found: String",
            ),
            (
                "cohere.command-r-v1:0",
                json!({"prompt": "a"}),
                "#: required key [message] not found#: extraneous key [prompt] is not permitted",
            ),
        ] {
            let expected = format!("Malformed input request: {expected}, please reformat your input and try again.");
            let answer = invoke(&stage, model, &body).await;
            assert_eq!(refusal(answer), ("ValidationException".to_owned(), expected), "{model}");
        }
    });
}

#[test]
fn a_body_is_json_and_so_is_the_answer() {
    on_both_stages(async |stage| {
        let invoke = || client(&stage).invoke_model().model_id(MODEL).body(Blob::new(hello().to_string()));
        for (answer, kind) in [
            (invoke().content_type("text/plain").send().await, "Content"),
            (invoke().accept("text/csv").send().await, "Accept"),
        ] {
            let expected = format!("The provided {kind} Type is invalid or not supported for this model");
            assert_eq!(refusal(answer), ("ValidationException".to_owned(), expected));
        }
        let (_, message) = refusal(invoke().service_tier("best".into()).send().await);
        assert!(message.contains("'serviceTier' failed to satisfy constraint"), "{message}");
        let (_, message) = refusal(invoke().guardrail_identifier("g").guardrail_version("1").send().await);
        assert_eq!(message, "The provided guardrail identifier is invalid.");
    });
}

// Behaviour.

#[test]
fn every_model_answers_in_its_own_form() {
    on_both_stages(async |stage| {
        let reply = Reply::text("hi there").usage(3, 2);
        stage.emulator.bedrock().given(prompt_contains("hello")).respond_with(reply).mount();
        for (model, body, expected) in [
            (
                "us.amazon.nova-lite-v1:0",
                json!({"schemaVersion": "messages-v1", "system": [{"text": "brief"}],
                    "messages": [{"role": "user", "content": [{"text": "hello"}]}], "inferenceConfig": {"maxTokens": 10}}),
                json!({"output": {"message": {"role": "assistant", "content": [{"text": "hi there"}]}}, "stopReason": "end_turn",
                    "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5, "cacheReadInputTokenCount": 0, "cacheWriteInputTokenCount": 0}}),
            ),
            (
                "amazon.titan-text-express-v1",
                json!({"inputText": "User: hello\nBot:", "textGenerationConfig": {"maxTokenCount": 10, "stopSequences": []}}),
                json!({"inputTextTokenCount": 3, "results": [{"tokenCount": 2, "outputText": "hi there", "completionReason": "FINISHED"}]}),
            ),
            (
                "meta.llama3-1-8b-instruct-v1:0",
                json!({"prompt": "hello", "max_gen_len": 10}),
                json!({"generation": "hi there", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "stop"}),
            ),
            (
                "mistral.mistral-7b-instruct-v0:2",
                json!({"prompt": "<s>[INST] hello [/INST]", "max_tokens": 10}),
                json!({"outputs": [{"text": "hi there", "stop_reason": "stop"}]}),
            ),
            (
                "mistral.mistral-large-2402-v1:0",
                json!({"messages": [{"role": "system", "content": "brief"}, {"role": "user", "content": "hello"}]}),
                json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "hi there", "tool_calls": null}, "stop_reason": "stop"}]}),
            ),
            (
                // What nobody has heard of speaks as its body says.
                "acme.own-model-v1:0",
                hello(),
                json!({"id": null, "type": "message", "role": "assistant", "model": "acme.own-model",
                    "content": [{"type": "text", "text": "hi there"}], "stop_reason": "end_turn", "stop_sequence": null,
                    "usage": {"input_tokens": 3, "output_tokens": 2}}),
            ),
        ] {
            let mut found = body_of(&invoke(&stage, model, &body).await.unwrap());
            if let Some(id) = found.get_mut("id") {
                id.take();
            }
            assert_eq!(found, expected, "{model}");
        }
    });
}

#[test]
fn tools_are_asked_for_in_each_form_that_has_them() {
    on_both_stages(async |stage| {
        stage
            .emulator
            .bedrock()
            .given(tool_offered("get"))
            .respond_with(Reply::tool_use("get", json!({"id": 7})))
            .mount();
        let function = json!({"type": "function", "function": {"name": "get", "parameters": {"type": "object"}}});
        let body =
            json!({"messages": [{"role": "user", "content": "hello"}], "tools": [function], "tool_choice": "auto"});
        let found = body_of(&invoke(&stage, "mistral.mistral-large-2402-v1:0", &body).await.unwrap());
        let call = &found["choices"][0]["message"]["tool_calls"][0]["function"];
        assert_eq!(*call, json!({"name": "get", "arguments": "{\"id\":7}"}));
        assert_eq!(found["choices"][0]["stop_reason"], "tool_calls");

        let body = json!({"message": "hello", "tools": [{"name": "get", "description": "", "parameter_definitions": {}}],
            "chat_history": [{"role": "USER", "message": "hi"}, {"role": "CHATBOT", "message": "hi"}]});
        let found = body_of(&invoke(&stage, "cohere.command-r-v1:0", &body).await.unwrap());
        assert_eq!(found["tool_calls"], json!([{"name": "get", "parameters": {"id": 7}}]));
        assert_eq!((&found["finish_reason"], found["chat_history"].as_array().unwrap().len()), (&json!("COMPLETE"), 4));
        assert_eq!(stage.emulator.bedrock().calls()[1].scene.turn, 1);

        let tools = json!({"tools": [{"toolSpec": {"name": "get", "inputSchema": {"json": {"type": "object"}}}}]});
        let body = json!({"messages": [{"role": "user", "content": [{"text": "hello"}]}], "toolConfig": tools});
        let found = body_of(&invoke(&stage, "amazon.nova-lite-v1:0", &body).await.unwrap());
        assert_eq!(found["output"]["message"]["content"][0]["toolUse"]["input"], json!({"id": 7}));
        assert_eq!(found["stopReason"], "tool_use");
    });
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().expect("a vector").iter().map(|value| value.as_f64().expect("a number")).collect()
}

fn cosine(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[test]
fn titan_s_embeddings_need_no_rule_and_mean_something() {
    on_both_stages(async |stage| {
        let titan = "amazon.titan-embed-text-v2:0";
        let body =
            json!({"inputText": "How do I return an order?", "dimensions": 256, "embeddingTypes": ["float", "binary"]});
        let question = body_of(&invoke(&stage, titan, &body).await.unwrap());
        assert_eq!(question["inputTextTokenCount"], 7);
        assert_eq!(question["embeddingsByType"]["float"], question["embedding"]);
        let bits = question["embeddingsByType"]["binary"].as_array().unwrap();
        assert_eq!((bits.len(), bits.iter().all(|bit| *bit == 0 || *bit == 1)), (256, true));
        let vector = floats(&question["embedding"]);
        assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-4, "it is normalised");
        let mut near = Vec::new();
        for text in ["Orders can be returned within 30 days.", "The office is closed on holidays."] {
            let body = json!({"inputText": text, "dimensions": 256});
            let other = body_of(&invoke(&stage, titan, &body).await.unwrap());
            assert_eq!(other["embeddingsByType"].as_object().unwrap().len(), 1);
            near.push(cosine(&vector, &floats(&other["embedding"])));
        }
        assert!(near[0] > near[1] + 0.1, "{near:?}");
        let first = body_of(&invoke(&stage, "amazon.titan-embed-text-v1", &json!({"inputText": "a"})).await.unwrap());
        assert_eq!((floats(&first["embedding"]).len(), first.get("embeddingsByType")), (1536, None));
        assert!(stage.emulator.bedrock().misses().is_empty());
        assert_eq!(stage.emulator.bedrock().calls()[0].outcome, "embedding");
    });
}

#[test]
fn cohere_embeds_many_texts_in_several_types() {
    on_both_stages(async |stage| {
        let body = json!({"texts": ["one", "two"], "input_type": "search_document", "truncate": "END"});
        let found = body_of(&invoke(&stage, "cohere.embed-multilingual-v3", &body).await.unwrap());
        assert_eq!((&found["response_type"], &found["texts"]), (&json!("embeddings_floats"), &json!(["one", "two"])));
        assert_eq!((floats(&found["embeddings"][0]).len(), found["embeddings"].as_array().unwrap().len()), (1024, 2));
        let body = json!({"inputs": [{"content": [{"type": "text", "text": "one"}]}], "input_type": "search_query",
            "embedding_types": ["float", "int8", "ubinary"], "output_dimension": 512});
        let found = body_of(&invoke(&stage, "cohere.embed-v4:0", &body).await.unwrap());
        assert_eq!(found["response_type"], "embeddings_by_type");
        for (kind, length) in [("float", 512), ("int8", 512), ("ubinary", 64)] {
            assert_eq!(found["embeddings"][kind][0].as_array().unwrap().len(), length, "{kind}");
        }
    });
}

#[test]
fn an_embedding_fails_where_a_rule_says_so_and_leaves_other_rules_alone() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(model("*sonnet*")).respond_with(Reply::text("hi")).expect(1).mount();
        let busy = bedrock.given(model("*titan-embed*")).respond_with(Reply::error("ThrottlingException"));
        busy.up_to_n_times(1).expect(1).mount();
        bedrock.given(anything()).respond_with(Reply::text("never for vectors")).expect(0).mount();
        let titan = "amazon.titan-embed-text-v2:0";
        assert_eq!(refusal(invoke(&stage, titan, &json!({"inputText": "a"})).await).0, "ThrottlingException");
        invoke(&stage, titan, &json!({"inputText": "a"})).await.unwrap();
        invoke(&stage, MODEL, &hello()).await.unwrap();
    });
}

#[test]
fn a_rule_may_give_the_vectors() {
    on_both_stages(async |stage| {
        let script = "- when: {last_user: {contains: special}}\n  expect: 1\n  replies:\n  - embedding: [0.5, -0.5]\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let titan = "amazon.titan-embed-text-v2:0";
        let given = body_of(&invoke(&stage, titan, &json!({"inputText": "a special text"})).await.unwrap());
        assert_eq!(given["embedding"], json!([0.5, -0.5]));
        let computed = body_of(&invoke(&stage, titan, &json!({"inputText": "another text"})).await.unwrap());
        assert_eq!(floats(&computed["embedding"]).len(), 1024);
    });
}

#[test]
fn latency_and_tier_come_back_as_they_were_asked_for() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("hi")).mount();
        let request = client(&stage).invoke_model().model_id(MODEL).body(Blob::new(hello().to_string()));
        let request = request.performance_config_latency("optimized".into()).service_tier("flex".into());
        let answer = request.content_type("application/json").accept("application/json").send().await.unwrap();
        assert_eq!(answer.performance_config_latency().map(|latency| latency.as_str()), Some("optimized"));
        assert_eq!(answer.service_tier().map(|tier| tier.as_str()), Some("flex"));
    });
}

#[test]
fn a_tool_loop_goes_round_in_anthropic_s_words() {
    on_both_stages(async |stage| {
        let rule = stage.emulator.bedrock().given(tool_offered("get"));
        rule.respond_with(Reply::tool_use("get", json!({"id": 7}))).then(Reply::text("sent")).mount();
        let mut body = hello();
        body["tools"] = json!([{"name": "get", "description": "orders", "input_schema": {"type": "object"}}]);
        body["thinking"] = json!({"type": "enabled", "budget_tokens": 1024});
        body["max_tokens"] = json!(2000);
        let asked = body_of(&invoke(&stage, MODEL, &body).await.unwrap());
        let id = &asked["content"][0]["id"];
        let messages = body["messages"].as_array_mut().unwrap();
        messages.push(json!({"role": "assistant", "content": asked["content"]}));
        messages
            .push(json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": id, "content": "ok"}]}));
        let answer = body_of(&invoke(&stage, MODEL, &body).await.unwrap());
        assert_eq!(answer["content"][0]["text"], "sent");
        let scene = &stage.emulator.bedrock().calls()[1].scene;
        assert_eq!((&*scene.tool_results[0].name, &*scene.tool_results[0].text, scene.turn), ("get", "ok", 1));
    });
}

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
