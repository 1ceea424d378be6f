//! What is wrong with a body, in the words of Bedrock's schema and then of Anthropic's API.
//!
//! Texts: as publicly reported of Bedrock or of Anthropic's own API, whose
//! answers Bedrock passes on; the order is assumed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::schema::{self, Kind, Member, OPTIONAL, REQUIRED, Violations};
use super::{blocks, is, member, native_model, texts, thinking};
use crate::kernel::ApiError;
use crate::service::bedrock::model::catalogue::{self, Model};

/// The one version there is.
const VERSION: &str = "bedrock-2023-05-31";
/// 5 MB, of base64.
const IMAGE_CHARACTERS_MAX: usize = 5 * 1024 * 1024;
/// What the model's own settings are: a scripted one reads them and does as it is told.
const MEMBERS: &[Member] = &[
    ("anthropic_version", Kind::Text, REQUIRED),
    ("max_tokens", Kind::Integer, REQUIRED),
    ("messages", Kind::List, REQUIRED),
    ("anthropic_beta", Kind::List, OPTIONAL),
    ("cache_control", Kind::Any, OPTIONAL),
    ("container", Kind::Any, OPTIONAL),
    ("context_management", Kind::Any, OPTIONAL),
    ("mcp_servers", Kind::List, OPTIONAL),
    ("metadata", Kind::Object, OPTIONAL),
    ("output_config", Kind::Object, OPTIONAL),
    ("output_format", Kind::Object, OPTIONAL),
    ("stop_sequences", Kind::List, OPTIONAL),
    ("system", Kind::Any, OPTIONAL),
    ("temperature", Kind::Number, OPTIONAL),
    ("thinking", Kind::Object, OPTIONAL),
    ("tool_choice", Kind::Object, OPTIONAL),
    ("tools", Kind::List, OPTIONAL),
    ("top_k", Kind::Integer, OPTIONAL),
    ("top_p", Kind::Number, OPTIONAL),
];
/// The blocks there are, in the order in which Anthropic names them.
const BLOCKS: &[&str] = &[
    "bash_code_execution_tool_result",
    "code_execution_tool_result",
    "container_upload",
    "document",
    "image",
    "mcp_tool_result",
    "mcp_tool_use",
    "redacted_thinking",
    "search_result",
    "server_tool_use",
    "text",
    "text_editor_code_execution_tool_result",
    "thinking",
    "tool_reference",
    "tool_result",
    "tool_search_tool_result",
    "tool_use",
    "web_fetch_tool_result",
    "web_search_tool_result",
];
const IMAGE_TYPES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];

pub fn validate(members: &Map<String, Value>, model: &str) -> Result<(), ApiError> {
    let mut violations = Violations::default();
    violations.open_object("#", members, MEMBERS);
    for (n, message) in schema::list(members, "messages").iter().enumerate() {
        check_shape(&format!("#/messages/{n}"), message, &mut violations);
    }
    violations.one_of("#/anthropic_version", members.get("anthropic_version"), &[VERSION]);
    violations.counted()?;
    if let Some(key) = members.keys().find(|key| !MEMBERS.iter().any(|(name, ..)| name == key)) {
        return refuse(format!("{key}: Extra inputs are not permitted"));
    }
    let known = catalogue::find(model);
    check_settings(members, model, known)?;
    check_messages(schema::list(members, "messages"), known)?;
    check_tools(members)?;
    check_pairs(schema::list(members, "messages"))
}

fn refuse<T>(text: impl Into<String>) -> Result<T, ApiError> {
    Err(ApiError::validation(text))
}

fn check_shape(at: &str, message: &Value, violations: &mut Violations) {
    violations.kind(at, message, Kind::Object);
    let Some(message) = message.as_object() else { return };
    violations.open_object(at, message, &[("role", Kind::Text, REQUIRED), ("content", Kind::Any, REQUIRED)]);
    match message.get("content") {
        None | Some(Value::String(_)) => {}
        Some(Value::Array(blocks)) => {
            for (m, block) in blocks.iter().enumerate() {
                violations.kind(&format!("{at}/content/{m}"), block, Kind::Object);
            }
        }
        Some(_) => violations.add(&format!("{at}/content"), "expected type: String or Array"),
    }
}

