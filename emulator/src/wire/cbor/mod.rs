//! awsJson 1.1 with its documents in CBOR (`application/x-amz-cbor-1.1`): what the Java SDKs, and the Kinesis Client
//! Library on them, send to services that take it.
//!
//! RFC 8949, with AWS's conventions: a structure is a map with text keys, a blob a byte string, and a timestamp tag 1
//! with *milliseconds* since 1970, where the RFC has seconds. Both sides of it go through serde, so that an operation's
//! input and output are the same types in either encoding.
//!
//! <https://www.rfc-editor.org/rfc/rfc8949>

mod reader;
#[cfg(test)]
mod tests;
mod writer;

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::reader::Reader;
use self::writer::Writer;
use crate::kernel::ApiError;

pub const CONTENT_TYPE: &str = "application/x-amz-cbor-1.1";

/// The tag of timestamps.
const EPOCH: u64 = 1;

/// Deeper documents are refused, as `serde_json` does it.
const DEPTH_MAX: usize = 128;

/// Reads a document; an empty body counts as one without members, as in JSON.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.is_empty() { &[Kind::Map.head()] } else { body };
    let mut reader = Reader::new(body);
    if !reader.is_at_map() {
        return Err(ApiError::serialization("Start of structure or map found where not expected."));
    }
    let document = T::deserialize(&mut reader);
    document.and_then(|document| reader.end().map(|()| document)).map_err(|Error(text)| ApiError::serialization(text))
}

pub fn encode<T: Serialize>(output: &T) -> Vec<u8> {
    let mut writer = Writer::default();
    output.serialize(&mut writer).expect("an operation's output is plain data with text keys");
    writer.into_bytes()
}

/// The major type of a data item: the upper three bits of its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unsigned,
    Negative,
    Bytes,
    Text,
    Array,
    Map,
    Tag,
    Simple,
}

impl Kind {
    /// The first byte of an item of this kind with the argument 0.
    const fn head(self) -> u8 {
        (self as u8) << 5
    }

    fn of(first: u8) -> Self {
        match first >> 5 {
            0 => Kind::Unsigned,
            1 => Kind::Negative,
            2 => Kind::Bytes,
            3 => Kind::Text,
            4 => Kind::Array,
            5 => Kind::Map,
            6 => Kind::Tag,
            _ => Kind::Simple,
        }
    }
}

/// The lower five bits of a first byte that say something of their own.
mod additional {
    /// From here on, the argument follows in 1, 2, 4 or 8 bytes.
    pub const ONE_BYTE: u8 = 24;
    pub const TWO_BYTES: u8 = 25;
    pub const FOUR_BYTES: u8 = 26;
    pub const EIGHT_BYTES: u8 = 27;
    /// No length: parts follow until a break. Of a simple value, the break itself.
    pub const INDEFINITE: u8 = 31;
    pub const FALSE: u8 = 20;
    pub const TRUE: u8 = 21;
    pub const NULL: u8 = 22;
    pub const UNDEFINED: u8 = 23;
}

/// What ends an item of indefinite length.
const BREAK: u8 = Kind::Simple.head() | additional::INDEFINITE;

/// What is wrong with a document, for the caller.
#[derive(Debug)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}
