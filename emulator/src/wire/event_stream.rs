//! Event stream frames (`application/vnd.amazon.eventstream`).
//!
//! <https://smithy.io/2.0/aws/amazon-eventstream.html>

use aws_smithy_eventstream::frame::{read_message_from, write_message_to};
use aws_smithy_types::event_stream::Message;
use bytes::Bytes;
use serde::Serialize;

pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// An event: the payload is the member itself, not wrapped in its name.
pub fn event<T: Serialize>(event_type: &'static str, payload: &T) -> Bytes {
    let headers = [(":event-type", event_type), (":content-type", "application/json"), (":message-type", "event")];
    frame(headers, &super::aws_json::encode(payload))
}

/// The first message of an RPC protocol's stream: the answer's members beside the stream, of which none has any.
pub fn initial_response() -> Bytes {
    event("initial-response", &serde_json::json!({}))
}

/// A modelled exception in the stream, by the name of its member: Bedrock's are in lowerCamelCase, those of Kinesis
/// are not.
pub fn exception(exception_type: &str, message: &str) -> Bytes {
    let headers =
        [(":exception-type", exception_type), (":content-type", "application/json"), (":message-type", "exception")];
    frame(headers, &super::aws_json::encode(&serde_json::json!({ "message": message })))
}

/// Any message of a kind (`event`, `exception`) and a name, with its payload as it is.
pub fn message(kind: &str, name: &str, payload: Vec<u8>) -> Bytes {
    let name_header = if kind == "exception" { ":exception-type" } else { ":event-type" };
    frame([(name_header, name), (":content-type", "application/json"), (":message-type", kind)], &payload)
}

/// A frame with headers that are texts, written straight into its place.
///
/// Two lengths and their checksum; each header's name, kind and value; the payload; a checksum of all that. A thousand
/// streams are made of fifty thousand frames a second.
fn frame(headers: [(&'static str, &str); 3], payload: &[u8]) -> Bytes {
    /// The kind of a header whose value is a text.
    const TEXT: u8 = 7;
    let header_bytes: usize = headers.iter().map(|(name, value)| 1 + name.len() + 1 + 2 + value.len()).sum();
    let frame_bytes = PRELUDE + header_bytes + payload.len() + size_of::<u32>();
    let length = |bytes: usize| u32::try_from(bytes).expect("a frame of ours is within the limits of the format");
    let mut frame = Vec::with_capacity(frame_bytes);
    frame.extend(length(frame_bytes).to_be_bytes());
    frame.extend(length(header_bytes).to_be_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    for (name, value) in headers {
        frame.push(u8::try_from(name.len()).expect("names of headers are short"));
        frame.extend_from_slice(name.as_bytes());
        frame.push(TEXT);
        frame.extend(u16::try_from(value.len()).expect("names of events are short").to_be_bytes());
        frame.extend_from_slice(value.as_bytes());
    }
    frame.extend_from_slice(payload);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.into()
}

fn write(message: &Message) -> Bytes {
    let mut bytes = Vec::new();
    write_message_to(message, &mut bytes).expect("a frame of ours is within the limits of the format");
    bytes.into()
}

/// The frame with a wrong checksum of the whole.
pub fn with_bad_crc(frame: &Bytes) -> Bytes {
    flipped(frame, frame.len().saturating_sub(1))
}

/// The frame with a wrong checksum of its prelude.
pub fn with_bad_prelude_crc(frame: &Bytes) -> Bytes {
    flipped(frame, PRELUDE - 1)
}

/// The frame with the first half of its payload, and right in everything else.
pub fn with_invalid_json(frame: &Bytes) -> Bytes {
    let mut rest = frame.clone();
    match read_message_from(&mut rest) {
        Ok(message) => {
            let payload = message.payload().slice(..message.payload().len() / 2);
            write(&Message::new_from_parts(message.headers().to_vec(), payload))
        }
        Err(_) => frame.clone(),
    }
}

/// Two lengths and their checksum.
const PRELUDE: usize = 12;

fn flipped(frame: &Bytes, at: usize) -> Bytes {
    let mut bytes = frame.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 0xff;
    }
    bytes.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_frame_is_spoilt_in_one_place_only() {
        let frame = event("messageStop", &serde_json::json!({"stopReason": "end_turn"}));
        let read = |frame: Bytes| read_message_from(&mut frame.clone());
        assert!(read(frame.clone()).is_ok());
        assert!(read(with_bad_crc(&frame)).unwrap_err().to_string().contains("message checksum"));
        assert!(read(with_bad_prelude_crc(&frame)).unwrap_err().to_string().contains("prelude checksum"));
        let message = read(with_invalid_json(&frame)).unwrap();
        assert_eq!(message.headers(), read(frame.clone()).unwrap().headers());
        assert!(serde_json::from_slice::<serde_json::Value>(message.payload()).is_err());
        assert_eq!(with_bad_prelude_crc(&Bytes::new()), Bytes::new());
    }

    proptest! {
        #[test]
        fn the_sdk_s_decoder_reads_what_was_written(text in ".*", number in any::<u32>()) {
            let payload = json!({"text": text, "number": number});
            for (frame, kind, expected) in [
                (event("chunk", &payload), "event", payload.clone()),
                (exception("throttlingException", &text), "exception", json!({"message": text})),
            ] {
                let message = read_message_from(&mut &frame[..]).unwrap();
                let headers = message.headers().iter().map(|header| (header.name().as_str(), header.value().as_string().unwrap().as_str()));
                prop_assert!(headers.into_iter().any(|header| header == (":message-type", kind)));
                prop_assert_eq!(serde_json::from_slice::<Value>(message.payload()).unwrap(), expected);
            }
        }
    }
}