fn check_settings(members: &Map<String, Value>, model: &str, known: Option<&Model>) -> Result<(), ApiError> {
    let max_tokens = members.get("max_tokens").and_then(Value::as_i64).unwrap_or(i64::MAX);
    if max_tokens < 1 {
        return refuse("max_tokens: must be greater than or equal to 1");
    }
    if let Some(limit) = known.map(|known| known.output_max).filter(|limit| max_tokens > i64::from(*limit)) {
        let model = native_model(model);
        return refuse(format!(
            "max_tokens: {max_tokens} > {limit}, which is the maximum allowed number of output tokens for {model}"
        ));
    }
    for name in ["temperature", "top_p"] {
        let value = members.get(name).and_then(Value::as_f64);
        if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            return refuse(format!("{name}: range: 0..1"));
        }
    }
    let both = members.contains_key("temperature") && members.contains_key("top_p");
    if both && known.is_some_and(|known| known.one_of_temperature_and_top_p) {
        return refuse("`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
    }
    let Some(settings) = members.get("thinking") else { return Ok(()) };
    let betas = schema::list(members, "anthropic_beta").iter().filter_map(Value::as_str);
    let interleaved = betas.into_iter().any(|beta| beta.starts_with("interleaved-thinking"));
    let forced = members.get("tool_choice").is_some_and(|choice| is(choice, "any") || is(choice, "tool"));
    thinking::check(settings, (!interleaved).then_some(max_tokens), forced).or_else(refuse)
}

fn check_messages(messages: &[Value], known: Option<&Model>) -> Result<(), ApiError> {
    let Some(first) = messages.first() else { return refuse("messages: at least one message is required") };
    for (n, message) in messages.iter().enumerate() {
        check_message(n, message, n + 1 == messages.len())?;
    }
    if member(first, "role") != "user" {
        return refuse("messages: first message must use the \"user\" role");
    }
    let Some(last) = messages.last().filter(|last| member(last, "role") == "assistant") else { return Ok(()) };
    if known.is_some_and(|known| !known.prefill) {
        return refuse(
            "This model does not support assistant message prefill. The conversation must end with a user message.",
        );
    }
    if last.get("content").map(texts).unwrap_or_default().ends_with(char::is_whitespace) {
        return refuse("messages: final assistant content cannot end with trailing whitespace");
    }
    Ok(())
}

fn check_message(n: usize, message: &Value, is_last: bool) -> Result<(), ApiError> {
    let role = member(message, "role");
    if !["user", "assistant"].contains(&role) {
        return refuse(format!(
            "messages: Unexpected role \"{role}\". The Messages API accepts a top-level `system` parameter, not \"system\" \
             as an input message role."
        ));
    }
    let is_empty = match message.get("content") {
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(blocks)) => blocks.is_empty(),
        _ => true,
    };
    if is_empty && !(is_last && role == "assistant") {
        return refuse(format!(
            "messages.{n}: all messages must have non-empty content except for the optional final assistant message"
        ));
    }
    for (m, block) in blocks(message).iter().enumerate() {
        check_block(&format!("messages.{n}.content.{m}"), block)?;
    }
    Ok(())
}

fn check_block(at: &str, block: &Value) -> Result<(), ApiError> {
    let kind = member(block, "type");
    if !block.get("type").is_some_and(Value::is_string) {
        return refuse(format!("{at}: Unable to extract tag using discriminator 'type'"));
    }
    if !BLOCKS.contains(&kind) {
        let tags: Vec<String> = BLOCKS.iter().map(|tag| format!("'{tag}'")).collect();
        let tags = tags.join(", ");
        return refuse(format!(
            "{at}: Input tag '{kind}' found using 'type' does not match any of the expected tags: {tags}"
        ));
    }
    let required: &[&str] = match kind {
        "text" => &["text"],
        "tool_use" => &["id", "name", "input"],
        "tool_result" => &["tool_use_id"],
        "thinking" => &["thinking", "signature"],
        "redacted_thinking" => &["data"],
        "image" | "document" => &["source"],
        _ => &[],
    };
    if let Some(name) = required.iter().find(|name| block.get(**name).is_none()) {
        return refuse(format!("{at}.{kind}.{name}: Field required"));
    }
    match kind {
        "text" if member(block, "text").is_empty() => refuse("messages: text content blocks must be non-empty"),
        "text" if member(block, "text").trim().is_empty() => {
            refuse("messages: text content blocks must contain non-whitespace text")
        }
        "tool_use" if !block.get("input").is_some_and(Value::is_object) => {
            refuse(format!("{at}.tool_use.input: Input should be a valid dictionary"))
        }
        "image" => check_image(at, block.get("source").unwrap_or(&Value::Null)),
        _ => Ok(()),
    }
}

