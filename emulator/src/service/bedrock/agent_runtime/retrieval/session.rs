//! Sessions of RetrieveAndGenerate: what was asked and answered before.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::kernel::{ApiError, Timestamp};
use crate::service::bedrock::script::Said;

/// How long after its last question a session is kept. assumed.
const KEPT: Duration = Duration::from_hours(24);

/// The sessions of one account and region, by id.
#[derive(Debug, Default)]
pub struct RetrievalSessions {
    sessions: BTreeMap<String, Session>,
}

#[derive(Clone, Debug)]
pub struct Session {
    /// The knowledge base that it is about; empty for sources that came with the questions.
    knowledge_base: String,
    until: Timestamp,
    pub history: History,
}

/// Questions and answers so far. An answer is known when it leaves: outside the state's lock.
#[derive(Clone, Debug, Default)]
pub struct History(Arc<Mutex<Vec<Said>>>);

impl RetrievalSessions {
    /// The session that a caller goes on with. assumed: the wording of both refusals, after public reports.
    pub fn get(&self, id: &str, knowledge_base: &str, now: Timestamp) -> Result<History, ApiError> {
        let known = self.sessions.get(id).filter(|session| now < session.until);
        let session = known.ok_or_else(|| {
            ApiError::validation(format!("Session with Id {id} is not valid. Please check and try again."))
        })?;
        if session.knowledge_base != knowledge_base {
            let message = "Knowledge base configurations cannot be modified for an ongoing session.";
            return Err(ApiError::validation(message));
        }
        Ok(session.history.clone())
    }

    /// The session goes on from now, or begins.
    pub fn keep(&mut self, id: String, knowledge_base: String, history: History, now: Timestamp) {
        self.sessions.retain(|_, session| now < session.until);
        self.sessions.insert(id, Session { knowledge_base, until: now + KEPT, history });
    }
}

impl History {
    /// Everything said so far, and then a question.
    pub fn with(&self, question: &str) -> Vec<Said> {
        let mut said = self.lock().clone();
        said.push(said_by("user", question));
        said
    }

    pub fn add(&self, question: &str, answer: &str) {
        self.lock().extend([said_by("user", question), said_by("assistant", answer)]);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Said>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn said_by(role: &str, text: &str) -> Said {
    Said { role: role.to_owned(), text: text.to_owned() }
}
