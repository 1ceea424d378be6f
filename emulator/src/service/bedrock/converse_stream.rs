//! ConverseStream: one message from the model, piece by piece on the clock.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html>
//!
//! ```text
//! POST /model/anthropic.claude-3-haiku-20240307-v1%3A0/converse-stream
//! {"messages":[{"role":"user","content":[{"text":"hello"}]}]}
//!
//! messageStart      {"role":"assistant","p":"abcdefghij"}
//! contentBlockDelta {"delta":{"text":"hi"},"contentBlockIndex":0}
//! contentBlockStop  {"contentBlockIndex":0}
//! messageStop       {"stopReason":"end_turn"}
//! metadata          {"usage":{"inputTokens":2,"outputTokens":1,"totalTokens":3},"metrics":{"latencyMs":300}}
//! ```
//!
//! Every event carries a padding `p` of random length. A text block has no `contentBlockStart`: its `start` is a union that knows tool
//! uses only, and official SDKs fail on an empty one.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::Bedrock;
use super::asking;
use super::converse::{Said, latency_ms, usage};
use super::echo::Echo;
use super::padding::Padding;
use super::script::performance::Guarded;
use super::script::{Block, Ending, ModelOperation, Performance, Piece};
use crate::kernel::answer::{Frame, Frames, Reply};
use crate::kernel::operation::Prepared;
use crate::kernel::{AnyOperation, ApiError, Binding};
use crate::wire::{self, event_stream};

pub struct ConverseStream;

impl AnyOperation<Bedrock> for ConverseStream {
    fn name(&self) -> &'static str {
        ModelOperation::ConverseStream.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/model/{modelId}/converse-stream")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Said::read(request, ModelOperation::ConverseStream)
    }
}

/// One event of a stream, `after` the one before it.
pub struct Event {
    pub after: Duration,
    pub name: &'static str,
    pub payload: Payload,
}

/// What an event carries. Of a long stream nearly all are deltas, which are written as they are.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Payload {
    #[serde(rename_all = "camelCase")]
    Delta {
        delta: Delta,
        content_block_index: usize,
    },
    Other(Value),
}

/// A fragment of a block.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Delta {
    Text(String),
    ToolUse {
        input: String,
    },
    ReasoningContent {
        text: String,
    },
    #[serde(untagged)]
    Other(Value),
}

impl Event {
    fn now(name: &'static str, payload: Value) -> Self {
        Self { after: Duration::ZERO, name, payload: Payload::Other(payload) }
    }

    fn frame(self, padding: &mut Padding) -> Frame {
        Frame { after: self.after, bytes: event_stream::event(self.name, &padding.pad(&self.payload)) }
    }
}

/// The frames are made as they leave.
pub fn speak(performance: &Performance, echo: &Echo, mut padding: Padding) -> Reply {
    let events = content(performance).chain(end(performance, echo));
    asking::stream(performance, Frames::made(events.map(move |event| event.frame(&mut padding))))
}

fn end(performance: &Performance, echo: &Echo) -> Vec<Event> {
    if performance.ending == Ending::WithoutMessageStop {
        return Vec::new();
    }
    let mut stop = json!({"stopReason": performance.stop_reason.as_str()});
    echo.add_model_fields(performance, &mut stop);
    let metrics = json!({"latencyMs": latency_ms(performance)});
    let mut metadata = json!({"usage": usage(performance.usage), "metrics": metrics});
    echo.add_service(&mut metadata);
    if let Some(trace) = performance.guarded.as_deref().and_then(Guarded::converse_trace) {
        metadata["trace"] = trace;
    }
    vec![Event::now("messageStop", stop), Event::now("metadata", metadata)]
}

/// Everything up to `messageStop`.
pub fn content(performance: &Performance) -> impl Iterator<Item = Event> + Send + use<> {
    let blocks = performance.blocks.clone().into_iter().enumerate();
    let start = Event::now("messageStart", json!({"role": "assistant"}));
    std::iter::once(start).chain(blocks.flat_map(|(index, block)| said(index, block)))
}

