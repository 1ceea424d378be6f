//! What Bedrock says of a conversation before any model sees it, in its words.
//!
//! The texts are those of public reports; the order of the checks is assumed:
//! the constraints of AWS's model, the model id, the order of messages, their
//! content, tools.

use std::collections::BTreeSet;

use super::conversation::{ContentBlock, Conversation, Message};
use super::model::model_id;
use super::script::ModelOperation;
use crate::kernel::{ApiError, Violations};

const ID_PATTERN: &str = "[a-zA-Z0-9_.:-]+";
const NAME_PATTERN: &str = "[a-zA-Z0-9_-]+";
/// AWS's bound on `inferenceConfig.stopSequences`.
const STOP_SEQUENCES_MAX: usize = 2500;

pub fn validate(conversation: &Conversation, operation: ModelOperation) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    model_id::constrain(&conversation.model_id, &mut violations);
    constrain_inference(conversation, &mut violations);
    constrain_tools(conversation, &mut violations);
    constrain_messages(conversation, &mut violations);
    violations.finish()?;
    conversation.refuse_not_yet(operation)?;
    model_id::resolve(&conversation.model_id)?;
    check_order(conversation.messages())?;
    for (index, message) in conversation.messages().iter().enumerate() {
        check_content(index, message)?;
    }
    check_schemas(conversation)?;
    check_tools(conversation)
}

fn constrain_inference(conversation: &Conversation, violations: &mut Violations) {
    let Some(config) = &conversation.inference_config else { return };
    if let Some(max_tokens) = config.max_tokens {
        violations.range("inferenceConfig.maxTokens", max_tokens, 1, i64::from(i32::MAX));
    }
    let fractions = [("temperature", config.temperature), ("topP", config.top_p)];
    for (name, value) in fractions.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        let member = format!("inferenceConfig.{name}");
        if value < 0.0 {
            violations.add(value, &member, "have value greater than or equal to 0");
        }
        if value > 1.0 {
            violations.add(value, &member, "have value less than or equal to 1");
        }
    }
    let sequences = config.stop_sequences.as_deref().unwrap_or_default();
    if sequences.len() > STOP_SEQUENCES_MAX {
        let constraint = format!("have length less than or equal to {STOP_SEQUENCES_MAX}");
        violations.add(format!("[{}]", sequences.join(", ")), "inferenceConfig.stopSequences", constraint);
    }
    for (index, sequence) in sequences.iter().enumerate() {
        let member = format!("inferenceConfig.stopSequences.{}.member", index + 1);
        violations.length(&member, sequence, 1, usize::MAX);
    }
}

fn constrain_tools(conversation: &Conversation, violations: &mut Violations) {
    let Some(config) = &conversation.tool_config else { return };
    violations.required("toolConfig.tools", &config.tools);
    let Some(tools) = &config.tools else { return };
    if tools.is_empty() {
        violations.add("[]", "toolConfig.tools", "have length greater than or equal to 1");
    }
    for (index, tool) in tools.iter().enumerate() {
        let Some(spec) = &tool.tool_spec else { continue };
        let member = format!("toolConfig.tools.{}.member.toolSpec", index + 1);
        constrain_name(&format!("{member}.name"), spec.name.as_ref(), violations);
        violations.required(&format!("{member}.inputSchema"), &spec.input_schema);
        if let Some(description) = &spec.description {
            violations.length(&format!("{member}.description"), description, 1, usize::MAX);
        }
    }
}

fn constrain_messages(conversation: &Conversation, violations: &mut Violations) {
    for (index, block) in conversation.system.iter().flatten().enumerate() {
        if let Some(text) = &block.text {
            violations.length(&format!("system.{}.member.text", index + 1), text, 1, usize::MAX);
        }
    }
    for (index, message) in conversation.messages().iter().enumerate() {
        let member = format!("messages.{}.member", index + 1);
        violations.required(&format!("{member}.role"), &message.role);
        if let Some(role) = &message.role {
            violations.one_of(&format!("{member}.role"), role, &["user", "assistant", "system"]);
        }
        violations.required(&format!("{member}.content"), &message.content);
        for (place, block) in message.blocks().iter().enumerate() {
            constrain_block(&format!("{member}.content.{}.member", place + 1), block, violations);
        }
    }
}

fn constrain_block(member: &str, block: &ContentBlock, violations: &mut Violations) {
    if let Some(tool) = &block.tool_use {
        constrain_id(&format!("{member}.toolUse.toolUseId"), tool.tool_use_id.as_ref(), violations);
        constrain_name(&format!("{member}.toolUse.name"), tool.name.as_ref(), violations);
        violations.required(&format!("{member}.toolUse.input"), &tool.input);
    }
    if let Some(result) = &block.tool_result {
        constrain_id(&format!("{member}.toolResult.toolUseId"), result.tool_use_id.as_ref(), violations);
        violations.required(&format!("{member}.toolResult.content"), &result.content);
        if let Some(status) = &result.status {
            violations.one_of(&format!("{member}.toolResult.status"), status, &["success", "error"]);
        }
    }
}

fn constrain_id(member: &str, id: Option<&String>, violations: &mut Violations) {
    let Some(id) = id else { return violations.missing(member) };
    violations.length(member, id, 1, 64);
    violations.pattern(member, id, ID_PATTERN, |letter| letter.is_ascii_alphanumeric() || "_.:-".contains(letter));
}