fn check_image(at: &str, source: &Value) -> Result<(), ApiError> {
    if !is(source, "base64") {
        return Ok(());
    }
    let media_type = member(source, "media_type");
    if !IMAGE_TYPES.contains(&media_type) {
        return refuse(format!(
            "{at}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'"
        ));
    }
    let size = member(source, "data").len();
    if size > IMAGE_CHARACTERS_MAX {
        return refuse(format!(
            "{at}.image.source.base64: image exceeds 5 MB maximum: {size} bytes > {IMAGE_CHARACTERS_MAX} bytes"
        ));
    }
    Ok(())
}

fn check_tools(members: &Map<String, Value>) -> Result<(), ApiError> {
    let tools = schema::list(members, "tools");
    let mut names = BTreeSet::new();
    for (n, tool) in tools.iter().enumerate() {
        // Tools of Anthropic's own bring their schema.
        let is_custom = tool.get("type").is_none() || is(tool, "custom");
        for name in ["name", "input_schema"] {
            if is_custom && tool.get(name).is_none() {
                return refuse(format!("tools.{n}.custom.{name}: Field required"));
            }
        }
        let kind = tool.pointer("/input_schema/type").and_then(Value::as_str);
        if is_custom && kind != Some("object") {
            let problem = if kind.is_some() { "Input should be 'object'" } else { "Field required" };
            return refuse(format!("tools.{n}.custom.input_schema.type: {problem}"));
        }
        if !names.insert(member(tool, "name")) {
            return refuse("tools: Tool names must be unique.");
        }
    }
    let Some(choice) = members.get("tool_choice") else { return Ok(()) };
    match member(choice, "type") {
        "auto" | "any" | "none" => Ok(()),
        "tool" if names.contains(member(choice, "name")) => Ok(()),
        "tool" => {
            let name = member(choice, "name");
            refuse(format!("tool_choice: Tool '{name}' not found in provided tools"))
        }
        other => refuse(format!(
            "tool_choice: Input tag '{other}' found using 'type' does not match any of the expected tags: 'any', 'auto', \
             'none', 'tool'"
        )),
    }
}

/// Every tool that was used has its result in the next message, and no result is without its use.
fn check_pairs(messages: &[Value]) -> Result<(), ApiError> {
    for (n, message) in messages.iter().enumerate() {
        let used = ids(message, "tool_use", "id");
        if let Some(next) = messages.get(n + 1) {
            let results = ids(next, "tool_result", "tool_use_id");
            let missing: Vec<&str> = used.iter().copied().filter(|id| !results.contains(id)).collect();
            if !missing.is_empty() {
                let ids = missing.join(", ");
                return refuse(format!(
                    "messages.{n}: `tool_use` ids were found without `tool_result` blocks immediately after: {ids}. Each \
                     `tool_use` block must have a corresponding `tool_result` block in the next message."
                ));
            }
        }
        let before = n.checked_sub(1).and_then(|n| messages.get(n));
        let used = before.map(|before| ids(before, "tool_use", "id")).unwrap_or_default();
        for (m, block) in blocks(message).iter().enumerate().filter(|(_, block)| is(block, "tool_result")) {
            let id = member(block, "tool_use_id");
            if !used.contains(&id) {
                return refuse(format!(
                    "messages.{n}.content.{m}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each \
                     `tool_result` block must have a corresponding `tool_use` block in the previous message."
                ));
            }
        }
    }
    Ok(())
}

