//! Lists in pages: `Limit` entries at a time, by name.

use std::collections::BTreeMap;
use std::ops::Bound;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::kernel::{ApiError, Violations};

/// Entries where the caller sets no limit: the most a caller may set (assumed).
const LIMIT_DEFAULT: usize = 100;

/// What a request says of its page.
pub struct Page {
    after: Option<String>,
    limit: usize,
}

/// The constraints of `Limit` and `NextToken`.
pub fn check(violations: &mut Violations, limit: Option<i64>, next_token: Option<&str>) {
    if let Some(limit) = limit {
        violations.range("limit", limit, 1, 100);
    }
    if let Some(token) = next_token {
        violations.length("nextToken", token, 1, 2048);
    }
}

/// AWS: "Filter parameters are exclusive."
pub fn one_filter(operation: &str, given: [bool; 3]) -> Result<(), ApiError> {
    if given.into_iter().filter(|given| *given).count() > 1 {
        return Err(ApiError::validation(format!(
            "At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix."
        )));
    }
    Ok(())
}

impl Page {
    pub fn new(limit: Option<i64>, next_token: Option<&str>) -> Result<Self, ApiError> {
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(LIMIT_DEFAULT);
        let after = next_token.map(read_token).transpose()?;
        Ok(Self { after, limit })
    }

    /// This page of the entries whose names begin with `prefix`, and the token of the next, if there is one.
    pub fn of<'a, T>(&self, entries: &'a BTreeMap<String, T>, prefix: &str) -> (Vec<&'a T>, Option<String>) {
        let after = self.after.as_deref().filter(|after| *after >= prefix);
        let from = after.map_or(Bound::Included(prefix), Bound::Excluded);
        let mut rest = entries
            .range::<str, _>((from, Bound::Unbounded))
            .take_while(|(name, _)| name.starts_with(prefix))
            .peekable();
        let page: Vec<_> = rest.by_ref().take(self.limit).collect();
        let more = rest.peek().is_some();
        let next_token = page.last().filter(|_| more).map(|(name, _)| STANDARD.encode(name));
        (page.into_iter().map(|(_, entry)| entry).collect(), next_token)
    }
}

fn read_token(token: &str) -> Result<String, ApiError> {
    let name = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    name.ok_or_else(|| ApiError::validation("Parameter NextToken is not valid."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_by_name() {
        let entries: BTreeMap<String, u32> = [("a", 1), ("ba", 2), ("bb", 3), ("bc", 4), ("c", 5)]
            .into_iter()
            .map(|(name, entry)| (name.to_owned(), entry))
            .collect();
        let first = Page::new(Some(2), None).unwrap();
        let (page, token) = first.of(&entries, "b");
        assert_eq!(page, [&2, &3]);
        let (page, token) = Page::new(Some(2), token.as_deref()).unwrap().of(&entries, "b");
        assert_eq!((page, token), (vec![&4], None));
        assert_eq!(Page::new(None, None).unwrap().of(&entries, "").0.len(), 5);
        assert_eq!(Page::new(Some(5), None).unwrap().of(&entries, "").1, None);
        assert!(Page::new(None, Some("?")).is_err());
    }
}
