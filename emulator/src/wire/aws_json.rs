//! awsJson 1.0 and 1.1: the operation in `X-Amz-Target`, one JSON document each way.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use std::cell::Cell;
use std::io::{self, Write};

use base64_simd::{Out, STANDARD};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::Formatter;

use super::structures::FromObjects;
use crate::kernel::ApiError;

/// Reads a document; an empty body counts as `{}`, as on AWS.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(ApiError::serialization("Start of structure or map found where not expected."));
    }
    let mut document = serde_json::Deserializer::from_slice(body);
    // Where there is no list, none can stand for a structure; looking for one costs less than the care.
    let read =
        if body.contains(&b'[') { T::deserialize(FromObjects(&mut document)) } else { T::deserialize(&mut document) };
    let whole = read.and_then(|input| document.end().map(|()| input));
    whole.map_err(|error| ApiError::serialization(explain(&error)))
}

/// serde_json's complaint without its position, which means nothing to who never saw the bytes.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) if error.is_data() => text[..at].to_owned(),
        _ => text,
    }
}

thread_local! {
    /// Where documents are written before their length is known: an answer is then copied once, whole.
    static DRAFT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Larger drafts are not kept.
const DRAFT_BYTES_KEPT: usize = 64 << 10;

pub fn encode<T: Serialize>(output: &T) -> Vec<u8> {
    let mut draft = Draft { bytes: DRAFT.take() };
    draft.bytes.clear();
    let mut serializer = serde_json::Serializer::with_formatter(&mut draft, WithBase64);
    output.serialize(&mut serializer).expect("an operation's output is plain data with text keys");
    let draft = draft.bytes;
    if draft.capacity() > DRAFT_BYTES_KEPT {
        return draft;
    }
    let document = draft.as_slice().to_vec();
    DRAFT.set(draft);
    document
}

/// A document as it grows. Large ones grow in few steps, since each copies what is there.
struct Draft {
    bytes: Vec<u8>,
}

impl Draft {
    const GROWTH: usize = 8;

    #[cold]
    fn grow(&mut self, more: usize) {
        let length = self.bytes.len();
        self.bytes.reserve(if length < DRAFT_BYTES_KEPT { more } else { more.max(length * (Self::GROWTH - 1)) });
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.bytes.capacity() - self.bytes.len() < bytes.len() {
            self.grow(bytes.len());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// JSON as `serde_json` writes it, but byte strings as base64 texts.
struct WithBase64;

impl Formatter for WithBase64 {
    fn write_byte_array<W: ?Sized + Write>(&mut self, writer: &mut W, bytes: &[u8]) -> io::Result<()> {
        /// A multiple of three: only the last part has padding.
        const PART: usize = 3 << 10;
        let mut text = [0; PART / 3 * 4];
        writer.write_all(b"\"")?;
        for part in bytes.chunks(PART) {
            writer.write_all(STANDARD.encode(part, Out::from_slice(&mut text)))?;
        }
        writer.write_all(b"\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Blob, BlobRef};

    #[test]
    fn blobs_are_base64_however_long() {
        for length in [0, 1, 2, 3, 4, 3071, 3072, 3073, 6144, 100_000, 1 << 20] {
            let bytes: Vec<u8> = (0..length).map(|at: usize| (at * 7 % 251) as u8).collect();
            let written = encode(&(1, BlobRef(&bytes), "x"));
            assert_eq!(written, serde_json::to_vec(&(1, Blob(bytes.into()), "x")).unwrap(), "{length}");
        }
    }

    #[test]
    fn base64_is_taken_only_as_it_is_written() {
        for (text, expected) in [
            ("", Some(&b""[..])),
            ("AAH/", Some(&[0, 1, 255])),
            ("AA==", Some(&[0])),
            ("AAA=", Some(&[0, 0])),
            ("AA", None),
            ("AB==", None),
            ("A===", None),
            ("AA==AAAA", None),
            ("AA=A", None),
            ("AA-_", None),
            ("AA AA", None),
            ("AAAA\n", None),
        ] {
            let document = serde_json::json!({ "d": text }).to_string();
            let read = decode::<std::collections::BTreeMap<String, Blob>>(document.as_bytes());
            assert_eq!(read.ok().map(|read| read["d"].0.to_vec()).as_deref(), expected, "{text}");
        }
    }
}
