//! Tasks that move the messages of a dead-letter queue back to where they came from, or elsewhere, at a pace.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html>

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::lifecycle::Work;
use super::message::Message;
use super::queue::Queue;
use super::redrive::{Transfer, without_loss};
use super::{SERVICE, Sqs};
use crate::kernel::{Arn, Call, Delivery, EventId, Timestamp};

/// "The maximum value for messages per second is 500. If this field is left blank, the system will optimize the
/// rate". assumed: to the maximum.
pub const RATE_MAX: i64 = 500;
/// Messages move together that are due within this time.
const TICK: Duration = Duration::from_millis(100);
/// "You can list up to 10 of the most recent message movement tasks": older ones are forgotten.
pub const TASKS_KEPT: usize = 10;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoveTask {
    pub number: u64,
    pub handle: String,
    pub destination: Option<Arn>,
    pub rate: Option<i64>,
    pub started: Timestamp,
    pub status: Status,
    pub moved: u64,
    pub to_move: u64,
    pub failure: Option<Cow<'static, str>>,
    /// Messages that arrive from here on are not moved.
    until: u64,
    began_by: EventId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Running,
    Completed,
    Cancelled,
    Failed,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }
}

impl MoveTask {
    fn rate(&self) -> u64 {
        self.rate.unwrap_or(RATE_MAX).unsigned_abs().max(1)
    }

    /// The time between two steps.
    fn step(&self) -> Duration {
        TICK.max(Duration::from_millis(1000 / self.rate()))
    }

    /// A task that a process left unfinished goes on as soon as another begins.
    pub fn goes_on(&self) -> Option<(Timestamp, Work)> {
        (self.status == Status::Running).then_some((self.started, Work::Move(self.number)))
    }

    /// How many may have been moved by now.
    fn allowed(&self, now: Timestamp) -> u64 {
        let passed = u64::try_from(now.since(self.started).as_millis()).unwrap_or(u64::MAX);
        (passed.saturating_mul(self.rate()) / 1000).saturating_sub(self.moved)
    }
}

impl Sqs {
    /// Begins to move the messages of a queue; gives back the handle of the task.
    pub fn start_moving(&mut self, name: &str, destination: Option<Arn>, rate: Option<i64>, call: &Call<'_>) -> String {
        *self.tasks_so_far += 1;
        let number = *self.tasks_so_far;
        let Some(queue) = self.queues.get_mut(name) else { return String::new() };
        let source = queue.arn(call.scope);
        let handle = json!({ "taskId": call.ids().uuid(), "sourceArn": source }).to_string();
        let handle = base64_simd::STANDARD.encode_to_string(handle);
        queue.catch_up(call.now);
        let task = MoveTask {
            number,
            handle: handle.clone(),
            destination,
            rate,
            started: call.now,
            status: Status::Running,
            moved: 0,
            to_move: queue.messages.ready_count() as u64,
            failure: None,
            until: queue.messages.next_number(),
            began_by: call.event,
        };
        self.agenda.insert((call.now + task.step(), name.to_owned(), Work::Move(number)));
        queue.tasks.push(task);
        if queue.tasks.len() > TASKS_KEPT {
            queue.tasks.remove(0);
        }
        handle
    }

    /// Moves what the pace of a task allows by now, and plans the next step.
    pub fn go_on_moving(&mut self, name: &str, number: u64, call: &mut Call<'_>) {
        let Some(queue) = self.queues.get_mut(name) else { return };
        queue.catch_up(call.now);
        let Some(at) = queue.tasks.iter().position(|task| task.number == number) else { return };
        let task = &queue.tasks[at];
        if task.status != Status::Running {
            return;
        }
        let (until, allowed) = (task.until, task.allowed(call.now));
        let (destination, step) = (task.destination.clone(), task.step());
        call.timer(SERVICE, "MoveMessages", name, Some(task.began_by));
        let ready: Vec<u64> = queue.messages.ready().take_while(|number| *number < until).collect();
        let mut moved = 0;
        let mut failure = None;
        for message in ready.iter().copied().take(usize::try_from(allowed).unwrap_or(usize::MAX)) {
            let Some(to) = destination.clone().or_else(|| origin(queue, message)) else {
                failure = Some(Cow::Borrowed("CouldNotDetermineMessageSource"));
                break;
            };
            send(queue, message, to, call);
            moved += 1;
        }
        call.note(super::messages_count(moved));
        let task = &mut queue.tasks[at];
        task.moved += moved as u64;
        if failure.is_some() {
            (task.status, task.failure) = (Status::Failed, failure);
        } else if moved == ready.len() {
            task.status = Status::Completed;
        } else {
            self.agenda.insert((call.now + step, name.to_owned(), Work::Move(number)));
        }
    }
}

fn origin(queue: &Queue, number: u64) -> Option<Arn> {
    queue.messages.get(number)?.source.clone()
}

fn send(queue: &mut Queue, number: u64, to: Arn, call: &mut Call<'_>) {
    let Some(message) = queue.messages.remove(number) else { return };
    let message = Message { source: None, ..message };
    let body = message.content.body.clone().into_bytes();
    let delivery = Delivery::new(queue.arn(call.scope), to, body).enclosing(&Transfer::Moved(message));
    call.send(without_loss(delivery));
}
