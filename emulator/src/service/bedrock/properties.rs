//! What holds for every request, however odd: documents made of the API's own words are read or refused, and never
//! panic. The fuzz target `converse` tries the same for longer.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::conversation::Conversation;
use super::native::{self, Body};
use super::script::ModelOperation;
use super::validation;

const WORDS: &[&str] = &[
    "messages",
    "role",
    "content",
    "text",
    "user",
    "assistant",
    "system",
    "image",
    "document",
    "source",
    "bytes",
    "format",
    "name",
    "toolUse",
    "toolResult",
    "toolUseId",
    "input",
    "toolConfig",
    "tools",
    "toolSpec",
    "inputSchema",
    "json",
    "toolChoice",
    "tool",
    "auto",
    "inferenceConfig",
    "maxTokens",
    "cachePoint",
    "type",
    "reasoningContent",
    "guardContent",
    "citationsContent",
    "searchResult",
    "s3Location",
    "uri",
    "requestMetadata",
    "prompt",
    "max_tokens",
    "anthropic_version",
    "thinking",
    "tool_use",
    "tool_result",
    "tool_use_id",
    "id",
    "tool_choice",
    "inputText",
    "dimensions",
    "embeddingTypes",
    "texts",
    "inputs",
    "input_type",
    "embedding_types",
    "message",
    "chat_history",
    "tool_calls",
    "schemaVersion",
    "textGenerationConfig",
    "additionalModelRequestFields",
    "outputConfig",
    "bedrock-2023-05-31",
    "AA==",
    "",
];
const MODELS: &[&str] = &[
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "amazon.nova-lite-v1:0",
    "amazon.titan-text-express-v1",
    "amazon.titan-embed-text-v2:0",
    "amazon.titan-embed-text-v1",
    "meta.llama3-1-8b-instruct-v1:0",
    "mistral.mistral-large-2402-v1:0",
    "cohere.command-r-v1:0",
    "cohere.embed-english-v3",
    "cohere.embed-v4:0",
    "acme.own-model",
    "arn:aws:bedrock:us-east-1:000000000000:prompt/ABCDEFGHIJ",
    ".",
];

fn word() -> impl Strategy<Value = String> {
    proptest::sample::select(WORDS).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        word().prop_map(Value::from),
        Just(json!({})),
    ];
    leaf.prop_recursive(6, 64, 5, |inner| {
        let members = proptest::collection::vec((word(), inner.clone()), 0..5);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::Array),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A conversation in outline, with anything inside.
fn conversation() -> impl Strategy<Value = Value> {
    let role = proptest::sample::select(&["user", "assistant", "system"][..]);
    let members = proptest::collection::vec((word(), value()), 1..3);
    let block = members.prop_map(|members| Value::Object(members.into_iter().collect()));
    let message = (role, proptest::collection::vec(block, 0..4));
    let message = message.prop_map(|(role, content)| json!({"role": role, "content": content}));
    (proptest::collection::vec(message, 0..4), proptest::collection::vec((word(), value()), 0..3)).prop_map(
        |(messages, others)| {
            let mut members: Map<String, Value> = others.into_iter().collect();
            members.insert("messages".to_owned(), Value::Array(messages));
            Value::Object(members)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_conversation_is_validated_or_refused(
        model in proptest::sample::select(MODELS),
        request in prop_oneof![conversation(), value()],
    ) {
        if let Ok(conversation) = serde_json::from_value::<Conversation>(request) {
            let conversation = Conversation { model_id: model.to_owned(), ..conversation };
            if let Err(error) = validation::validate(&conversation, ModelOperation::ConverseStream) {
                prop_assert!(error.status == 400 || error.status == 501, "{error}");
            }
            let scene = conversation.scene(ModelOperation::ConverseStream);
            prop_assert_eq!(scene.messages.len(), conversation.messages().len());
        }
    }

    #[test]
    fn any_native_body_is_read_or_refused(
        model in proptest::sample::select(MODELS),
        request in prop_oneof![conversation(), value()],
    ) {
        match native::read(model, request.to_string().as_bytes()) {
            Ok(Body::Speech(body)) => drop(body.question().scene()),
            Ok(Body::Embedding(body)) => prop_assert!(!body.texts().is_empty()),
            Err(error) => prop_assert!(error.status == 400 || error.status == 501, "{error}"),
        }
    }
}
