//! awsJson 1.0 and 1.1: the operation in `X-Amz-Target`, one JSON document each way.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use std::cell::Cell;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::ApiError;

/// Reads a document; an empty body counts as `{}`, as on AWS.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    // serde would read a list as a struct, member by member.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(ApiError::serialization("Start of structure or map found where not expected."));
    }
    serde_json::from_slice(body).map_err(|error| ApiError::serialization(explain(&error)))
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
    let mut draft = DRAFT.take();
    draft.clear();
    serde_json::to_writer(&mut draft, output).expect("an operation's output is plain data with text keys");
    if draft.capacity() > DRAFT_BYTES_KEPT {
        return draft;
    }
    let document = draft.as_slice().to_vec();
    DRAFT.set(draft);
    document
}
