//! Sending one message, whoever sends it: a caller, an entry of a batch, another service.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>

use serde::Deserialize;

use super::Sqs;
use super::attributes::DELAY_SECONDS;
use super::deduplication::{Key, Known, id_of_body};
use super::message::{Content, Message, State};
use super::message_attributes::{self as attributes, Attributes, first_forbidden, forbidden};
use super::queue::{Queue, seconds};
use super::refusal::{invalid_parameter, invalid_value, missing, not_for_this_queue_type};
use crate::kernel::{ApiError, Call};

const TRACE_HEADER: &str = "AWSTraceHeader";
const ID_CHARACTERS_MAX: usize = 128;
/// "The length of SequenceNumber is 128 bits", of which AWS shows 20 digits.
const SEQUENCE_NUMBERS_FROM: u128 = 18_800_000_000_000_000_000;
/// AWS leaves gaps between the numbers.
const SEQUENCE_NUMBER_STEP: u128 = 256;

/// What a sender gives: to SendMessage, or as an entry of SendMessageBatch, which has an id and no URL.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Draft {
    pub queue_url: Option<String>,
    pub id: Option<String>,
    pub message_body: Option<String>,
    pub delay_seconds: Option<i64>,
    pub message_attributes: Option<Attributes>,
    pub message_system_attributes: Option<Attributes>,
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

/// What a sender is told.
#[derive(Debug)]
pub struct Sent {
    pub message_id: String,
    pub body_md5: String,
    pub attributes_md5: Option<String>,
    pub system_attributes_md5: Option<String>,
    pub sequence_number: Option<String>,
}

impl Draft {
    /// What counts towards the size of a message: "system attributes don't count".
    pub fn size(&self) -> usize {
        let body = self.message_body.as_ref().map_or(0, String::len);
        body + self.message_attributes.as_ref().map_or(0, attributes::size)
    }

