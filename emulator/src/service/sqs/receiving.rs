//! Receiving: which messages a consumer gets, and what becomes of those that were received too often.

use std::time::Duration;

use super::Sqs;
use super::message::{Message, State};
use super::queue::{Queue, seconds};
use super::redrive::Transfer;
use super::refusal::over_limit;
use crate::kernel::{ApiError, Arn, Call, Delivery, EventId, Timestamp};

/// "A maximum of approximately 120,000 in flight messages": of standard and of FIFO queues.
const IN_FLIGHT_MAX: usize = 120_000;
/// Among so many of the oldest messages, a fault lets chance decide which come first.
const REORDERED_AMONG: usize = 100;

/// How one call receives.
#[derive(Clone, Debug)]
pub struct Request {
    pub count: usize,
    pub visibility_timeout: i64,
    pub attempt: Option<String>,
    /// Whether it may wait: only those that do not are told that too much is in flight.
    pub waits: bool,
}

/// What one call takes from a queue.
#[derive(Debug, Default)]
pub struct Taken {
    pub numbers: Vec<u64>,
    /// How many went to the dead-letter queue instead.
    pub given_up: usize,
}

/// A queue that messages go to when they were received too often.
struct Limit {
    target: Arn,
    receives: u32,
}

impl Sqs {
    /// The numbers of the messages that this call receives; they are in flight from now on.
    pub fn receive_messages(&mut self, name: &str, request: &Request, call: &mut Call<'_>) -> Result<Taken, ApiError> {
        let limit = self.limit(name, call)?;
        let queue = self.queue_mut(name)?;
        queue.catch_up(call.now);
        if let Some(given) = request.attempt.as_ref().and_then(|attempt| queue.given_before(attempt, call.now)) {
            hold(queue, &given, request, call.now);
            remember(queue, request, &given, call.now);
            return Ok(Taken { numbers: given, given_up: 0 });
        }
        let room = IN_FLIGHT_MAX.saturating_sub(queue.messages.in_flight_count());
        if room == 0 && !queue.is_fifo() && !request.waits {
            // assumed: the wording.
            return Err(over_limit("Too many messages are in flight in this queue."));
        }
        let count = request.count.min(room);
        let mut taken = Taken::default();
        if queue.is_fifo() {
            take_from_groups(queue, count, limit.as_ref(), &mut taken, call);
        } else {
            take_again(queue, count, &mut taken, call);
            take_any(queue, count, limit.as_ref(), &mut taken, call);
        }
        for number in &taken.numbers {
            if let Some(message) = queue.messages.get_mut(*number) {
                message.receives += 1;
                message.received = call.now;
                message.first_received.get_or_insert(call.now);
            }
        }
        hold(queue, &taken.numbers, request, call.now);
        if !taken.numbers.is_empty() {
            remember(queue, request, &taken.numbers, call.now);
        }
        Ok(taken)
    }

    /// Where messages of the queue go that were received too often, as long as there is such a queue.
    fn limit(&self, name: &str, call: &Call<'_>) -> Result<Option<Limit>, ApiError> {
        let policy = self.queue(name)?.attributes.redrive_policy.as_ref();
        let there = policy.filter(|policy| {
            super::queue_url::name_of_arn(&policy.dead_letter_target, call.scope)
                .is_some_and(|target| self.queues.contains_key(target))
        });
        Ok(there.map(|policy| Limit { target: policy.dead_letter_target.clone(), receives: policy.max_receive_count }))
    }
}

/// Puts messages in flight, or back where they are received at once again.
fn hold(queue: &mut Queue, numbers: &[u64], request: &Request, now: Timestamp) {
    let timeout = seconds(request.visibility_timeout);
    let state = if timeout.is_zero() { State::Ready } else { State::InFlight(now + timeout) };
    numbers.iter().for_each(|number| queue.messages.set_state(*number, state));
}

