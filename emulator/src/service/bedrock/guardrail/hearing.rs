//! What of a conversation a guardrail hears.
//!
//! Where a message has content marked to be guarded, only such content of messages
//! is judged, else all text of all messages; of the system's text only what is
//! marked. What tools are asked and bring back is not judged.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html>

use bytes::Bytes;
use serde_json::{Map, Value};

use super::apply_guardrail::qualified;
use super::assessment::{Content, Text};
use super::watch::{GuardrailConfig, Heard, Watch, Watching};
use crate::kernel::{ApiError, Call};
use crate::service::bedrock::conversation::{ContentBlock, Conversation, GuardContent, Message};
use crate::service::bedrock::native::Question;
use crate::service::bedrock::script::{ModelOperation, Performance};
use crate::service::bedrock::{Attempt, Bedrock};
use crate::wire;

/// The member of a native body that says how a guardrail is used.
const SETTINGS: &str = "amazon-bedrock-guardrailConfig";

/// What comes of a question.
pub enum Hearing {
    /// The model is not asked: this is said in its place.
    Refused(Box<Performance>),
    /// The model is asked; the guardrail, if there is one, waits for the answer.
    Passed(Option<Box<Watching>>),
}

/// Judges a conversation by the guardrail that it names. What is to be masked is masked in it.
pub fn hear(
    conversation: &mut Conversation,
    operation: ModelOperation,
    state: &Bedrock,
    attempt: &Attempt,
    call: &Call<'_>,
) -> Result<Hearing, ApiError> {
    let Some(mut config) = conversation.guardrail_config.clone() else { return Ok(Hearing::Passed(None)) };
    if operation != ModelOperation::ConverseStream {
        config.stream_processing_mode = None;
    }
    let Some(watch) = Watch::of(&config, &state.guardrails, call)? else { return Ok(Hearing::Passed(None)) };
    match watch.hear(content(conversation), &state.actor, attempt, call)? {
        Heard::Blocked(performance) => Ok(Hearing::Refused(performance)),
        Heard::Passed(watching, texts) => {
            replace(conversation, texts);
            Ok(Hearing::Passed(Some(watching)))
        }
    }
}

/// The same of a native body, of which only the script's view is masked. assumed: the system's text is not judged.
pub fn hear_question(
    question: &mut Question,
    config: &GuardrailConfig,
    state: &Bedrock,
    attempt: &Attempt,
    call: &Call<'_>,
) -> Result<Hearing, ApiError> {
    let Some(watch) = Watch::of(config, &state.guardrails, call)? else { return Ok(Hearing::Passed(None)) };
    let content = Content::of(question.messages.iter().map(|said| said.text.clone()));
    match watch.hear(content, &state.actor, attempt, call)? {
        Heard::Blocked(performance) => Ok(Hearing::Refused(performance)),
        Heard::Passed(watching, texts) => {
            for (said, text) in question.messages.iter_mut().zip(texts) {
                said.text = text;
            }
            Ok(Hearing::Passed(Some(watching)))
        }
    }
}

/// The guardrail that the headers of InvokeModel name, in the words of Converse.
pub fn in_headers(request: &wire::Request) -> GuardrailConfig {
    let header = |name: &str| request.header(name).map(str::to_owned);
    GuardrailConfig {
        guardrail_identifier: header("x-amzn-bedrock-guardrailidentifier"),
        guardrail_version: header("x-amzn-bedrock-guardrailversion"),
        trace: header("x-amzn-bedrock-trace").map(|trace| trace.to_ascii_lowercase()),
        stream_processing_mode: None,
    }
}

/// Takes the settings of the guardrail out of a native body. assumed: the wording where no guardrail is named.
pub fn take_settings(body: &Bytes, config: &mut GuardrailConfig) -> Result<Bytes, ApiError> {
    let mentions = body.windows(SETTINGS.len()).any(|window| window == SETTINGS.as_bytes());
    // What is no JSON is told to whoever reads the body.
    let members: Option<Map<String, Value>> = if mentions { serde_json::from_slice(body).ok() } else { None };
    let Some(mut members) = members else { return Ok(body.clone()) };
    let Some(settings) = members.remove(SETTINGS) else { return Ok(body.clone()) };
    if config.guardrail_identifier.is_none() {
        return Err(ApiError::validation(format!("{SETTINGS} needs a guardrail identifier in the request.")));
    }
    if settings.get("tagSuffix").is_some() {
        return Err(ApiError::not_implemented(format_args!("tagSuffix of {SETTINGS}")));
    }
    if settings.get("streamProcessingMode").and_then(Value::as_str) == Some("ASYNCHRONOUS") {
        config.stream_processing_mode = Some("async".to_owned());
    }
    Ok(Value::Object(members).to_string().into())
}

/// What is heard, every text of it, judged or not.
fn content(conversation: &mut Conversation) -> Content {
    let marked = blocks(conversation).any(|block| block.guard_content.is_some());
    let mut content = Content { images: images(conversation, marked), texts: Vec::new() };
    visit(conversation, &mut |place, text| {
        let text = text.clone();
        content.texts.push(match place {
            Place::System => Text { text, is_guarded: false, is_grounding: false },
            Place::Message => Text { text, is_guarded: !marked, is_grounding: false },
            Place::Marked(qualifiers) => qualified(text, &qualifiers),
        });
    });
    content
}

/// Puts other texts in the place of those heard.
fn replace(conversation: &mut Conversation, texts: Vec<String>) {
    let mut texts = texts.into_iter();
    visit(conversation, &mut |_, text| {
        if let Some(masked) = texts.next() {
            *text = masked;
        }
    });
}

/// Where a text stands.
enum Place {
    System,
    Message,
    /// Marked to be guarded, with these qualifiers.
    Marked(Vec<String>),
}

fn blocks(conversation: &Conversation) -> impl Iterator<Item = &ContentBlock> {
    conversation.messages().iter().flat_map(Message::blocks)
}

fn images(conversation: &Conversation, marked: bool) -> usize {
    let is_image = |block: &&ContentBlock| match &block.guard_content {
        Some(guarded) => guarded.image.is_some(),
        None => !marked && block.image.is_some(),
    };
    blocks(conversation).filter(is_image).count()
}

/// Every text, always in the same order.
fn visit(conversation: &mut Conversation, see: &mut dyn FnMut(Place, &mut String)) {
    for block in conversation.system.iter_mut().flatten() {
        visit_block(&mut block.text, &mut block.guard_content, Place::System, see);
    }
    for message in conversation.messages.iter_mut().flatten() {
        for block in message.content.iter_mut().flatten() {
            visit_block(&mut block.text, &mut block.guard_content, Place::Message, see);
        }
    }
}

fn visit_block(
    text: &mut Option<String>,
    guarded: &mut Option<Box<GuardContent>>,
    place: Place,
    see: &mut dyn FnMut(Place, &mut String),
) {
    if let Some(text) = text {
        see(place, text);
    }
    let Some(marked) = guarded.as_mut().and_then(|guarded| guarded.text.as_mut()) else { return };
    let qualifiers = marked.qualifiers.clone().unwrap_or_default();
    if let Some(text) = &mut marked.text {
        see(Place::Marked(qualifiers), text);
    }
}
