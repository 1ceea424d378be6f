//! What agents remember of sessions that have ended: a summary of each, under the id of a memory.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-memory.html>
//!
//! A turn whose request names a memory is remembered in it, if the agent has memory and its prompt
//! `MEMORY_SUMMARIZATION` is enabled. When the session ends, whether it is ended or expires, the model is asked to
//! summarize those turns. Its summary is there when it has been said, is told to the model in later turns that name the
//! memory, and is forgotten after the days that the agent keeps it.

pub mod delete_agent_memory;
pub mod get_agent_memory;
mod summarization;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::summarization::Remembered;
use super::SERVICE;
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{Call, EventId, Timestamp};
use crate::service::bedrock::date_time::DateTime;

/// "By default, agent retains conversational context for 30 days."
const STORAGE_DAYS: u64 = 30;
/// How many summaries are told to the model, the latest. The console's default.
const RECENT_SESSIONS: usize = 20;

/// How an agent remembers: its `memoryConfiguration`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MemoryConfiguration {
    /// How long a summary is kept after its session has ended.
    pub storage: Duration,
    pub recent_sessions: usize,
}

impl MemoryConfiguration {
    pub fn of(configuration: &Value) -> Self {
        let days = configuration["storageDays"].as_u64().unwrap_or(STORAGE_DAYS);
        let recent = configuration["sessionSummaryConfiguration"]["maxRecentSessions"].as_u64();
        Self {
            storage: Duration::from_hours(24).saturating_mul(u32::try_from(days).unwrap_or(u32::MAX)),
            recent_sessions: recent.and_then(|recent| usize::try_from(recent).ok()).unwrap_or(RECENT_SESSIONS),
        }
    }
}

/// Whose memory it is, and how it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryKey {
    pub agent_id: String,
    pub alias_id: String,
    pub memory_id: String,
}

/// The memories of one account and region's agents.
#[derive(Debug, Default)]
pub struct Memories {
    /// By number, which is in the order in which the sessions ended.
    summaries: Kept<u64, Summary>,
    /// When which summary has been said, and when it is forgotten.
    agenda: BTreeSet<(Timestamp, u64)>,
    so_far: Single<u64>,
}

/// What is left of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Summary {
    memory: MemoryKey,
    session_id: String,
    started: Timestamp,
    expires: Timestamp,
    text: String,
    /// When the model will have said it all.
    said: Timestamp,
    /// Whether it has.
    is_said: bool,
    /// What it comes of, on the timeline.
    last: EventId,
}

impl Memories {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("summary", &mut self.summaries);
        book.value("summaries_so_far", &mut self.so_far);
        if book.reads() {
            self.agenda = self.summaries.iter().map(|(number, summary)| (summary.next_due(), *number)).collect();
        }
    }

    /// What the model is told of earlier sessions: the latest summaries, oldest first, each on a line of its own.
    pub fn content(&self, memory: &MemoryKey, recent_sessions: usize) -> String {
        let latest = self.of(memory).map(|(_, summary)| summary.text.as_str()).take(recent_sessions);
        let mut texts: Vec<&str> = latest.collect();
        texts.reverse();
        texts.join("\n")
    }

    /// The summaries of a memory, latest first.
    fn of<'a>(&'a self, memory: &'a MemoryKey) -> impl Iterator<Item = (u64, &'a Summary)> {
        let said = self.summaries.iter().rev().filter(move |(_, summary)| summary.is_said && summary.memory == *memory);
        said.map(|(number, summary)| (*number, summary))
    }

    fn add(&mut self, summary: Summary) {
        *self.so_far += 1;
        self.agenda.insert((summary.next_due(), *self.so_far));
        self.summaries.insert(*self.so_far, summary);
    }

    /// Forgets summaries, also those that are still being said.
    fn forget(&mut self, which: impl Fn(&Summary) -> bool) {
        self.summaries.retain(|_, summary| !which(summary));
        self.agenda.retain(|(_, number)| self.summaries.contains_key(number));
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(due, _)| *due)
    }

    pub fn run_due(&mut self, call: &mut Call<'_>) {
        while let Some((_, number)) = self.agenda.first().copied().filter(|(due, _)| *due <= call.now) {
            self.agenda.pop_first();
            let Some(summary) = self.summaries.get_mut(&number) else { continue };
            let session = summary.session_id.clone();
            if summary.is_said {
                call.timer(SERVICE, "session summary expired", session, Some(summary.last));
                self.summaries.remove(&number);
                continue;
            }
            call.timer(SERVICE, "session summarized", session, Some(summary.last));
            call.note(summary.memory.memory_id.clone());
            summary.is_said = true;
            summary.last = call.event;
            self.agenda.insert((summary.next_due(), number));
        }
    }
}

impl Summary {
    /// When it is there, and then when it is forgotten.
    fn next_due(&self) -> Timestamp {
        if self.is_said { self.expires } else { self.said }
    }

    /// AWS's `Memory`.
    fn shown(&self) -> Value {
        json!({ "sessionSummary": {
            "memoryId": self.memory.memory_id,
            "sessionId": self.session_id,
            "sessionStartTime": DateTime(self.started),
            "sessionExpiryTime": DateTime(self.expires),
            "summaryText": self.text,
        }})
    }
}
