//! What Bedrock says of a conversation before any model sees it, in its words.
//!
//! The texts are those of public reports, unless the code says `assumed`; so is
//! the order of the checks: the constraints of AWS's model, the model, the order
//! of messages, their content, what the tools are, tool uses and their results,
//! and last what this model in particular does not do. Only what the API or the
//! [catalogue](super::model::catalogue) says is refused.

mod blocks;
mod constraints;
mod media;
mod model;
mod tools;

use super::conversation::{Conversation, Message};
use super::model::model_id;
use super::script::ModelOperation;
use crate::kernel::{ApiError, Violations};

pub use self::constraints::{is_s3_uri, one_of_service_tiers};
pub use self::model::{check_invocation, check_length};

pub fn validate(conversation: &Conversation, operation: ModelOperation) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    model_id::constrain(&conversation.model_id, &mut violations);
    constraints::constrain(conversation, "", &mut violations);
    violations.finish()?;
    refuse_not_yet(conversation, operation)?;
    model_id::resolve(&conversation.model_id)?;
    model::check_invocation(&conversation.model_id, operation)?;
    check(conversation)
}

/// The part of CountTokens that is a conversation; its model is checked by then.
pub fn validate_counted(conversation: &Conversation) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraints::constrain(conversation, "input.converse.", &mut violations);
    violations.finish()?;
    check(conversation)
}

/// What is wrong with the conversation itself, whatever is done with it.
fn check(conversation: &Conversation) -> Result<(), ApiError> {
    check_order(conversation.messages())?;
    for (n, message) in conversation.messages().iter().enumerate() {
        blocks::check_message(n, message)?;
    }
    media::check(conversation)?;
    tools::check_offer(conversation)?;
    tools::check_pairs(conversation)?;
    check_settings(conversation)?;
    model::check(conversation)
}

fn refuse_not_yet(conversation: &Conversation, operation: ModelOperation) -> Result<(), ApiError> {
    let refuse = |what: &str| Err(ApiError::not_implemented(format_args!("{what} of bedrock {}", operation.name())));
    if conversation.prompt_variables.is_some() {
        return refuse("promptVariables");
    }
    if model_id::is_prompt(&conversation.model_id) {
        return refuse("a prompt as the model");
    }
    Ok(())
}

fn check_order(messages: &[Message]) -> Result<(), ApiError> {
    // Instructions may come anywhere (assumed: AWS does not say where a message of role `system` may stand).
    let said: Vec<&Message> = messages.iter().filter(|message| !message.is_of("system")).collect();
    // An empty conversation: assumed to be answered like one that starts wrongly.
    if said.first().is_none_or(|first| !first.is_of("user")) {
        return Err(ApiError::validation(
            "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
        ));
    }
    if said.windows(2).any(|pair| pair[0].role == pair[1].role) {
        return Err(ApiError::validation(
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates \
             between user and assistant roles and try again.",
        ));
    }
    Ok(())
}

/// What stands beside the conversation.
fn check_settings(conversation: &Conversation) -> Result<(), ApiError> {
    if conversation.additional_model_request_fields.as_ref().is_some_and(|fields| !fields.is_object()) {
        return Err(invalid_json("additionalModelRequestFields"));
    }
    for (n, path) in conversation.additional_model_response_field_paths.iter().flatten().enumerate() {
        // AWS: an empty or wrongly structured JSON Pointer is an error of status 400. Its text is assumed.
        if !path.starts_with('/') {
            return Err(ApiError::validation(format!(
                "The value at additionalModelResponseFieldPaths.{n} is not a valid JSON Pointer. Provide a valid JSON \
                 Pointer and try again."
            )));
        }
    }
    let format = conversation.output_config.as_ref().and_then(|config| config.text_format.as_ref());
    let structure = format.and_then(|format| format.structure.as_ref());
    let schema = structure.and_then(|structure| structure.json_schema.as_ref()).and_then(|json| json.schema.as_ref());
    let is_object = |text: &String| serde_json::from_str::<serde_json::Map<_, _>>(text).is_ok();
    if schema.is_some_and(|schema| !is_object(schema)) {
        return Err(invalid_json("outputConfig.textFormat.structure.jsonSchema.schema"));
    }
    Ok(())
}

