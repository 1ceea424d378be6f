//! Lists in pages: `maxResults` entries at a time.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::pattern::PAGE_TOKEN;
use crate::kernel::{ApiError, Violations, opaque};

/// Entries where the caller sets no limit: the most a caller may set (assumed).
const RESULTS_MAX: usize = 1000;

/// The constraints of what every list takes.
pub fn check(violations: &mut Violations, results_max: Option<i64>, next_token: Option<&str>) {
    if let Some(results_max) = results_max {
        violations.range("maxResults", results_max, 1, RESULTS_MAX as i64);
    }
    PAGE_TOKEN.check(violations, "nextToken", next_token, 1, 2048);
}

/// The entry after which a page begins. assumed: the wording.
pub fn after<T: DeserializeOwned>(kind: &str, next_token: Option<&str>) -> Result<Option<T>, ApiError> {
    let read =
        |token| opaque::open(kind, token).ok_or_else(|| ApiError::validation("The provided nextToken is invalid."));
    next_token.map(read).transpose()
}

/// The first entries, and a token for the next page if there are more of them.
pub fn cut<E, T: Serialize>(
    kind: &str,
    entries: impl Iterator<Item = (T, E)>,
    results_max: Option<i64>,
) -> (Vec<E>, Option<String>) {
    let max = results_max.and_then(|max| usize::try_from(max).ok()).unwrap_or(RESULTS_MAX);
    opaque::page(kind, entries, max)
}
