//! A queue: its attributes, its messages, and what it remembers of both.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::attributes::Attributes;
use super::deduplication::Deduplication;
use super::lifecycle::{Due, Work};
use super::message::{Message, State};
use super::messages::Messages;
use super::move_task::MoveTask;
use super::receipt_handle::ReceiptHandle;
use super::refusal::{invalid_value, not_for_this_queue_type};
use crate::kernel::store::Book;
use crate::kernel::{ApiError, Arn, Scope, Timestamp};

/// Of deleted messages, so many and so large ones are remembered, for a fault that brings some of them back.
const DELETED_KEPT: usize = 100;
const DELETED_BYTES_MAX: usize = 64 << 10;
/// "A receive request attempt ID is valid for 5 minutes."
const ATTEMPT_INTERVAL: Duration = Duration::from_mins(5);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Queue {
    pub name: String,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub attributes: Attributes,
    pub tags: BTreeMap<String, String>,
    #[serde(skip)]
    pub messages: Messages,
    #[serde(skip)]
    pub deduplication: Deduplication,
    pub purged: Option<Timestamp>,
    pub tasks: Vec<MoveTask>,
    /// What was deleted last, by number. Not kept.
    #[serde(skip)]
    pub deleted: VecDeque<(u64, Message)>,
    /// What a FIFO queue gave to each attempt to receive.
    attempts: BTreeMap<String, Attempt>,
    /// When what is too old is swept out next.
    pub sweep: Option<Timestamp>,
    /// Wakes those who wait for a message.
    #[serde(skip)]
    pub woken: Arc<Notify>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Attempt {
    made: Timestamp,
    given: Vec<(u64, State)>,
}

impl Queue {
    pub fn new(name: String, attributes: Attributes, now: Timestamp) -> Self {
        let is_fifo = attributes.fifo.is_some();
        Self {
            name,
            created: now,
            modified: now,
            attributes,
            tags: BTreeMap::new(),
            messages: Messages::new(is_fifo),
            deduplication: Deduplication::default(),
            purged: None,
            tasks: Vec::new(),
            deleted: VecDeque::new(),
            attempts: BTreeMap::new(),
            sweep: None,
            woken: Arc::default(),
        }
    }

    /// What falls due in it.
    pub fn work(&self) -> impl Iterator<Item = Due> + '_ {
        let sweep = self.sweep.map(|due| (due, Work::Sweep));
        let tasks = self.tasks.iter().filter_map(MoveTask::goes_on);
        sweep.into_iter().chain(tasks).map(|(due, work)| (due, self.name.clone(), work))
    }

    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        let is_fifo = self.is_fifo();
        self.messages.keep(is_fifo, book);
        self.deduplication.keep(book);
    }

    pub fn is_fifo(&self) -> bool {
        self.attributes.fifo.is_some()
    }

    pub fn arn(&self, scope: &Scope) -> Arn {
        Arn::new("sqs", scope, self.name.clone())
    }

    pub fn retention(&self) -> Duration {
        seconds(self.attributes.message_retention_period)
    }

    pub fn catch_up(&mut self, now: Timestamp) {
        self.messages.catch_up(now, self.retention());
    }

    /// Whoever waits for a message is to look again.
    pub fn wake(&self) {
        self.woken.notify_waiters();
    }

    /// Deletes the message of that handle. A message that is gone is deleted already.
    ///
    /// On a standard queue, older handles of a message delete it as well: AWS says that they may not. A FIFO queue
    /// takes only the handle of the receive that still holds the message.
    pub fn delete(&mut self, handle: &ReceiptHandle, text: &str) -> Result<(), ApiError> {
        let Some(message) = self.messages.get(handle.number) else { return Ok(()) };
        if self.is_fifo() && !holds(message, handle) {
            return Err(invalid_value(text, "ReceiptHandle", "The receipt handle has expired."));
        }
        let Some(message) = self.messages.remove(handle.number) else { return Ok(()) };
        if message.content.body.len() <= DELETED_BYTES_MAX && !self.is_fifo() {
            if self.deleted.len() == DELETED_KEPT {
                self.deleted.pop_front();
            }
            self.deleted.push_back((handle.number, message));
        }
        self.wake();
        Ok(())
    }

    /// Lets the message of that handle be invisible for so long from now on.
    pub fn change_visibility(
        &mut self,
        handle: &ReceiptHandle,
        text: &str,
        timeout: i64,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let message = self.messages.get(handle.number).filter(|message| message.is_in_flight());
        let Some(message) = message else {
            let known = self.messages.get(handle.number).is_some();
            let reason = if self.is_fifo() && known {
                "The receipt handle has expired."
            } else {
                "Message does not exist or is not available for visibility timeout change."
            };
            return Err(invalid_value(text, "ReceiptHandle", reason));
        };
        if self.is_fifo() && !holds(message, handle) {
            return Err(invalid_value(text, "ReceiptHandle", "The receipt handle has expired."));
        }
        // "There is a 12-hour limit from the first time that Amazon SQS receives the ReceiveMessage request."
        if now.since(message.received) + seconds(timeout) > seconds(*super::attributes::VISIBILITY_SECONDS.end()) {
            let reason = "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].";
            return Err(invalid_value(timeout, "VisibilityTimeout", reason));
        }
        let state = if timeout == 0 { State::Ready } else { State::InFlight(now + seconds(timeout)) };
        self.messages.set_state(handle.number, state);
        self.wake();
        Ok(())
    }

    /// What the same attempt to receive was given before, if nothing has happened to it since.
    pub fn given_before(&mut self, attempt: &str, now: Timestamp) -> Option<Vec<u64>> {
        self.attempts.retain(|_, attempt| attempt.made + ATTEMPT_INTERVAL > now);
        let given = &self.attempts.get(attempt)?.given;
        let untouched =
            |(number, state): &(u64, State)| self.messages.get(*number).is_some_and(|message| message.state == *state);
        given.iter().all(untouched).then(|| given.iter().map(|(number, _)| *number).collect())
    }

    pub fn remember_attempt(&mut self, attempt: String, numbers: &[u64], now: Timestamp) {
        let state = |number: &u64| Some((*number, self.messages.get(*number)?.state));
        let given = numbers.iter().filter_map(state).collect();
        self.attempts.insert(attempt, Attempt { made: now, given });
    }

    /// A parameter that only FIFO queues take.
    pub fn only_if_fifo(&self, value: Option<&str>, parameter: &str) -> Result<(), ApiError> {
        match value {
            Some(value) if !self.is_fifo() => Err(not_for_this_queue_type(value, parameter)),
            _ => Ok(()),
        }
    }
}

/// Whether the receive of that handle still has the message.
fn holds(message: &Message, handle: &ReceiptHandle) -> bool {
    message.is_in_flight() && message.receives == handle.receive
}

/// From a number of seconds that was checked not to be negative.
pub fn seconds(count: i64) -> Duration {
    Duration::from_secs(count.unsigned_abs())
}
