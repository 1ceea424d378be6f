//! `ClientToken`: what makes a change that is sent twice happen once.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::pattern::CLIENT_TOKEN;
use super::refusal;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Timestamp, Violations};

/// assumed: AWS does not say how long it remembers.
const VALID: Duration = Duration::from_mins(10);

/// A token with the operation that it came with.
type Name = (String, String);

/// The tokens of changes that were made.
#[derive(Clone, Debug, Default)]
pub struct ClientTokens {
    valid: Kept<Name, Valid>,
    /// Follows from those.
    by_age: VecDeque<(Timestamp, Name)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Valid {
    /// Of the request.
    digest: u64,
    until: Timestamp,
}

pub fn check(violations: &mut Violations, token: Option<&str>) {
    CLIENT_TOKEN.check(violations, "clientToken", token, 1, 64);
}

impl ClientTokens {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("client_token", &mut self.valid);
        if book.reads() {
            let mut by_age: Vec<_> = self.valid.iter().map(|(name, valid)| (valid.until, name.clone())).collect();
            by_age.sort_unstable();
            self.by_age = by_age.into();
        }
    }

    /// Whether the same request has come before. One that differs under the same token is refused.
    pub fn is_known(
        &mut self,
        operation: &'static str,
        token: Option<&str>,
        request: &impl Hash,
        now: Timestamp,
    ) -> Result<bool, ApiError> {
        while let Some((_, name)) = self.by_age.pop_front_if(|(until, _)| *until <= now) {
            self.valid.remove(&name);
        }
        let Some(token) = token else { return Ok(false) };
        match self.valid.get(&(operation.to_owned(), token.to_owned())) {
            Some(known) if known.digest == digest(request) => Ok(true),
            Some(_) => Err(refusal::token_differs()),
            None => Ok(false),
        }
    }

    /// The request has done what it was to do.
    pub fn remember(&mut self, operation: &'static str, token: Option<String>, request: u64, now: Timestamp) {
        let Some(token) = token else { return };
        let (name, until) = ((operation.to_owned(), token), now + VALID);
        self.valid.insert(name.clone(), Valid { digest: request, until });
        self.by_age.push_back((until, name));
    }
}

/// Its keys are fixed: the same in every process. Another build of this program may have it otherwise, and then refuses a
/// token of the ten minutes before.
pub fn digest(request: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.hash(&mut hasher);
    hasher.finish()
}
