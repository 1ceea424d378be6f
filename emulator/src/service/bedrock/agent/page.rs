//! Lists in pages: `maxResults` entries at a time, which are `maxItems` of a memory.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::kernel::{ApiError, opaque};

/// Entries where the caller sets no limit. assumed.
const RESULTS: usize = 100;

/// A page of a list of that operation, as an answer of one list and perhaps a token. Entries come with what they are
/// sorted by, so that a page goes on where the one before ended, whatever came and went meanwhile.
pub fn answer<K: Ord + Serialize + DeserializeOwned>(
    operation: &str,
    request: &Map<String, Value>,
    member: &str,
    mut entries: Vec<(K, Value)>,
) -> Result<Value, ApiError> {
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let after: Option<K> = match request.get("nextToken").and_then(Value::as_str) {
        // assumed: the wording.
        Some(token) => Some(opaque::open(operation, token).ok_or_else(|| ApiError::validation("Invalid nextToken."))?),
        None => None,
    };
    let start = after.map_or(0, |after| entries.partition_point(|(key, _)| *key <= after));
    let max = request
        .get("maxResults")
        .or(request.get("maxItems"))
        .and_then(Value::as_u64)
        .and_then(|max| usize::try_from(max).ok());
    let (page, next) = opaque::page(operation, entries.into_iter().skip(start), max.unwrap_or(RESULTS));
    let mut answer = json!({ member: page });
    if let Some(next) = next {
        answer["nextToken"] = json!(next);
    }
    Ok(answer)
}
