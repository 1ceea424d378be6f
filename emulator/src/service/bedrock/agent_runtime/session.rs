//! Sessions: what an agent remembers of a conversation, until nobody has said anything for a while.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-session-state.html>

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Notify;

use super::SERVICE;
use super::history::History;
use super::memory::{Memories, Remembered};
use super::turn::Pending;
use crate::kernel::store::{Book, Kept, Name};
use crate::kernel::{ApiError, Call, Delivery, EventId, Receipt, Timestamp};
use crate::service::bedrock::actor::Actor;

/// The sessions of one account and region's agents.
#[derive(Debug, Default)]
pub struct Sessions {
    by_key: Kept<Key, Session>,
    /// No session expires before this.
    earliest: Option<Timestamp>,
    /// Actions that are being carried out, by the id of their invocation. They are of turns that are under way, whose
    /// callers are gone when this is read back: not kept.
    invocations: BTreeMap<String, Invocation>,
}

/// Whose session it is, and how it is called. Of an inline agent, nobody's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub agent_id: String,
    pub alias_id: String,
    pub session_id: String,
}

impl Name for Key {
    fn to_text(&self) -> String {
        (self.agent_id.clone(), (self.alias_id.clone(), self.session_id.clone())).to_text()
    }

    fn of_text(text: &str) -> Option<Self> {
        let (agent_id, (alias_id, session_id)) = Name::of_text(text)?;
        Some(Self { agent_id, alias_id, session_id })
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    pub attributes: Map<String, Value>,
    /// What was said before.
    #[serde(skip)]
    pub history: History,
    /// What the caller has been asked to do.
    pub pending: Option<Pending>,
    /// What is summarized when it ends.
    #[serde(skip)]
    pub remembered: Remembered,
    started: Timestamp,
    /// The body that is on its way, if there is one. Not kept, and neither is the turn that it tells of.
    #[serde(skip)]
    under_way: Weak<()>,
    idle: Duration,
    expires: Timestamp,
    last: EventId,
}

/// An action that somebody else carries out.
#[derive(Debug)]
struct Invocation {
    woken: Arc<Notify>,
    answer: Option<(Delivery, EventId)>,
}

impl Sessions {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("session", &mut self.by_key, Session::keep);
        if book.reads() {
            self.earliest = self.by_key.values().map(|session| session.expires).min();
        }
    }

    /// The session, made if there is none, for one more turn in it.
    ///
    /// assumed: that a turn is refused while another is under way. AWS documents a conflict, and not which.
    pub fn take_turn(
        &mut self,
        key: &Key,
        idle: Duration,
        turn: &Arc<()>,
        call: &Call<'_>,
    ) -> Result<&mut Session, ApiError> {
        let session = self.by_key.get_or_insert_with(key.clone(), || Session {
            attributes: Map::new(),
            history: History::default(),
            pending: None,
            remembered: Remembered::default(),
            started: call.now,
            under_way: Weak::new(),
            idle,
            expires: call.now,
            last: call.event,
        });
        if session.under_way.strong_count() > 0 {
            return Err(conflict(&key.session_id));
        }
        session.under_way = Arc::downgrade(turn);
        session.idle = idle;
        session.touch(call);
        self.earliest = Some(self.earliest.map_or(session.expires, |earliest| earliest.min(session.expires)));
        Ok(session)
    }

    pub fn get(&self, key: &Key) -> Option<&Session> {
        self.by_key.get(key)
    }

    pub fn get_mut(&mut self, key: &Key) -> Option<&mut Session> {
        self.by_key.get_mut(key)
    }

    /// Ends a session. What it is to remember, it remembers.
    pub fn end(&mut self, key: &Key, memories: &mut Memories, actor: &Actor, call: &mut Call<'_>) {
        if let Some(Session { started, remembered, .. }) = self.by_key.remove(key) {
            memories.remember(key, started, &remembered, actor, call);
        }
    }

    /// An action is being carried out: its answer wakes whoever waits for it.
    pub fn await_answer(&mut self, invocation_id: &str, woken: &Arc<Notify>) {
        self.forget_the_left();
        let invocation = Invocation { woken: Arc::clone(woken), answer: None };
        self.invocations.insert(invocation_id.to_owned(), invocation);
    }

    /// The answer of an action, with the event that brought it, if it has come.
    pub fn take_answer(&mut self, invocation_id: &str) -> Option<(Delivery, EventId)> {
        let answer = self.invocations.get_mut(invocation_id)?.answer.take()?;
        self.invocations.remove(invocation_id);
        Some(answer)
    }

    /// Nobody waits for it any more.
    pub fn forget_invocation(&mut self, invocation_id: &str) {
        self.invocations.remove(invocation_id);
    }

    /// A caller that has left holds nothing any more.
    fn forget_the_left(&mut self) {
        self.invocations.retain(|_, invocation| Arc::strong_count(&invocation.woken) > 1);
    }

    /// Takes what comes back from an action.
    pub fn receive(&mut self, delivery: &Delivery, call: &Call<'_>) -> Result<Receipt, ApiError> {
        let Some(id) = delivery.to.resource_after("agent-invocation") else {
            return Err(ApiError::not_implemented(format_args!("delivery to `{}`", delivery.to)));
        };
        self.forget_the_left();
        let waiting = self.invocations.get_mut(id);
        let invocation = waiting.ok_or_else(|| ApiError::validation(format!("nobody waits for invocation `{id}`")))?;
        invocation.answer = Some((delivery.clone(), call.event));
        invocation.woken.notify_one();
        Ok(Receipt::Taken)
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.earliest
    }

    /// Ends the sessions in which nobody has said anything for too long.
    pub fn run_due(&mut self, memories: &mut Memories, actor: &Actor, call: &mut Call<'_>) {
        let now = call.now;
        if self.earliest.is_none_or(|earliest| earliest > now) {
            return;
        }
        let due = self.by_key.iter().filter(|(_, session)| session.expires <= now);
        let (busy, ended): (Vec<_>, Vec<_>) = due
            .map(|(key, session)| (key.clone(), session.last, session.under_way.strong_count() > 0))
            .partition(|(.., is_busy)| *is_busy);
        for (key, ..) in busy {
            if let Some(session) = self.by_key.get_mut(&key) {
                session.expires = now + session.idle;
            }
        }
        for (key, last, _) in ended {
            call.timer(SERVICE, "session expired", &key.session_id, Some(last));
            self.end(&key, memories, actor, call);
        }
        self.earliest = self.by_key.values().map(|session| session.expires).min();
    }
}

impl Session {
    /// Goes through what is kept of it beside itself.
    fn keep(&mut self, book: &mut Book<'_>) {
        self.history.keep(book);
        self.remembered.keep(book);
    }

    /// Somebody has said something.
    pub fn touch(&mut self, call: &Call<'_>) {
        self.expires = call.now + self.idle;
        self.last = call.event;
    }

    /// The turn is over: what it waited for is the caller's now.
    pub fn rest(&mut self) {
        self.under_way = Weak::new();
    }
}

/// assumed: the wording.
fn conflict(session_id: &str) -> ApiError {
    let message = format!(
        "Another request is being processed in session {session_id}. Retry your request when it has been answered."
    );
    ApiError::with_status(409, "ConflictException", message)
}
