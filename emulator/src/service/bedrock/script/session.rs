//! What a script remembers of sessions: how often each rule has answered in one, and the state that it is in.
//!
//! The [`SESSIONS_KEPT`] sessions that were answered last are remembered. One that was forgotten begins anew, as one
//! that has never been: its counters are at zero, and it is in the state `start`.

use std::collections::BTreeMap;

use super::START;

/// How many sessions a script remembers. Calls without a session are one together.
pub const SESSIONS_KEPT: usize = 10_000;

/// One session.
#[derive(Clone, Debug)]
pub struct Session {
    pub state: String,
    /// By the rule's place in the script.
    answered: BTreeMap<usize, u32>,
    /// When it was answered last, counted in answers of all sessions.
    used: u64,
}

/// All sessions.
#[derive(Clone, Debug, Default)]
pub struct Sessions {
    by_id: BTreeMap<String, Session>,
    by_use: BTreeMap<u64, String>,
    uses: u64,
    /// For those that are not known.
    new: Session,
}

impl Default for Session {
    fn default() -> Self {
        Self { state: START.to_owned(), answered: BTreeMap::new(), used: 0 }
    }
}

impl Session {
    /// How often a rule has answered in it.
    pub fn answered(&self, rule: usize) -> u32 {
        self.answered.get(&rule).copied().unwrap_or_default()
    }
}

impl Sessions {
    pub fn get(&self, id: &str) -> &Session {
        self.by_id.get(id).unwrap_or(&self.new)
    }

    /// A rule answers in a session, and may take it to another state. The session that has been silent longest is
    /// forgotten where there are too many.
    pub fn answer(&mut self, id: &str, rule: usize, to_state: Option<&str>) {
        self.uses += 1;
        let session = self.by_id.entry(id.to_owned()).or_default();
        self.by_use.remove(&session.used);
        self.by_use.insert(self.uses, id.to_owned());
        session.used = self.uses;
        *session.answered.entry(rule).or_default() += 1;
        if let Some(state) = to_state {
            session.state = state.to_owned();
        }
        if self.by_id.len() > SESSIONS_KEPT
            && let Some((_, silent)) = self.by_use.pop_first()
        {
            self.by_id.remove(&silent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_that_has_been_silent_longest_is_forgotten() {
        let mut sessions = Sessions::default();
        for number in 0..SESSIONS_KEPT {
            sessions.answer(&number.to_string(), 0, Some("told"));
        }
        sessions.answer("0", 3, None);
        sessions.answer("one more", 0, None);
        let told = ["0", "1", "2", "one more"].map(|id| {
            let session = sessions.get(id);
            (session.state.as_str(), session.answered(0), session.answered(3))
        });
        assert_eq!(told, [("told", 1, 1), (START, 0, 0), ("told", 1, 0), (START, 1, 0)]);
        assert_eq!((sessions.by_id.len(), sessions.by_use.len()), (SESSIONS_KEPT, SESSIONS_KEPT));
    }
}