fn ids<'a>(message: &'a Value, kind: &str, name: &str) -> Vec<&'a str> {
    blocks(message).iter().filter(|block| is(block, kind)).map(|block| member(block, name)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::schema::malformed;
    use super::*;

    #[track_caller]
    fn check(body: &Value, expected: &str) {
        let members = body.as_object().unwrap();
        let found = validate(members, "anthropic.claude-3-haiku-20240307-v1:0").err();
        assert_eq!(found.map_or(String::new(), |error| error.message), expected, "{body}");
    }

    fn with(more: Value) -> Value {
        let mut body =
            json!({"anthropic_version": VERSION, "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]});
        body.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        body
    }

    fn said(messages: Value) -> Value {
        with(json!({ "messages": messages }))
    }

    #[test]
    fn a_body_s_shape_is_refused_in_the_schema_s_words() {
        check(&with(json!({})), "");
        check(
            &json!({"anthropic_version": VERSION, "messages": []}),
            "Malformed input request: #: required key [max_tokens] not found, please reformat your input and try again.",
        );
        check(&json!({}), &malformed("3 schema violations found").message);
        check(
            &with(json!({"max_tokens": "9"})),
            &malformed("#/max_tokens: expected type: Integer, found: String").message,
        );
        check(
            &with(json!({"anthropic_version": "1"})),
            &malformed("#/anthropic_version: 1 is not a valid enum value").message,
        );
        check(&with(json!({"stream": true})), "stream: Extra inputs are not permitted");
    }

    #[test]
    fn settings_are_bounded_by_the_model() {
        check(&with(json!({"max_tokens": 0})), "max_tokens: must be greater than or equal to 1");
        check(
            &with(json!({"max_tokens": 5000})),
            "max_tokens: 5000 > 4096, which is the maximum allowed number of output tokens for claude-3-haiku-20240307",
        );
        check(&with(json!({"temperature": 1.5})), "temperature: range: 0..1");
        check(
            &with(json!({"thinking": {"type": "enabled", "budget_tokens": 1}})),
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        );
    }

    #[test]
    fn messages_and_blocks_are_looked_at_one_by_one() {
        check(&said(json!([])), "messages: at least one message is required");
        check(
            &said(json!([{"role": "assistant", "content": "a"}])),
            "messages: first message must use the \"user\" role",
        );
        // Anthropic joins them.
        check(&said(json!([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}])), "");
        let empty =
            "messages.0: all messages must have non-empty content except for the optional final assistant message";
        check(&said(json!([{"role": "user", "content": ""}])), empty);
        check(&said(json!([{"role": "user", "content": []}])), empty);
        let blocks = |blocks: Value| said(json!([{"role": "user", "content": blocks}]));
        check(&blocks(json!([{"type": "text", "text": ""}])), "messages: text content blocks must be non-empty");
        check(
            &blocks(json!([{"type": "text", "text": " "}])),
            "messages: text content blocks must contain non-whitespace text",
        );
        check(&blocks(json!([{"type": "text"}])), "messages.0.content.0.text.text: Field required");
        let (media_type, data) = ("image/png", "AA==");
        check(
            &blocks(json!([{"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}}])),
            "",
        );
        check(
            &blocks(json!([{"type": "image", "source": {"type": "base64", "media_type": "image/tiff", "data": data}}])),
            "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
        );
        check(
            &blocks(json!([{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a"}}])),
            "",
        );
        check(
            &said(json!([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b "}])),
            "messages: final assistant content cannot end with trailing whitespace",
        );
    }

    #[test]
    fn tools_and_their_results_belong_together() {
        let tool = json!([{"name": "get", "input_schema": {"type": "object"}}]);
        check(&with(json!({"tools": tool, "tool_choice": {"type": "tool", "name": "get"}})), "");
        check(
            &with(json!({"tools": tool, "tool_choice": {"type": "tool", "name": "put"}})),
            "tool_choice: Tool 'put' not found in provided tools",
        );
        check(&with(json!({"tools": [{"name": "get"}]})), "tools.0.custom.input_schema: Field required");
        let used =
            json!({"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "get", "input": {}}]});
        let result = json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "ok"}]});
        let user = json!({"role": "user", "content": "a"});
        check(&said(json!([user, used, result])), "");
        check(
            &said(json!([user, used, user])),
            "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
        );
        check(
            &said(json!([result])),
            "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
        );
    }
}
