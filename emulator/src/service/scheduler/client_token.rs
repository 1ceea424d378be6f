//! `ClientToken`: what makes a change that is sent twice happen once.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use super::pattern::CLIENT_TOKEN;
use super::refusal;
use crate::kernel::{ApiError, Timestamp, Violations};

/// assumed: AWS does not say how long it remembers.
const VALID: Duration = Duration::from_mins(10);

/// A token with the operation that it came with.
type Name = (&'static str, String);

/// The tokens of changes that were made.
#[derive(Debug, Default)]
pub struct ClientTokens {
    /// With a digest of the request.
    valid: BTreeMap<Name, u64>,
    by_age: VecDeque<(Timestamp, Name)>,
}

pub fn check(violations: &mut Violations, token: Option<&str>) {
    CLIENT_TOKEN.check(violations, "clientToken", token, 1, 64);
}

impl ClientTokens {
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
        match self.valid.get(&(operation, token.to_owned())) {
            Some(known) if *known == digest(request) => Ok(true),
            Some(_) => Err(refusal::token_differs()),
            None => Ok(false),
        }
    }

    /// The request has done what it was to do.
    pub fn remember(&mut self, operation: &'static str, token: Option<String>, request: u64, now: Timestamp) {
        let Some(token) = token else { return };
        let name = (operation, token);
        self.valid.insert(name.clone(), request);
        self.by_age.push_back((now + VALID, name));
    }
}

/// Its keys are fixed: the same within one process, and a digest goes nowhere else.
pub fn digest(request: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.hash(&mut hasher);
    hasher.finish()
}