fn constrain_name(member: &str, name: Option<&String>, violations: &mut Violations) {
    let Some(name) = name else { return violations.missing(member) };
    violations.length(member, name, 1, 64);
    violations.pattern(member, name, NAME_PATTERN, |letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
}

fn check_order(messages: &[Message]) -> Result<(), ApiError> {
    // An empty conversation: assumed to be answered like one that starts wrongly.
    if messages.first().is_none_or(|first| first.role.as_deref() != Some("user")) {
        return Err(ApiError::validation(
            "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
        ));
    }
    if messages.windows(2).any(|pair| pair[0].role == pair[1].role) {
        return Err(ApiError::validation(
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates \
             between user and assistant roles and try again.",
        ));
    }
    Ok(())
}

fn check_content(n: usize, message: &Message) -> Result<(), ApiError> {
    if message.blocks().is_empty() {
        return Err(ApiError::validation(format!(
            "The content field in the Message object at messages.{n} is empty. Add a ContentBlock object to the content \
             field and try again."
        )));
    }
    for (m, block) in message.blocks().iter().enumerate() {
        check_block(n, m, block)?;
    }
    Ok(())
}

fn check_block(n: usize, m: usize, block: &ContentBlock) -> Result<(), ApiError> {
    let accepted =
        ["cachePoint", "reasoningContent"].map(|name| block.others.get(name).is_some_and(|it| !it.is_null()));
    let members = [block.text.is_some(), block.tool_use.is_some(), block.tool_result.is_some()];
    if accepted.into_iter().chain(members).filter(|set| *set).count() != 1 {
        // Assumed: AWS's wording for a union with no or several members is not known.
        return Err(ApiError::validation(format!(
            "The format of the value at messages.{n}.content.{m} is invalid. Provide exactly one member of the \
             ContentBlock union and try again."
        )));
    }
    if block.text.as_ref().is_some_and(|text| text.trim().is_empty()) {
        return Err(ApiError::validation(format!(
            "The text field in the ContentBlock object at messages.{n}.content.{m} is blank. Add text to the text \
             field, and try again."
        )));
    }
    if block.tool_use.as_ref().is_some_and(|tool| tool.input.as_ref().is_some_and(|input| !input.is_object())) {
        return Err(invalid_json(&format!("messages.{n}.content.{m}.toolUse.input")));
    }
    let Some(result) = &block.tool_result else { return Ok(()) };
    let content = result.content.as_deref().unwrap_or_default();
    if result.status.as_deref() == Some("error") && content.is_empty() {
        return Err(ApiError::validation(format!(
            "The content field at messages.{n}.content.{m}.toolResult cannot be empty when status value is error."
        )));
    }
    for (place, part) in content.iter().enumerate() {
        if part.json.as_ref().is_some_and(|json| !json.is_object()) {
            return Err(invalid_json(&format!("messages.{n}.content.{m}.toolResult.content.{place}.json")));
        }
    }
    Ok(())
}

fn check_schemas(conversation: &Conversation) -> Result<(), ApiError> {
    for (index, tool) in conversation.tools().enumerate() {
        let schema = tool.input_schema.as_ref().and_then(|schema| schema.json.as_ref());
        if schema.is_none_or(|schema| !schema.is_object()) {
            return Err(invalid_json(&format!("toolConfig.tools.{index}.toolSpec.inputSchema.json")));
        }
    }
    Ok(())
}

fn invalid_json(place: &str) -> ApiError {
    let text =
        format!("The format of the value at {place} is invalid. Provide a json object for the field and try again.");
    ApiError::validation(text)
}

/// Every tool that was used has its result in the next message, and no result is without its use.
fn check_tools(conversation: &Conversation) -> Result<(), ApiError> {
    let messages = conversation.messages();
    let blocks = || messages.iter().flat_map(Message::blocks);
    if conversation.tool_config.is_none()
        && blocks().any(|block| block.tool_use.is_some() || block.tool_result.is_some())
    {
        return Err(ApiError::validation(
            "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
        ));
    }
    let nothing_before = std::iter::once(BTreeSet::new());
    let used = nothing_before.chain(messages.iter().map(used_ids));
    let last = messages.last().map(used_ids).unwrap_or_default();
    for (n, (message, used)) in messages.iter().zip(used).enumerate() {
        let results = result_ids(message);
        if results.len() > used.len() {
            return Err(ApiError::validation(format!(
                "The number of toolResult blocks at messages.{n}.content exceeds the number of toolUse blocks of \
                 previous turn."
            )));
        }
        check_results(n, &used, &results)?;
    }
    check_results(messages.len(), &last, &[])
}

fn check_results(n: usize, used: &BTreeSet<&str>, results: &[&str]) -> Result<(), ApiError> {
    let missing: Vec<&str> = used.iter().copied().filter(|id| !results.contains(id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let ids = missing.join(", ");
    Err(ApiError::validation(format!(
        "Expected toolResult blocks at messages.{n}.content for the following Ids: {ids}"
    )))
}

fn used_ids(message: &Message) -> BTreeSet<&str> {
    let uses = message.blocks().iter().filter_map(|block| block.tool_use.as_ref());
    uses.filter_map(|tool| tool.tool_use_id.as_deref()).collect()
}

fn result_ids(message: &Message) -> Vec<&str> {
    let results = message.blocks().iter().filter_map(|block| block.tool_result.as_ref());
    results.filter_map(|result| result.tool_use_id.as_deref()).collect()
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
            json!({"messages": [{"role": "user", "content": [{"image": {"format": "png"}}]}]}),
            "rehearsal does not implement image of bedrock Converse yet; COVERAGE.md lists what it does",
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
}