    /// assumed: of several mistakes, which one is answered.
    fn check(&self, queue: &Queue) -> Result<(), ApiError> {
        let body = self.message_body.as_deref().filter(|body| !body.is_empty());
        let body = body.ok_or_else(|| missing("MessageBody"))?;
        if let Some(letter) = first_forbidden(body) {
            return Err(forbidden(letter, "message body"));
        }
        if let Some(given) = &self.message_attributes {
            attributes::check(given)?;
        }
        if let Some(given) = &self.message_system_attributes {
            check_system_attributes(given)?;
        }
        let max = queue.attributes.maximum_message_size;
        if self.size() as i64 > max {
            return Err(invalid_parameter(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {max} bytes."
            )));
        }
        self.check_delay(queue)?;
        check_id("MessageGroupId", self.message_group_id.as_deref())?;
        check_id("MessageDeduplicationId", self.message_deduplication_id.as_deref())?;
        queue.only_if_fifo(self.message_deduplication_id.as_deref(), "MessageDeduplicationId")?;
        let Some(fifo) = &queue.attributes.fifo else { return Ok(()) };
        if self.message_group_id.is_none() {
            return Err(missing("MessageGroupId"));
        }
        if self.message_deduplication_id.is_none() && !fifo.content_based_deduplication {
            return Err(invalid_parameter(
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided \
                 explicitly",
            ));
        }
        Ok(())
    }

    fn check_delay(&self, queue: &Queue) -> Result<(), ApiError> {
        match self.delay_seconds {
            Some(delay) if !DELAY_SECONDS.contains(&delay) => {
                Err(invalid_value(delay, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900."))
            }
            // "When you set FifoQueue, you can't set DelaySeconds per message."
            Some(delay) if delay != 0 && queue.is_fifo() => Err(not_for_this_queue_type(delay, "DelaySeconds")),
            _ => Ok(()),
        }
    }
}

fn check_id(parameter: &str, id: Option<&str>) -> Result<(), ApiError> {
    let Some(id) = id else { return Ok(()) };
    let fits = (1..=ID_CHARACTERS_MAX).contains(&id.len()) && id.chars().all(|letter| letter.is_ascii_graphic());
    if fits {
        return Ok(());
    }
    let reason = format!("{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    Err(invalid_value(id, parameter, reason))
}

/// "The only supported message system attribute is AWSTraceHeader. Its type must be String". assumed: the wording.
fn check_system_attributes(given: &Attributes) -> Result<(), ApiError> {
    for (name, value) in given {
        if name != TRACE_HEADER {
            return Err(invalid_parameter(format!("Message system attribute name '{name}' is invalid.")));
        }
        if value.data_type.as_deref() != Some("String") || value.string_value.as_deref().is_none_or(str::is_empty) {
            return Err(invalid_parameter(format!(
                "Message system attribute '{name}' must contain a non-empty value of type 'String'."
            )));
        }
    }
    Ok(())
}

impl Sqs {
    /// Checks a message and puts it into its queue, unless the queue has had it.
    pub fn send(&mut self, name: &str, draft: Draft, call: &Call<'_>) -> Result<Sent, ApiError> {
        let queue = self.queue_mut(name)?;
        draft.check(queue)?;
        let body = draft.message_body.unwrap_or_default();
        let attributes = draft.message_attributes.unwrap_or_default();
        let system_attributes = draft.message_system_attributes.unwrap_or_default();
        let mut sent = Sent {
            message_id: String::new(),
            body_md5: attributes::digest_of_body(&body),
            attributes_md5: attributes::digest(&attributes),
            system_attributes_md5: attributes::digest(&system_attributes),
            sequence_number: None,
        };
        let fifo = queue.attributes.fifo.as_ref();
        let deduplication = fifo.map(|_| draft.message_deduplication_id.unwrap_or_else(|| id_of_body(&body)));
        let group = draft.message_group_id;
        let key: Option<Key> = fifo.zip(deduplication.clone()).map(|(fifo, id)| {
            let of_group = fifo.deduplication_by_group.then(|| group.clone()).flatten();
            (id, of_group)
        });
        if let Some(known) = key.as_ref().and_then(|key| queue.deduplication.find(key, call.now)) {
            call.note("known already");
            sent.message_id.clone_from(&known.message_id);
            sent.sequence_number = Some(known.sequence_number.clone());
            return Ok(sent);
        }
        sent.message_id = call.ids().uuid();
        let content = Content {
            id: sent.message_id.clone(),
            body,
            body_md5: sent.body_md5.clone(),
            attributes,
            trace_header: system_attributes.get(TRACE_HEADER).and_then(|value| value.string_value.clone()),
            group,
            deduplication,
            sender: sender(call),
        };
        let message = Message::new(content, call.now, call.event);
        sent.sequence_number = self.store(name, message, draft.delay_seconds, call);
        if let (Some(key), Some(number)) = (key, &sent.sequence_number) {
            let known = Known { sent: call.now, message_id: sent.message_id.clone(), sequence_number: number.clone() };
            self.queue_mut(name)?.deduplication.remember(key, known);
        }
        Ok(sent)
    }

    /// Puts a message into its queue; says its sequence number if the queue is FIFO.
    pub fn store(&mut self, name: &str, mut message: Message, delay: Option<i64>, call: &Call<'_>) -> Option<String> {
        let queue = self.queues.get_mut(name)?;
        let number = u128::from(queue.messages.next_number());
        message.sequence_number =
            queue.is_fifo().then(|| (SEQUENCE_NUMBERS_FROM + (number + 1) * SEQUENCE_NUMBER_STEP).to_string());
        let delay = if queue.is_fifo() { None } else { delay }.unwrap_or(queue.attributes.delay_seconds);
        message.state = if delay == 0 { State::Ready } else { State::Delayed(call.now + seconds(delay)) };
        let sequence_number = message.sequence_number.clone();
        queue.messages.add(message);
        queue.wake();
        self.plan_sweep(name);
        sequence_number
    }
}

/// AWS shows the id of the caller's user or role; here it is the access key that signed.
fn sender(call: &Call<'_>) -> String {
    match &*call.caller.access_key_id {
        "" => call.scope.account.to_string(),
        key => key.to_owned(),
    }
}
