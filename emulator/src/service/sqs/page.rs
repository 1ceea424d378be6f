//! Lists of queues in pages.

use super::refusal::{invalid_parameter, invalid_value};
use crate::kernel::{ApiError, opaque};

const RESULTS_MAX: i64 = 1000;
const KIND: &str = "queues";

/// One page of a list by name.
pub struct Page {
    pub names: Vec<String>,
    pub next_token: Option<String>,
}

impl Page {
    /// "You must set MaxResults to receive a value for NextToken": without it, there is one page of up to 1,000.
    pub fn of<'a>(
        names: impl Iterator<Item = &'a String>,
        max_results: Option<i64>,
        next_token: Option<&str>,
    ) -> Result<Self, ApiError> {
        if let Some(max) = max_results.filter(|max| !(1..=RESULTS_MAX).contains(max)) {
            // assumed: the wording.
            let reason = "MaxResults must be an integer between 1 and 1000.";
            return Err(invalid_value(max, "MaxResults", reason));
        }
        let after: Option<String> = match next_token {
            None => None,
            // assumed: the wording.
            Some(token) => Some(
                opaque::open(KIND, token)
                    .ok_or_else(|| invalid_parameter(format!("Value {token} for parameter NextToken is invalid.")))?,
            ),
        };
        let count = usize::try_from(max_results.unwrap_or(RESULTS_MAX)).unwrap_or(usize::MAX);
        let mut left = names.filter(|name| after.as_ref().is_none_or(|after| *name > after));
        let names: Vec<String> = left.by_ref().take(count).cloned().collect();
        let is_more = left.next().is_some() && max_results.is_some();
        let next_token = names.last().filter(|_| is_more).map(|last| opaque::seal(KIND, last));
        Ok(Self { names, next_token })
    }
}