fn invalid_json(place: impl std::fmt::Display) -> ApiError {
    let text =
        format!("The format of the value at {place} is invalid. Provide a json object for the field and try again.");
    ApiError::validation(text)
}

/// How Bedrock passes on what a model's own API says.
fn said_by_the_model(text: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("The model returned the following errors: {text}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(mut request: Value, expected: &str) {
        let members = request.as_object_mut().unwrap();
        members.entry("modelId").or_insert_with(|| json!("anthropic.claude-3-haiku-20240307-v1:0"));
        let conversation: Conversation = serde_json::from_value(request).unwrap();
        let found =
            validate(&conversation, ModelOperation::Converse).err().map_or(String::new(), |error| error.message);
        assert_eq!(found, expected);
    }

    fn user(text: &str) -> Value {
        json!({"role": "user", "content": [{"text": text}]})
    }

    fn tools() -> Value {
        json!({"tools": [{"toolSpec": {"name": "get", "inputSchema": {"json": {"type": "object"}}}}]})
    }

    #[test]
    fn messages_start_with_the_user_and_alternate() {
        check(json!({"messages": [user("hello")]}), "");
        let start = "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
        check(json!({"messages": []}), start);
        check(json!({}), start);
        check(json!({"messages": [{"role": "assistant", "content": [{"text": "hi"}]}]}), start);
        check(
            json!({"messages": [user("a"), user("b")]}),
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
        );
        check(
            json!({"messages": [{"role": "tool_output", "content": [{"text": "hi"}]}]}),
            "1 validation error detected: Value 'tool_output' at 'messages.1.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant, system]",
        );
    }

    #[test]
    fn content_is_there_and_not_blank() {
        check(
            json!({"messages": [{"role": "user", "content": []}]}),
            "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.",
        );
        check(
            json!({"messages": [{"role": "user", "content": [{"text": "a"}, {"text": " \n"}]}]}),
            "The text field in the ContentBlock object at messages.0.content.1 is blank. Add text to the text field, and try again.",
        );
        check(
            json!({"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": "AA=="}}}, {"text": "a"}]}]}),
            "",
        );
        check(
            json!({"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {}}}]}]}),
            "ImageSource object at messages.0.content.0.image.source must set one of the following keys: bytes, s3Location.",
        );
        check(
            json!({"messages": [{"role": "user", "content": [{"image": {"format": "tiff"}}]}]}),
            "2 validation errors detected: Value 'tiff' at 'messages.1.member.content.1.member.image.format' failed to satisfy \
             constraint: Member must satisfy enum value set: [png, jpeg, gif, webp]; Value null at \
             'messages.1.member.content.1.member.image.source' failed to satisfy constraint: Member must not be null",
        );
    }

    #[test]
    fn tool_results_follow_tool_uses() {
        let used =
            json!({"role": "assistant", "content": [{"toolUse": {"toolUseId": "t_1", "name": "get", "input": {}}}]});
        let result = |ids: &[&str]| {
            let blocks: Vec<Value> =
                ids.iter().map(|id| json!({"toolResult": {"toolUseId": id, "content": [{"text": "ok"}]}})).collect();
            json!({"role": "user", "content": blocks})
        };
        let talk = |rest: &[Value]| {
            let messages: Vec<Value> = [user("a")].iter().chain(rest).cloned().collect();
            json!({"messages": messages, "toolConfig": tools()})
        };
        check(talk(&[used.clone(), result(&["t_1"])]), "");
        let expected = "Expected toolResult blocks at messages.2.content for the following Ids: t_1";
        check(talk(&[used.clone(), user("b")]), expected);
        check(talk(&[used.clone(), result(&["t_2"])]), expected);
        check(talk(std::slice::from_ref(&used)), expected);
        check(
            talk(&[used.clone(), result(&["t_1", "t_2"])]),
            "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.",
        );
        check(
            json!({"messages": [user("a"), used, result(&["t_1"])]}),
            "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
        );
        check(
            json!({"messages": [user("a")], "toolConfig": {"tools": [{"toolSpec": {"name": "get", "inputSchema": {"json": []}}}]}}),
            "The format of the value at toolConfig.tools.0.toolSpec.inputSchema.json is invalid. Provide a json object for the field and try again.",
        );
    }

    #[test]
    fn every_broken_constraint_is_named_at_once() {
        check(
            json!({
                "messages": [user("a")],
                "inferenceConfig": {"maxTokens": 0, "temperature": 1.5, "topP": -0.5},
                "toolConfig": {"tools": []},
            }),
            "4 validation errors detected: \
             Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1; \
             Value '1.5' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1; \
             Value '-0.5' at 'inferenceConfig.topP' failed to satisfy constraint: Member must have value greater than or equal to 0; \
             Value '[]' at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
    }

    #[test]
    fn images_and_documents_have_limits() {
        let document = |name: &str| json!({"document": {"format": "pdf", "name": name, "source": {"bytes": "AA=="}}});
        let talk = |model: &str, role: &str, blocks: Vec<Value>| {
            let first = if role == "user" { json!(null) } else { user("a") };
            let messages: Vec<Value> = [first, json!({"role": role, "content": blocks})].into();
            let messages: Vec<Value> = messages.into_iter().filter(|message| !message.is_null()).collect();
            json!({"modelId": model, "messages": messages})
        };
        let (claude, nova) = ("anthropic.claude-3-haiku-20240307-v1:0", "amazon.nova-lite-v1:0");
        check(talk(claude, "user", vec![json!({"text": "a"}), document("a"), document("b")]), "");
        check(talk(claude, "user", vec![document("a")]), "A text block must be included when using documents.");
        check(
            talk(claude, "user", vec![json!({"text": "a"}), document("a"), document("a")]),
            "Messages can't contain duplicate document names.",
        );
        check(
            talk(claude, "user", vec![json!({"text": "a"}), document("a.pdf")]),
            "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.",
        );
        let six: Vec<Value> =
            [json!({"text": "a"})].into_iter().chain((0..6).map(|n| document(&n.to_string()))).collect();
        check(talk(claude, "user", six), "You can't include more than 5 documents in a request.");
        let image = |format: &str, bytes: &str| json!({"image": {"format": format, "source": {"bytes": bytes}}});
        check(
            talk(nova, "user", vec![image("png", "AA=="); 21]),
            "You can't include more than 20 images in a request.",
        );
        check(talk(claude, "user", vec![image("png", "AA=="); 21]), "");
        check(
            talk(claude, "user", vec![image("jpeg", "iVBORw0KGgo=")]),
            "The model returned the following errors: messages.0.content.0.image.source.bytes: The image was specified using the image/jpeg media type, but the image appears to be a image/png image",
        );
        let large = "AAAA".repeat(1_310_721);
        check(
            talk(claude, "user", vec![image("png", &large)]),
            "The model returned the following errors: messages.0.content.0.image.source.bytes: image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes",
        );
        check(
            talk(claude, "assistant", vec![image("png", "AA==")]),
            "This model doesn't support the image field for assistant messages. Remove image and try again.",
        );
    }

    #[test]
    fn the_model_s_own_limits_are_told_in_its_words() {
        let sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        let with = |model: &str, more: Value| {
            let mut request = json!({"modelId": model, "messages": [user("a")]});
            request.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
            request
        };
        check(
            with("anthropic.claude-sonnet-4-5-20250929-v1:0", json!({})),
            "Invocation of model ID anthropic.claude-sonnet-4-5-20250929-v1:0 with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
        );
        check(
            with(sonnet, json!({"inferenceConfig": {"maxTokens": 64001}})),
            "The maximum tokens you requested exceeds the model limit of 64000. Try again with a maximum tokens value that is lower than 64000.",
        );
        check(
            with(sonnet, json!({"inferenceConfig": {"temperature": 0.5, "topP": 0.5}})),
            "The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        );
        check(
            with(
                "acme.model-v1:0",
                json!({"inferenceConfig": {"temperature": 0.5, "topP": 0.5, "maxTokens": 9999999}}),
            ),
            "",
        );
        check(
            with(sonnet, json!({"messages": [user(&"a".repeat(800_004))]})),
            "Input is too long for requested model.",
        );
        check(
            with(sonnet, json!({"messages": [user("a"), {"role": "assistant", "content": [{"text": "b "}]}]})),
            "The model returned the following errors: messages: final assistant content cannot end with trailing whitespace",
        );
        check(
            with(
                sonnet,
                json!({"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1}}}),
            ),
            "The model returned the following errors: thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        );
    }

    #[test]
    fn settings_are_looked_at() {
        let with = |more: Value| {
            let mut request = json!({"messages": [user("a")]});
            request.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
            request
        };
        check(
            with(
                json!({"outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{}"}}}},
                "performanceConfig": {"latency": "optimized"}, "serviceTier": {"type": "flex"},
                "requestMetadata": {"session": "s-1"}, "additionalModelResponseFieldPaths": ["/stop_sequence"]}),
            ),
            "",
        );
        check(
            with(
                json!({"outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "["}}}}}),
            ),
            "The format of the value at outputConfig.textFormat.structure.jsonSchema.schema is invalid. Provide a json object for the field and try again.",
        );
        check(
            with(json!({"requestMetadata": {"a!": "b"}, "serviceTier": {"type": "best"}})),
            "2 validation errors detected: Value 'a!' at 'requestMetadata.key' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}; Value 'best' at 'serviceTier.type' failed to satisfy \
             constraint: Member must satisfy enum value set: [priority, default, flex, reserved]",
        );
        check(
            with(json!({"promptVariables": {"a": {"text": "b"}}})),
            "rehearsal does not implement promptVariables of bedrock Converse yet; COVERAGE.md lists what it does",
        );
    }

    #[test]
    fn a_chosen_tool_is_on_offer_and_its_schema_an_object() {
        let with = |config: Value| json!({"messages": [user("a")], "toolConfig": config});
        let tool =
            |schema: Value| json!({"toolSpec": {"name": "get", "inputSchema": {"json": schema}, "strict": true}});
        let object = json!({"type": "object"});
        check(
            with(
                json!({"tools": [tool(object.clone()), {"systemTool": {"name": "web"}}, {"cachePoint": {"type": "default"}}],
                "toolChoice": {"tool": {"name": "web"}}}),
            ),
            "",
        );
        check(
            with(json!({"tools": [tool(object.clone())], "toolChoice": {"tool": {"name": "put"}}})),
            "The model returned the following errors: tool_choice: Tool 'put' not found in provided tools",
        );
        check(
            with(json!({"tools": [tool(json!({}))]})),
            "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object.",
        );
        check(
            with(json!({"tools": [tool(object.clone())], "toolChoice": {}})),
            "ToolChoice object at toolConfig.toolChoice must set one of the following keys: auto, any, tool.",
        );
    }

    #[test]
    fn ids_come_once_and_instructions_anywhere() {
        let used = |ids: &[&str]| {
            let blocks: Vec<Value> =
                ids.iter().map(|id| json!({"toolUse": {"toolUseId": id, "name": "get", "input": {}}})).collect();
            json!({"role": "assistant", "content": blocks})
        };
        let result =
            json!({"role": "user", "content": [{"toolResult": {"toolUseId": "t", "content": [{"text": "ok"}]}}]});
        let system = json!({"role": "system", "content": [{"text": "be brief"}]});
        check(json!({"messages": [user("a"), used(&["t"]), system, result], "toolConfig": tools()}), "");
        check(
            json!({"messages": [user("a"), used(&["t", "t"]), result], "toolConfig": tools()}),
            "The toolUse blocks at messages.1.content contain duplicate Ids: t",
        );
        let company = json!({"role": "user", "content": [result["content"][0], {"text": "and?"}]});
        check(
            json!({"modelId": "meta.llama3-1-8b-instruct-v1:0", "messages": [user("a"), used(&["t"]), company], "toolConfig": tools()}),
            "messages.2.content: Conversation blocks and tool result blocks cannot be provided in the same turn.",
        );
        check(json!({"messages": [user("a"), used(&["t"]), company], "toolConfig": tools()}), "");
    }
}
