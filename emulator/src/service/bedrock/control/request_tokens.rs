//! `clientRequestToken`: what makes a request that is sent twice happen once.
//!
//! "If this token matches a previous request, Amazon Bedrock ignores the request,
//! but does not return an error." So a request under a known token is answered as
//! the first one was, whatever else it says.

use std::collections::BTreeMap;
use std::time::Duration;

use super::pattern::REQUEST_TOKEN;
use crate::kernel::{Timestamp, Violations};

/// assumed: AWS does not say how long it remembers.
const VALID: Duration = Duration::from_mins(10);

/// The answers of one operation, by token. They are valid for so short a time that they are not kept: a world that is
/// read back knows none.
#[derive(Debug)]
pub struct RequestTokens<A> {
    answers: BTreeMap<String, (Timestamp, A)>,
}

impl<A> Default for RequestTokens<A> {
    fn default() -> Self {
        Self { answers: BTreeMap::new() }
    }
}

pub fn check(violations: &mut Violations, token: Option<&str>) {
    REQUEST_TOKEN.check(violations, "clientRequestToken", token, 1, 256);
}

impl<A: Clone> RequestTokens<A> {
    /// The answer to the request that came under this token before.
    pub fn answer(&mut self, token: Option<&str>, now: Timestamp) -> Option<A> {
        self.answers.retain(|_, (until, _)| *until > now);
        self.answers.get(token?).map(|(_, answer)| answer.clone())
    }

    pub fn remember(&mut self, token: Option<String>, answer: A, now: Timestamp) {
        if let Some(token) = token {
            self.answers.insert(token, (now + VALID, answer));
        }
    }
}
