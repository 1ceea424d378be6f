//! Messages block by block: something is in them, and it is one thing each.

use std::fmt::{Arguments, Display};

use super::super::conversation::content::{ContentBlock, GuardContent, Message, Source, ToolResultBlock};
use super::invalid_json;
use crate::kernel::ApiError;

pub fn check_message(n: usize, message: &Message) -> Result<(), ApiError> {
    if message.blocks().is_empty() {
        return Err(ApiError::validation(format!(
            "The content field in the Message object at messages.{n} is empty. Add a ContentBlock object to the content \
             field and try again."
        )));
    }
    for (m, block) in message.blocks().iter().enumerate() {
        check_block(format_args!("messages.{n}.content.{m}"), block)?;
    }
    Ok(())
}

fn check_block(place: Arguments<'_>, block: &ContentBlock) -> Result<(), ApiError> {
    one_member(place, "ContentBlock", &members(block))?;
    if block.text.as_ref().is_some_and(|text| text.trim().is_empty()) {
        return Err(ApiError::validation(format!(
            "The text field in the ContentBlock object at {place} is blank. Add text to the text field, and try again."
        )));
    }
    let sources = [
        ("image", "ImageSource", block.image.as_ref().and_then(|image| image.source.as_ref())),
        ("video", "VideoSource", block.video.as_ref().and_then(|video| video.source.as_ref())),
        ("audio", "AudioSource", block.audio.as_ref().and_then(|audio| audio.source.as_ref())),
        ("document", "DocumentSource", block.document.as_ref().and_then(|document| document.source.as_ref())),
    ];
    for (name, union, source) in sources {
        if let Some(source) = source {
            check_source(format_args!("{place}.{name}.source"), union, source)?;
        }
    }
    if let Some(GuardContent { text, image }) = block.guard_content.as_deref() {
        let members = [("text", text.is_some()), ("image", image.is_some())];
        one_member(format_args!("{place}.guardContent"), "GuardrailConverseContentBlock", &members)?;
    }
    if let Some(reasoning) = &block.reasoning_content {
        let (text, redacted) = (reasoning.reasoning_text.is_some(), reasoning.redacted_content.is_some());
        let members = [("reasoningText", text), ("redactedContent", redacted)];
        one_member(format_args!("{place}.reasoningContent"), "ReasoningContentBlock", &members)?;
    }
    if block.tool_use.as_ref().is_some_and(|tool| tool.input.as_ref().is_some_and(|input| !input.is_object())) {
        return Err(invalid_json(format_args!("{place}.toolUse.input")));
    }
    block.tool_result.as_ref().map_or(Ok(()), |result| check_result(place, result))
}

fn members(block: &ContentBlock) -> [(&'static str, bool); 14] {
    [
        ("text", block.text.is_some()),
        ("image", block.image.is_some()),
        ("toolUse", block.tool_use.is_some()),
        ("toolResult", block.tool_result.is_some()),
        ("document", block.document.is_some()),
        ("video", block.video.is_some()),
        ("audio", block.audio.is_some()),
        ("guardContent", block.guard_content.is_some()),
        ("cachePoint", block.cache_point.is_some()),
        ("reasoningContent", block.reasoning_content.is_some()),
        ("citationsContent", block.citations_content.is_some()),
        ("searchResult", block.search_result.is_some()),
        ("toolAddition", block.tool_addition.is_some()),
        ("toolRemoval", block.tool_removal.is_some()),
    ]
}

fn check_source(place: Arguments<'_>, union: &str, source: &Source) -> Result<(), ApiError> {
    let members = [
        ("bytes", source.bytes.is_some()),
        ("s3Location", source.s3_location.is_some()),
        ("text", source.text.is_some()),
        ("content", source.content.is_some()),
    ];
    // Only documents have the last two.
    let members = if union == "DocumentSource" { &members[..] } else { &members[..2] };
    one_member(place, union, members)
}

fn check_result(place: Arguments<'_>, result: &ToolResultBlock) -> Result<(), ApiError> {
    if result.status.as_deref() == Some("error") && result.parts().is_empty() {
        return Err(ApiError::validation(format!(
            "The content field at {place}.toolResult cannot be empty when status value is error."
        )));
    }
    for (index, part) in result.parts().iter().enumerate() {
        let place = format_args!("{place}.toolResult.content.{index}");
        let members = [
            ("text", part.text.is_some()),
            ("json", part.json.is_some()),
            ("image", part.image.is_some()),
            ("document", part.document.is_some()),
            ("video", part.video.is_some()),
            ("searchResult", part.search_result.is_some()),
        ];
        one_member(place, "ToolResultContentBlock", &members)?;
        if part.json.as_ref().is_some_and(|json| !json.is_object()) {
            return Err(invalid_json(format_args!("{place}.json")));
        }
    }
    Ok(())
}

/// A union with none of its members is refused so (reported); one with several, assumed to be, too.
pub fn one_member(place: impl Display, union: &str, members: &[(&str, bool)]) -> Result<(), ApiError> {
    if members.iter().filter(|(_, is_set)| *is_set).count() == 1 {
        return Ok(());
    }
    let keys: Vec<&str> = members.iter().map(|(key, _)| *key).collect();
    let keys = keys.join(", ");
    Err(ApiError::validation(format!("{union} object at {place} must set one of the following keys: {keys}.")))
}
