//! Messages on their way from queue to queue: to the dead-letter queue, and back.
//!
//! They go over the kernel's bus as a whole, so that each hop is on the timeline and the bus's faults act on it.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::message::{Content, Message};
use crate::kernel::delivery::{Effort, Enclosed};
use crate::kernel::{ApiError, Call, Delivery};

/// What one queue sends to another.
#[derive(Serialize, Deserialize)]
pub enum Transfer {
    /// A message that was received too often.
    DeadLetter(Message),
    /// A message that a task moves.
    Moved(Message),
}

impl Enclosed for Transfer {
    const KIND: &'static str = "sqs.Transfer";
}

/// What is taken out of a queue must arrive, however often an attempt fails: nothing else has the message.
pub fn without_loss(delivery: Delivery) -> Delivery {
    let effort = Effort { max_age: Duration::from_hours(14 * 24), max_retries: u32::MAX, dead_letter: None };
    delivery.with_effort(Some(Arc::new(effort)))
}

impl Sqs {
    /// Takes a message from another queue.
    pub fn take_over(&mut self, name: &str, transfer: &Transfer, call: &Call<'_>) -> Result<(), ApiError> {
        let is_fifo = self.queue(name)?.is_fifo();
        let mut message = match transfer {
            // "For standard queues, the expiration of a message is always based on its original enqueue timestamp
            // [..] For FIFO queues, the enqueue timestamp resets". assumed: receives are counted on, and a dead-letter
            // queue with one of its own counts only those that are its own.
            Transfer::DeadLetter(message) if is_fifo => Message { sent: call.now, ..message.clone() },
            Transfer::DeadLetter(message) => message.clone(),
            // "Redriven messages are considered new messages with a new messageID and enqueueTime."
            Transfer::Moved(message) => {
                let content = Content { id: call.ids().uuid(), ..(*message.content).clone() };
                Message::new(content, call.now, call.event)
            }
        };
        message.writer = call.event;
        message.receives_elsewhere = message.receives;
        // assumed: a message that moves is not delayed by the queue that takes it.
        self.store(name, message, Some(0), call);
        Ok(())
    }
}
