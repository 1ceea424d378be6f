//! An event stream as a document: `{"events": [{"messageStart": {...}}, ...]}`.

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::event_stream::{HeaderValue, Message};
use bytes::{Buf, Bytes};
use serde_json::{Map, Value, json};

/// The events in their order, or the exception that the stream ends with. Half a frame is no event.
pub fn read(stream: &Bytes) -> Result<Value, (String, String)> {
    let mut rest = stream.clone();
    let mut decoder = MessageFrameDecoder::new();
    let mut events = Vec::new();
    while rest.has_remaining() {
        let frame = decoder.decode_frame(&mut rest).map_err(|error| ("BrokenFrame".to_owned(), error.to_string()))?;
        let DecodedFrame::Complete(message) = frame else {
            return Err(("BrokenFrame".to_owned(), format!("the stream ends within frame {}", events.len() + 1)));
        };
        let payload: Value = serde_json::from_slice(message.payload()).unwrap_or_else(|_| Value::Object(Map::new()));
        if let Some(exception) = header(&message, ":exception-type") {
            let text = payload.get("message").and_then(Value::as_str).unwrap_or_default();
            return Err((exception.to_owned(), text.to_owned()));
        }
        let kind = header(&message, ":event-type").unwrap_or_default();
        events.push(json!({ kind: payload }));
    }
    Ok(json!({ "events": events }))
}

/// The text of a message's header.
pub fn header<'a>(message: &'a Message, name: &str) -> Option<&'a str> {
    let header = message.headers().iter().find(|header| header.name().as_str() == name)?;
    match header.value() {
        HeaderValue::String(text) => Some(text.as_str()),
        _ => None,
    }
}