/// Keeps a message from being taken twice by one call.
fn reserve(queue: &mut Queue, number: u64, taken: &mut Taken, now: Timestamp) {
    const UNTIL_IT_IS_HELD: Duration = Duration::from_secs(1);
    queue.messages.set_state(number, State::InFlight(now + UNTIL_IT_IS_HELD));
    taken.numbers.push(number);
}

fn remember(queue: &mut Queue, request: &Request, numbers: &[u64], now: Timestamp) {
    if let Some(attempt) = &request.attempt {
        queue.remember_attempt(attempt.clone(), numbers, now);
    }
}

/// What a fault gives again: messages that are in flight, or that were deleted while one of the servers that store
/// them was not there.
fn take_again(queue: &mut Queue, count: usize, taken: &mut Taken, call: &Call<'_>) {
    let wanted = usize::try_from(call.circumstances.repeated).unwrap_or(usize::MAX).min(count);
    while taken.numbers.len() < wanted {
        let in_flight: Vec<u64> = queue.messages.in_flight().filter(|number| !taken.numbers.contains(number)).collect();
        let choices = in_flight.len() + queue.deleted.len();
        if choices == 0 {
            return;
        }
        let choice = call.ids().draw(|random| random.usize(..choices));
        if let Some(number) = in_flight.get(choice) {
            reserve(queue, *number, taken, call.now);
        } else if let Some((number, message)) = queue.deleted.remove(choice - in_flight.len()) {
            queue.messages.put(number, Message { state: State::Ready, ..message });
            reserve(queue, number, taken, call.now);
        }
    }
}

/// From a standard queue: the oldest first, unless a fault has it otherwise.
fn take_any(queue: &mut Queue, count: usize, limit: Option<&Limit>, taken: &mut Taken, call: &mut Call<'_>) {
    while taken.numbers.len() < count {
        let next = if call.circumstances.reordered {
            let choices: Vec<u64> = queue.messages.ready().take(REORDERED_AMONG).collect();
            (!choices.is_empty()).then(|| choices[call.ids().draw(|random| random.usize(..choices.len()))])
        } else {
            queue.messages.ready().next()
        };
        let Some(number) = next else { return };
        if give_up(queue, number, limit, call) {
            taken.given_up += 1;
        } else {
            reserve(queue, number, taken, call.now);
        }
    }
}

/// From a FIFO queue: "as many messages with the same message group ID as possible", then of the next group.
fn take_from_groups(queue: &mut Queue, count: usize, limit: Option<&Limit>, taken: &mut Taken, call: &mut Call<'_>) {
    while taken.numbers.len() < count {
        let Some(head) = queue.messages.next_in_group() else { return };
        let mut of_group = vec![head];
        of_group.extend(queue.messages.behind(head));
        for number in of_group {
            if taken.numbers.len() == count {
                return;
            }
            if give_up(queue, number, limit, call) {
                taken.given_up += 1;
            } else {
                reserve(queue, number, taken, call.now);
            }
        }
    }
}

/// Sends a message that was received as often as it may be to the dead-letter queue; says whether it did.
fn give_up(queue: &mut Queue, number: u64, limit: Option<&Limit>, call: &mut Call<'_>) -> bool {
    let Some(limit) = limit else { return false };
    let too_often = |message: &&Message| message.receives - message.receives_elsewhere >= limit.receives;
    if queue.messages.get(number).filter(too_often).is_none() {
        return false;
    }
    let Some(message) = queue.messages.remove(number) else { return false };
    let from = queue.arn(call.scope);
    let moved = Message { source: Some(from.clone()), ..message };
    let body = moved.content.body.clone().into_bytes();
    let delivery = Delivery::new(from, limit.target.clone(), body).enclosing(&Transfer::DeadLetter(moved));
    call.send(super::redrive::without_loss(delivery));
    true
}

/// The event that a receive is told to come from: the one that sent its first message.
pub fn first_writer(queue: &Queue, numbers: &[u64]) -> Option<EventId> {
    numbers.first().and_then(|number| queue.messages.get(*number)).map(|message| message.writer)
}
