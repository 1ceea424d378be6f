//! The tools on offer; and every tool that was used has its result in the next message, no result is without its use.

use std::collections::BTreeSet;

use super::super::conversation::content::Message;
use super::super::conversation::{Conversation, Tool, ToolChoice, ToolSpec};
use super::super::model::model_id;
use super::blocks::one_member;
use super::{invalid_json, said_by_the_model};
use crate::kernel::ApiError;

pub fn check_offer(conversation: &Conversation) -> Result<(), ApiError> {
    for (index, tool) in conversation.tools().enumerate() {
        let members = [
            ("toolSpec", tool.tool_spec.is_some()),
            ("systemTool", tool.system_tool.is_some()),
            ("cachePoint", tool.cache_point.is_some()),
        ];
        one_member(format_args!("toolConfig.tools.{index}"), "Tool", &members)?;
        if let Some(spec) = &tool.tool_spec {
            check_schema(index, spec)?;
        }
    }
    let mut names = BTreeSet::new();
    let is_anthropic = model_id::provider(&conversation.model_id) == "anthropic";
    if is_anthropic && conversation.tools().filter_map(Tool::name).any(|name| !names.insert(name)) {
        return Err(said_by_the_model("tools: Tool names must be unique."));
    }
    let choice = conversation.tool_config.as_ref().and_then(|config| config.tool_choice.as_ref());
    choice.map_or(Ok(()), |choice| check_choice(conversation, choice))
}

fn check_schema(index: usize, spec: &ToolSpec) -> Result<(), ApiError> {
    let place = format_args!("toolConfig.tools.{index}.toolSpec.inputSchema.json");
    let schema = spec.input_schema.as_ref().and_then(|schema| schema.json.as_ref());
    let Some(schema) = schema.and_then(|schema| schema.as_object()) else { return Err(invalid_json(place)) };
    if schema.get("type").and_then(|kind| kind.as_str()) != Some("object") {
        return Err(ApiError::validation(format!("The value at {place}.type must be one of the following: object.")));
    }
    Ok(())
}

fn check_choice(conversation: &Conversation, choice: &ToolChoice) -> Result<(), ApiError> {
    let members = [("auto", choice.auto.is_some()), ("any", choice.any.is_some()), ("tool", choice.tool.is_some())];
    one_member("toolConfig.toolChoice", "ToolChoice", &members)?;
    let Some(name) = choice.tool.as_ref().and_then(|tool| tool.name.as_deref()) else { return Ok(()) };
    if conversation.tools().any(|tool| tool.name() == Some(name)) {
        return Ok(());
    }
    // Anthropic's words; assumed for other models.
    Err(said_by_the_model(format_args!("tool_choice: Tool '{name}' not found in provided tools")))
}

pub fn check_pairs(conversation: &Conversation) -> Result<(), ApiError> {
    let blocks = || conversation.messages().iter().flat_map(Message::blocks);
    if conversation.tool_config.is_none()
        && blocks().any(|block| block.tool_use.is_some() || block.tool_result.is_some())
    {
        return Err(ApiError::validation(
            "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
        ));
    }
    let mut used: Vec<&str> = Vec::new();
    let said = conversation.messages().iter().enumerate().filter(|(_, message)| !message.is_of("system"));
    for (n, message) in said {
        let results = result_ids(message);
        check_results(n, &used, &results)?;
        check_company(conversation, n, message, &results)?;
        used = used_ids(message);
        no_duplicates(n, "toolUse", &used)?;
    }
    check_results(conversation.messages().len(), &used, &[])
}

fn check_results(n: usize, used: &[&str], results: &[&str]) -> Result<(), ApiError> {
    no_duplicates(n, "toolResult", results)?;
    if results.len() > used.len() {
        return Err(ApiError::validation(format!(
            "The number of toolResult blocks at messages.{n}.content exceeds the number of toolUse blocks of previous \
             turn."
        )));
    }
    let missing: BTreeSet<&str> = used.iter().copied().filter(|id| !results.contains(id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let ids = missing.into_iter().collect::<Vec<_>>().join(", ");
    Err(ApiError::validation(format!(
        "Expected toolResult blocks at messages.{n}.content for the following Ids: {ids}"
    )))
}

fn no_duplicates(n: usize, kind: &str, ids: &[&str]) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<&str> = ids.iter().copied().filter(|id| !seen.insert(*id)).collect();
    if twice.is_empty() {
        return Ok(());
    }
    let ids = twice.into_iter().collect::<Vec<_>>().join(", ");
    Err(ApiError::validation(format!("The {kind} blocks at messages.{n}.content contain duplicate Ids: {ids}")))
}

/// Reported of the models of Meta and of Mistral: they have no room for words beside results.
fn check_company(conversation: &Conversation, n: usize, message: &Message, results: &[&str]) -> Result<(), ApiError> {
    let strict = ["meta", "mistral"].contains(&model_id::provider(&conversation.model_id));
    let others =
        message.blocks().iter().filter(|block| block.tool_result.is_none() && block.cache_point.is_none()).count();
    if strict && !results.is_empty() && others > 0 {
        return Err(ApiError::validation(format!(
            "messages.{n}.content: Conversation blocks and tool result blocks cannot be provided in the same turn."
        )));
    }
    Ok(())
}

fn used_ids(message: &Message) -> Vec<&str> {
    let uses = message.blocks().iter().filter_map(|block| block.tool_use.as_ref());
    // What the model's own side runs has its result there, too.
    let asked = uses.filter(|tool| tool.kind.as_deref() != Some("server_tool_use"));
    asked.filter_map(|tool| tool.tool_use_id.as_deref()).collect()
}

fn result_ids(message: &Message) -> Vec<&str> {
    if !message.is_of("user") {
        return Vec::new();
    }
    let results = message.blocks().iter().filter_map(|block| block.tool_result.as_ref());
    results.filter_map(|result| result.tool_use_id.as_deref()).collect()
}
