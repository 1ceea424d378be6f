use aws_sdk_bedrockruntime::error::SdkError;
use aws_sdk_bedrockruntime::operation::count_tokens::{CountTokensError, CountTokensOutput};
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{ConverseTokensRequest, CountTokensInput, InvokeModelTokensRequest};
use rehearsal_emulator::{Reply, anything};
use serde_json::{Value, json};

use super::{assistant, client, order_tool, user};
use crate::stage::{Stage, on_both_stages, refusal};

const MODEL: &str = "anthropic.claude-3-haiku-20240307-v1:0";

async fn count(
    stage: &Stage,
    model: &str,
    input: CountTokensInput,
) -> Result<CountTokensOutput, SdkError<CountTokensError>> {
    client(stage).count_tokens().model_id(model).input(input).send().await
}

fn native(body: &Value) -> CountTokensInput {
    let request = InvokeModelTokensRequest::builder().body(Blob::new(body.to_string()));
    CountTokensInput::InvokeModel(request.build().expect("the body is set"))
}

#[test]
fn a_conversation_counts_as_much_as_its_answer_s_usage_says() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("hi")).mount();
        let tools = order_tool("get_order");
        let request = ConverseTokensRequest::builder().messages(user("where is it?")).tool_config(tools.clone());
        let counted = count(&stage, MODEL, CountTokensInput::Converse(request.build())).await.unwrap();
        let said = client(&stage).converse().model_id(MODEL).messages(user("where is it?")).tool_config(tools);
        let usage = said.send().await.unwrap().usage().unwrap().clone();
        assert_eq!(counted.input_tokens(), usage.input_tokens());
        assert_eq!(stage.emulator.bedrock().calls().len(), 1, "counting does not ask the model");
    });
}

#[test]
fn a_native_body_is_counted_in_its_form() {
    on_both_stages(async |stage| {
        let body = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "system": "brief",
            "messages": [{"role": "user", "content": "how many tokens?"}]});
        assert_eq!(count(&stage, MODEL, native(&body)).await.unwrap().input_tokens(), 6);
        let body = json!({"prompt": "four"});
        assert_eq!(count(&stage, "meta.llama3-1-8b-instruct-v1:0", native(&body)).await.unwrap().input_tokens(), 1);
    });
}

#[test]
fn a_request_is_validated_as_the_one_that_it_would_be() {
    on_both_stages(async |stage| {
        let converse = |message| CountTokensInput::Converse(ConverseTokensRequest::builder().messages(message).build());
        let does_not = "The provided model doesn't support counting tokens.";
        for (model, input, expected) in [
            (
                MODEL,
                converse(assistant("hi")),
                "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
            ),
            (
                MODEL,
                native(&json!({})),
                "Malformed input request: 3 schema violations found, please reformat your input and try again.",
            ),
            // As on AWS: a model is counted for by its own id, and vectors are not counted at all.
            (super::MODEL, converse(user("hi")), does_not),
            ("amazon.titan-embed-text-v2:0", native(&json!({"inputText": "a"})), does_not),
            ("claude", converse(user("hi")), "The provided model identifier is invalid."),
        ] {
            let answer = count(&stage, model, input).await;
            assert_eq!(refusal(answer), ("ValidationException".to_owned(), expected.to_owned()));
        }
        // A model that only profiles lead to can be counted for.
        count(&stage, "anthropic.claude-sonnet-4-5-20250929-v1:0", converse(user("hi"))).await.unwrap();
    });
}
