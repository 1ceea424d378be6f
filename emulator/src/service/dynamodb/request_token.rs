//! `ClientRequestToken`: what makes a transaction that is sent twice happen once.
//!
//! "A client request token is valid for 10 minutes after the first request that
//! uses it is completed."
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Timestamp};

const VALID: Duration = Duration::from_mins(10);

/// A token with a digest of what it was sent with.
#[derive(Clone, Debug)]
pub struct RequestToken {
    token: String,
    parameters: u64,
}

impl RequestToken {
    /// `parameters` are those that must be the same when the token comes again.
    pub fn new(token: String, parameters: &impl Hash) -> Self {
        let mut hasher = SameEverywhere::default();
        parameters.hash(&mut hasher);
        Self { token, parameters: hasher.finish() }
    }
}

/// Of the same values, the same digest in every process: it is kept longer than one.
#[derive(Default)]
struct SameEverywhere(Md5);

impl Hasher for SameEverywhere {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = u128::from_be_bytes(self.0.clone().finalize().into());
        (digest >> 64) as u64
    }
}

/// What a token is when a request comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Now this request's.
    Fresh,
    /// That of an earlier request, which did the same.
    Used,
}

/// The tokens that are valid.
#[derive(Clone, Debug, Default)]
pub struct RequestTokens {
    /// By token.
    valid: Kept<String, Claimed>,
    by_age: VecDeque<(Timestamp, String)>,
}

/// The digest of a token's parameters, and until when it is valid.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Claimed {
    parameters: u64,
    until: Timestamp,
}

impl RequestTokens {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("token", &mut self.valid);
        if book.reads() {
            let mut by_age: Vec<(Timestamp, String)> =
                self.valid.iter().map(|(token, claimed)| (claimed.until, token.clone())).collect();
            by_age.sort_unstable();
            self.by_age = by_age.into();
        }
    }

    pub fn claim(&mut self, given: &RequestToken, now: Timestamp) -> Result<Claim, ApiError> {
        self.forget_until(now);
        if let Some(claimed) = self.valid.get(&given.token) {
            return if claimed.parameters == given.parameters { Ok(Claim::Used) } else { Err(mismatch()) };
        }
        let until = now + VALID;
        self.valid.insert(given.token.clone(), Claimed { parameters: given.parameters, until });
        self.by_age.push_back((until, given.token.clone()));
        Ok(Claim::Fresh)
    }

    /// The request came to nothing: the token can be used again.
    pub fn give_back(&mut self, given: &RequestToken) {
        self.valid.remove(&given.token);
        // It was claimed a moment ago.
        if self.by_age.back().is_some_and(|(_, token)| *token == given.token) {
            self.by_age.pop_back();
        }
    }

    fn forget_until(&mut self, now: Timestamp) {
        while let Some((until, token)) = self.by_age.pop_front_if(|(until, _)| *until <= now) {
            // One that was given back and claimed again is valid for longer.
            if self.valid.get(&token).is_some_and(|claimed| claimed.until == until) {
                self.valid.remove(&token);
            }
        }
    }
}

/// The text is that of AWS's reference; what the service says is assumed to be the same.
fn mismatch() -> ApiError {
    let message = "DynamoDB rejected the request because you retried a request with a different payload but with an \
                   idempotent token that was already used.";
    ApiError::new("IdempotentParameterMismatchException", message)
        .with_member("Message", Value::String(message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(token: &str, parameters: &str) -> RequestToken {
        RequestToken::new(token.to_owned(), &parameters)
    }

    #[test]
    fn a_token_is_used_once_for_ten_minutes() {
        let (mut tokens, start) = (RequestTokens::default(), Timestamp::from_secs(1_767_225_600));
        let mut claim = |name, parameters, seconds| {
            let claimed = tokens.claim(&token(name, parameters), start + Duration::from_secs(seconds));
            claimed.map_err(|error| error.code)
        };
        assert_eq!(claim("a", "x", 0), Ok(Claim::Fresh));
        assert_eq!(claim("a", "x", 599), Ok(Claim::Used));
        assert_eq!(claim("a", "y", 599), Err("IdempotentParameterMismatchException".to_owned()));
        assert_eq!(claim("b", "y", 599), Ok(Claim::Fresh));
        assert_eq!(claim("a", "y", 600), Ok(Claim::Fresh));
        assert_eq!(claim("b", "y", 600), Ok(Claim::Used));
        assert_eq!(tokens.valid.len(), tokens.by_age.len());
    }

    #[test]
    fn a_token_that_came_to_nothing_is_free() {
        let (mut tokens, now) = (RequestTokens::default(), Timestamp::from_secs(1_767_225_600));
        assert_eq!(tokens.claim(&token("a", "x"), now), Ok(Claim::Fresh));
        tokens.give_back(&token("a", "x"));
        assert_eq!(tokens.claim(&token("a", "y"), now), Ok(Claim::Fresh));
        assert_eq!(tokens.by_age.len(), 1);
    }
}
