//! `clientToken`: what makes a change that is sent twice happen once.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use serde_json::{Map, Value};

use super::refusal;
use crate::kernel::{ApiError, Timestamp};

/// assumed: AWS does not say how long it remembers; callers report minutes.
const VALID: Duration = Duration::from_mins(10);

/// An operation's name and the token.
type Name = (&'static str, String);

/// The changes that were made with a token, with their answers. They are valid for so short a time that they are not kept:
/// a world that is read back knows none.
#[derive(Debug, Default)]
pub struct ClientTokens {
    /// With a digest of the request, which may hold whole documents.
    valid: BTreeMap<Name, (u64, Value)>,
    by_age: VecDeque<(Timestamp, Name)>,
}

impl ClientTokens {
    /// The answer to the same request, if it has come before. One that differs under the same token is refused.
    pub fn answered(
        &mut self,
        operation: &'static str,
        request: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Option<Value>, ApiError> {
        while let Some((_, name)) = self.by_age.pop_front_if(|(until, _)| *until <= now) {
            self.valid.remove(&name);
        }
        let Some(name) = name(operation, request) else { return Ok(None) };
        match self.valid.get(&name) {
            Some((known, answer)) if *known == digest(request) => Ok(Some(answer.clone())),
            Some(_) => Err(refusal::token_differs()),
            None => Ok(None),
        }
    }

    /// The request has done what it was to do.
    pub fn remember(&mut self, operation: &'static str, request: &Map<String, Value>, answer: &Value, now: Timestamp) {
        let Some(name) = name(operation, request) else { return };
        self.valid.insert(name.clone(), (digest(request), answer.clone()));
        self.by_age.push_back((now + VALID, name));
    }
}

fn name(operation: &'static str, request: &Map<String, Value>) -> Option<Name> {
    Some((operation, request.get("clientToken")?.as_str()?.to_owned()))
}

/// Its keys are fixed: the same within one process, and a digest goes nowhere else.
fn digest(request: &Map<String, Value>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (name, value) in request {
        (name, value.to_string()).hash(&mut hasher);
    }
    hasher.finish()
}
