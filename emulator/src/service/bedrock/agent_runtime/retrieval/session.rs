//! Sessions of RetrieveAndGenerate: what was asked and answered before.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Timestamp};
use crate::service::bedrock::agent_runtime::history::History;
use crate::service::bedrock::script::Said;

/// How long after its last question a session is kept. assumed.
const KEPT: Duration = Duration::from_hours(24);
/// How many sessions are kept: where there are more, the one that has been silent longest is forgotten. Ours: AWS names no
/// number, and a server that is asked without sessions must not grow.
const SESSIONS_MAX: usize = 10_000;

/// The sessions of one account and region, by id.
#[derive(Debug, Default)]
pub struct RetrievalSessions {
    sessions: Kept<String, Session>,
    by_end: BTreeSet<(Timestamp, String)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Session {
    /// The knowledge base that it is about; empty for sources that came with the questions.
    knowledge_base: String,
    until: Timestamp,
    #[serde(skip)]
    history: History,
}

impl RetrievalSessions {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("retrieval_session", &mut self.sessions, |session, book| session.history.keep(book));
        if book.reads() {
            self.by_end = self.sessions.iter().map(|(id, session)| (session.until, id.clone())).collect();
        }
    }

    /// What was said in the session that a caller goes on with. assumed: the wording of both refusals, after public
    /// reports.
    pub fn said(&self, id: &str, knowledge_base: &str, now: Timestamp) -> Result<Vec<Said>, ApiError> {
        let known = self.sessions.get(id).filter(|session| now < session.until);
        let session = known.ok_or_else(|| {
            ApiError::validation(format!("Session with Id {id} is not valid. Please check and try again."))
        })?;
        if session.knowledge_base != knowledge_base {
            let message = "Knowledge base configurations cannot be modified for an ongoing session.";
            return Err(ApiError::validation(message));
        }
        Ok(session.history.iter().cloned().collect())
    }

    /// The session goes on from now, or begins, with a question and its answer. Where the model fails, there is none.
    pub fn go_on(&mut self, id: String, knowledge_base: String, said: Option<[Said; 2]>, now: Timestamp) {
        let until = now + KEPT;
        let begun = || Session { knowledge_base, until, history: History::default() };
        let session = self.sessions.get_or_insert_with(id.clone(), begun);
        self.by_end.remove(&(session.until, id.clone()));
        session.until = until;
        session.history.add(said.into_iter().flatten());
        self.by_end.insert((until, id));
        while self.by_end.first().is_some_and(|(end, _)| *end <= now || self.by_end.len() > SESSIONS_MAX) {
            if let Some((_, ended)) = self.by_end.pop_first() {
                self.sessions.remove(&ended);
            }
        }
    }
}

/// What is said in one turn.
pub fn turn(question: String, answer: String) -> [Said; 2] {
    [("user", question), ("assistant", answer)].map(|(role, text)| Said { role: role.to_owned(), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_with_their_time_and_make_room_for_new_ones() {
        let mut sessions = RetrievalSessions::default();
        let at = Timestamp::from_secs;
        let mut keep = |id: &str, now| sessions.go_on(id.to_owned(), "base".to_owned(), None, now);
        keep("old", at(0));
        (0..SESSIONS_MAX).for_each(|number| keep(&format!("s-{number}"), at(1)));
        keep("s-0", at(2));
        keep("new", at(3));
        let known = |sessions: &RetrievalSessions, id, now| sessions.said(id, "base", now).is_ok();
        let told = ["old", "s-0", "s-1", "s-10", "new"].map(|id| known(&sessions, id, at(3)));
        assert_eq!(told, [false, true, false, true, true]);
        assert_eq!((sessions.sessions.len(), sessions.by_end.len()), (SESSIONS_MAX, SESSIONS_MAX));
        let later = at(3) + KEPT;
        sessions.go_on("last".to_owned(), "base".to_owned(), None, later);
        assert_eq!(sessions.sessions.len(), 1);
    }
}
