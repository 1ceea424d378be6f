//! Sessions of RetrieveAndGenerate: what was asked and answered before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::kernel::{ApiError, Timestamp};
use crate::service::bedrock::script::Said;

/// How long after its last question a session is kept. assumed.
const KEPT: Duration = Duration::from_hours(24);
/// How many sessions are kept: where there are more, the one that has been silent longest is forgotten. Ours: AWS names no
/// number, and a server that is asked without sessions must not grow.
const SESSIONS_MAX: usize = 10_000;

/// The sessions of one account and region, by id.
#[derive(Debug, Default)]
pub struct RetrievalSessions {
    sessions: BTreeMap<String, Session>,
    by_end: BTreeSet<(Timestamp, String)>,
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
        let until = now + KEPT;
        if let Some(before) = self.sessions.insert(id.clone(), Session { knowledge_base, until, history }) {
            self.by_end.remove(&(before.until, id.clone()));
        }
        self.by_end.insert((until, id));
        while self.by_end.first().is_some_and(|(end, _)| *end <= now || self.by_end.len() > SESSIONS_MAX) {
            if let Some((_, ended)) = self.by_end.pop_first() {
                self.sessions.remove(&ended);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_with_their_time_and_make_room_for_new_ones() {
        let mut sessions = RetrievalSessions::default();
        let at = Timestamp::from_secs;
        let mut keep = |id: &str, now| sessions.keep(id.to_owned(), "base".to_owned(), History::default(), now);
        keep("old", at(0));
        (0..SESSIONS_MAX).for_each(|number| keep(&format!("s-{number}"), at(1)));
        keep("s-0", at(2));
        keep("new", at(3));
        let known = |sessions: &RetrievalSessions, id, now| sessions.get(id, "base", now).is_ok();
        let told = ["old", "s-0", "s-1", "s-10", "new"].map(|id| known(&sessions, id, at(3)));
        assert_eq!(told, [false, true, false, true, true]);
        assert_eq!((sessions.sessions.len(), sessions.by_end.len()), (SESSIONS_MAX, SESSIONS_MAX));
        let later = at(3) + KEPT;
        sessions.keep("last".to_owned(), "base".to_owned(), History::default(), later);
        assert_eq!(sessions.sessions.len(), 1);
    }
}
