//! Lists in pages: `maxResults` entries at a time.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::kernel::{ApiError, opaque};

/// Entries where the caller sets no limit. assumed: AWS documents none.
const RESULTS: usize = 10;

/// What every list takes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    max_results: Option<usize>,
    next_token: Option<String>,
}

impl Page {
    /// The members of an answer: the page under its name, and a token if there is another.
    pub fn cut(self, kind: &str, member: &str, entries: Vec<Value>) -> Result<Map<String, Value>, ApiError> {
        let start = match &self.next_token {
            // assumed: the wording.
            Some(token) => opaque::open(kind, token).ok_or_else(|| ApiError::validation("Invalid nextToken"))?,
            None => 0,
        };
        let (total, max) = (entries.len(), self.max_results.unwrap_or(RESULTS));
        let page: Vec<Value> = entries.into_iter().skip(start).take(max).collect();
        let end = start + page.len();
        let mut answer = Map::new();
        answer.insert(member.to_owned(), Value::Array(page));
        if end < total {
            answer.insert("nextToken".to_owned(), Value::String(opaque::seal(kind, &end)));
        }
        Ok(answer)
    }
}
