//! What was asked of a model and what it answered, with its times.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::event_stream::Message;
use bytes::{Bytes, BytesMut};
use http::response::Parts;
use percent_encoding::percent_decode_str;
use rehearsal_emulator::kernel::Timestamp;
use rehearsal_emulator::service::bedrock::script::ModelOperation;
use rehearsal_emulator::service::bedrock::script::recorded::HEADERS;

use crate::runner::events::header;

/// One call of the model.
#[derive(Clone, Debug)]
pub struct Take {
    pub operation: ModelOperation,
    pub model: String,
    pub request: Bytes,
    /// How long after the request the answer began, or the connection broke.
    pub waited: Duration,
    /// Nothing, where there was no answer.
    pub status: Option<u16>,
    pub headers: BTreeMap<String, String>,
    pub body: Heard,
    pub end: End,
    last: Option<Timestamp>,
}

/// What came, piece by piece.
#[derive(Clone, Debug)]
pub enum Heard {
    Document(BytesMut),
    /// Whole frames, and what came of the next.
    Events {
        frames: Vec<Frame>,
        rest: BytesMut,
    },
}

/// One frame of an event stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// After the one before it, or after the answer began.
    pub after: Duration,
    /// `event` or `exception`.
    pub kind: String,
    /// The event's or the exception's name.
    pub name: String,
    pub payload: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Clean,
    /// The connection broke.
    Reset,
    /// The client did not wait for it.
    Unknown,
}

impl Take {
    /// A call of the model, if the request is one.
    pub fn of(path: &str, body: &Bytes) -> Option<Self> {
        let path = path.split('?').next().unwrap_or(path);
        let (model, operation) = path.strip_prefix("/model/")?.split_once('/')?;
        let operation = match operation {
            "converse" => ModelOperation::Converse,
            "converse-stream" => ModelOperation::ConverseStream,
            "invoke" => ModelOperation::InvokeModel,
            "invoke-with-response-stream" => ModelOperation::InvokeModelWithResponseStream,
            _ => return None,
        };
        Some(Self {
            operation,
            model: percent_decode_str(model).decode_utf8_lossy().into_owned(),
            request: body.clone(),
            waited: Duration::ZERO,
            status: None,
            headers: BTreeMap::new(),
            body: Heard::Document(BytesMut::new()),
            end: End::Reset,
            last: None,
        })
    }

    /// The answer begins, or the connection breaks instead.
    pub fn began(&mut self, answer: Option<&Parts>, waited: Duration) {
        self.waited = waited;
        let Some(parts) = answer else { return };
        self.status = Some(parts.status.as_u16());
        let texts = parts.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let kept = texts.filter(|(name, _)| HEADERS.contains(name));
        self.headers = kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if self.headers.get("content-type").is_some_and(|it| it == "application/vnd.amazon.eventstream") {
            self.body = Heard::Events { frames: Vec::new(), rest: BytesMut::new() };
        }
    }

    pub fn heard(&mut self, now: Timestamp, bytes: &Bytes) {
        let mut after = self.last.map_or(Duration::ZERO, |last| now.since(last));
        let begins = self.last.is_none();
        match &mut self.body {
            Heard::Document(document) => document.extend_from_slice(bytes),
            Heard::Events { frames, rest } => {
                rest.extend_from_slice(bytes);
                while let Some((message, length)) = next_frame(rest) {
                    let _whole = rest.split_to(length);
                    frames.push(Frame { after: std::mem::take(&mut after), ..Frame::of(&message) });
                }
                if !after.is_zero() && !begins {
                    // The frame goes on: its time is that of its last piece.
                    return;
                }
            }
        }
        self.last = Some(now);
    }

    pub fn ended(&mut self, end: End) {
        self.end = end;
    }
}

/// The frame that `bytes` begin with, if it is whole, and its length.
fn next_frame(bytes: &BytesMut) -> Option<(Message, usize)> {
    let mut rest = bytes.clone().freeze();
    let before = rest.len();
    match MessageFrameDecoder::new().decode_frame(&mut rest) {
        Ok(DecodedFrame::Complete(message)) => Some((message, before - rest.len())),
        // Broken or not whole: it stays as it is, and is told when the script is written.
        _ => None,
    }
}

impl Frame {
    fn of(message: &Message) -> Self {
        let text = |name: &str| header(message, name).unwrap_or_default().to_owned();
        let kind = text(":message-type");
        let name = text(&format!(":{kind}-type"));
        let payload = String::from_utf8_lossy(message.payload()).into_owned();
        Self { after: Duration::ZERO, kind, name, payload }
    }
}
