//! Answers a question from what a knowledge base says about it, piece by piece on the clock.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrieveAndGenerateStream.html>
//!
//! ```text
//! POST /retrieveAndGenerateStream
//! {"input":{"text":"Can I return an order?"},"retrieveAndGenerateConfiguration":{...}}
//!
//! x-amzn-bedrock-knowledge-base-session-id: 0b5f...
//! output   {"text":"Orders can "}
//! output   {"text":"be returned."}
//! citation {"generatedResponsePart":{...},"retrievedReferences":[...],"citation":{...}}
//! ```
//!
//! A citation comes when the part that it is about has been said (assumed), in the old
//! member `citation` and in the two that replace it.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, described};
use super::generation::Question;
use crate::kernel::answer::{Body, End, Frame, Reply};
use crate::kernel::operation::Prepared;
use crate::kernel::{AnyOperation, ApiError, Binding};
use crate::service::bedrock::knowledge::Found;
use crate::service::bedrock::script::{Block, ModelOperation, Performance, Piece};
use crate::service::bedrock::{Bedrock, asking};
use crate::wire::{self, event_stream};

const SESSION: &str = "x-amzn-bedrock-knowledge-base-session-id";

pub struct RetrieveAndGenerateStream;

impl AnyOperation<Bedrock> for RetrieveAndGenerateStream {
    fn name(&self) -> &'static str {
        ModelOperation::RetrieveAndGenerateStream.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/retrieveAndGenerateStream")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Question::read(request, ModelOperation::RetrieveAndGenerateStream, write)
    }
}

fn write(answer: &Answer, found: &[Found], session: &str, performance: Option<&Performance>) -> Reply {
    let whole = [Piece { after: Duration::ZERO, text: answer.text.clone() }];
    let pieces: Vec<&Piece> = match performance {
        Some(performance) => {
            let texts = performance.blocks.iter().filter(|block| matches!(block, Block::Text { .. }));
            texts.flat_map(Block::pieces).collect()
        }
        None => Vec::new(),
    };
    // What a guardrail has changed, it gives out whole.
    let is_spoken = pieces.iter().map(|piece| piece.text.as_str()).collect::<String>() == answer.text;
    let pieces = if is_spoken { pieces } else { whole.iter().collect() };
    let mut frames = frames(&pieces, answer, found);
    if let Some(action) = answer.guardrail {
        frames.push(frame("guardrail", &json!({"action": action})));
    }
    let reply = match performance {
        Some(performance) => asking::stream(performance, frames),
        None => {
            let mut reply = Reply::new(200, "").with_header("content-type", event_stream::CONTENT_TYPE);
            reply.body = Body::Frames(frames, End::Clean);
            reply
        }
    };
    reply.with_header(SESSION, session)
}

fn frames(pieces: &[&Piece], answer: &Answer, found: &[Found]) -> Vec<Frame> {
    let (mut frames, mut said) = (Vec::new(), 0);
    let mut parts = answer.parts.iter().peekable();
    for Piece { after, text } in pieces {
        let output = event_stream::event("output", &json!({"text": text}));
        frames.push(Frame { after: *after, bytes: output });
        said += text.chars().count();
        while let Some(part) = parts.next_if(|part| part.end() < said) {
            let citation = described(part, found);
            let mut payload = citation.clone();
            payload["citation"] = citation;
            frames.push(frame("citation", &payload));
        }
    }
    frames
}

fn frame(event_type: &'static str, payload: &Value) -> Frame {
    Frame { after: Duration::ZERO, bytes: event_stream::event(event_type, payload) }
}