/// One block, from its beginning to its end.
fn said(index: usize, block: Block) -> impl Iterator<Item = Event> + Send {
    let mut before = Vec::new();
    if let Block::ToolUse { id, name, .. } = &block {
        let start = json!({"toolUse": {"toolUseId": id, "name": name}});
        before.push(Event::now("contentBlockStart", json!({"start": start, "contentBlockIndex": index})));
        // Real streams begin a tool's input with an empty fragment.
        before.push(delta(index, Duration::ZERO, Delta::ToolUse { input: String::new() }));
    }
    let kind = Kind::of(&block);
    let (pieces, last) = taken_apart(block);
    let pieces = pieces.into_iter().map(move |piece| delta(index, piece.after, kind.fragment(piece.text)));
    let last = last.into_iter().map(move |last| delta(index, Duration::ZERO, Delta::Other(last)));
    let stop = Event::now("contentBlockStop", json!({"contentBlockIndex": index}));
    before.into_iter().chain(pieces).chain(last).chain([stop])
}

fn delta(content_block_index: usize, after: Duration, delta: Delta) -> Event {
    Event { after, name: "contentBlockDelta", payload: Payload::Delta { delta, content_block_index } }
}

/// What the fragments of a block are.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Input,
    Reasoning,
}

impl Kind {
    fn of(block: &Block) -> Self {
        match block {
            Block::ToolUse { .. } => Self::Input,
            Block::Reasoning { .. } => Self::Reasoning,
            Block::Text { .. } | Block::RedactedReasoning { .. } => Self::Text,
        }
    }

    fn fragment(self, text: String) -> Delta {
        match self {
            Self::Text => Delta::Text(text),
            Self::Input => Delta::ToolUse { input: text },
            Self::Reasoning => Delta::ReasoningContent { text },
        }
    }
}

/// The pieces of a block, and the deltas that come after them.
fn taken_apart(block: Block) -> (Vec<Piece>, Vec<Value>) {
    match block {
        Block::Text { pieces, citations } => {
            (pieces, citations.into_iter().map(|citation| json!({"citation": citation})).collect())
        }
        Block::Reasoning { pieces, signature } => {
            let signed = signature.map(|signature| json!({"reasoningContent": {"signature": signature}}));
            (pieces, signed.into_iter().collect())
        }
        Block::RedactedReasoning { data } => (Vec::new(), vec![json!({"reasoningContent": {"redactedContent": data}})]),
        Block::ToolUse { pieces, .. } => (pieces, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::bedrock::converse;

    fn performance() -> Performance {
        let piece = |text: &str| Piece { after: Duration::ZERO, text: text.to_owned() };
        let mut performance = Performance::of_embedding(3);
        performance.usage.cache_write_input_tokens = Some(9);
        performance.blocks = vec![
            Block::Reasoning { pieces: vec![piece("h"), piece("m")], signature: Some("s".to_owned()) },
            Block::RedactedReasoning { data: "AA==".to_owned() },
            Block::Text { pieces: vec![piece("hi")], citations: vec![json!({"title": "a"})] },
        ];
        performance
    }

    #[test]
    fn thoughts_come_before_their_signature_and_text_before_its_citations() {
        let events: Vec<Event> = content(&performance()).collect();
        let payloads: Vec<Value> = events.iter().map(|event| json!(event.payload)).collect();
        let deltas: Vec<&Value> = payloads.iter().filter_map(|payload| payload.get("delta")).collect();
        let expected = [
            json!({"reasoningContent": {"text": "h"}}),
            json!({"reasoningContent": {"text": "m"}}),
            json!({"reasoningContent": {"signature": "s"}}),
            json!({"reasoningContent": {"redactedContent": "AA=="}}),
            json!({"text": "hi"}),
            json!({"citation": {"title": "a"}}),
        ];
        assert_eq!(deltas, expected.iter().collect::<Vec<_>>());
        assert!(events.iter().all(|event| event.name != "contentBlockStart"));
    }

    #[test]
    fn a_whole_message_holds_the_same() {
        let expected = [
            json!({"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}}),
            json!({"reasoningContent": {"redactedContent": "AA=="}}),
            json!({"citationsContent": {"content": [{"text": "hi"}], "citations": [{"title": "a"}]}}),
        ];
        assert_eq!(json!(converse::content(&performance())), json!(expected));
        let expected = json!({"inputTokens": 3, "outputTokens": 0, "totalTokens": 12, "cacheWriteInputTokens": 9});
        assert_eq!(json!(usage(performance().usage)), expected);
    }
}
