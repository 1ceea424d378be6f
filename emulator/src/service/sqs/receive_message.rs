//! Receives messages, and waits for the first if it is asked to.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::attributes::{VISIBILITY_SECONDS, WAIT_SECONDS};
use super::message::Message;
use super::message_attributes::{self, Attributes, digest, is_wanted};
use super::queue::{Queue, seconds};
use super::queue_url::{self, queue_name};
use super::receipt_handle::ReceiptHandle;
use super::receiving::{Request, Taken, first_writer};
use super::refusal::{invalid_value, queue_does_not_exist, unknown_attribute};
use super::{Sqs, messages_count};
use crate::kernel::operation::{Encode, Prepared, document};
use crate::kernel::{Answer, AnyOperation, ApiError, Awaited, Binding, Call, Cell, Later, Look, Timestamp};
use crate::wire;

const COUNT_MAX: i64 = 10;
const SYSTEM_ATTRIBUTES: [&str; 10] = [
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

pub struct ReceiveMessage;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    queue_url: Option<String>,
    /// The older name of the next.
    attribute_names: Option<Vec<String>>,
    message_system_attribute_names: Option<Vec<String>>,
    message_attribute_names: Option<Vec<String>>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    receive_request_attempt_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<OutputMessage>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OutputMessage {
    message_id: String,
    receipt_handle: String,
    #[serde(rename = "MD5OfBody")]
    body_md5: String,
    body: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<&'static str, String>,
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    attributes_md5: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    message_attributes: Attributes,
}

/// A call that receives what there is, or waits for it.
struct Poll {
    cell: Arc<Cell<Sqs>>,
    queue: String,
    /// Tells apart queues that had the same name one after the other.
    created: Timestamp,
    request: Request,
    wanted: Wanted,
    until: Timestamp,
    woken: Arc<Notify>,
}

/// What a consumer wants to know of messages.
struct Wanted {
    system_attributes: Vec<String>,
    attributes: Vec<String>,
}

impl AnyOperation<Sqs> for ReceiveMessage {
    fn name(&self) -> &'static str {
        "ReceiveMessage"
    }

    fn binding(&self) -> Binding {
        Binding::ROOT
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Sqs>>, ApiError> {
        Ok(Box::new(request.decode::<Input>()?))
    }
}

impl Prepared<Sqs> for Input {
    fn resource(&self) -> String {
        queue_url::shown(self.queue_url.as_deref())
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Sqs>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let mut poll = self.poll(cell, call)?;
        match poll.look(call)? {
            Look::Found(output) => Ok(output),
            Look::Wait(_) => Ok(Box::new(Answer::Later(Later(Box::new(poll))))),
        }
    }
}

impl Input {
    fn poll(self, cell: &Arc<Cell<Sqs>>, call: &mut Call<'_>) -> Result<Poll, ApiError> {
        let name = queue_name(self.queue_url.as_deref(), call)?.to_owned();
        let state = cell.exclusive(call);
        let queue = state.queue(&name)?;
        let system_attributes: Vec<String> =
            [self.attribute_names, self.message_system_attribute_names].into_iter().flatten().flatten().collect();
        if let Some(unknown) = system_attributes.iter().find(|name| !SYSTEM_ATTRIBUTES.contains(&name.as_str())) {
            return Err(unknown_attribute(unknown));
        }
        let count = self.max_number_of_messages.unwrap_or(1);
        if !(1..=COUNT_MAX).contains(&count) {
            let reason = "Must be between 1 and 10, if provided.";
            return Err(invalid_value(count, "MaxNumberOfMessages", reason));
        }
        let visibility_timeout = self.visibility_timeout.unwrap_or(queue.attributes.visibility_timeout);
        if !VISIBILITY_SECONDS.contains(&visibility_timeout) {
            let reason = "Must be >= 0 and <= 43200, if provided.";
            return Err(invalid_value(visibility_timeout, "VisibilityTimeout", reason));
        }
        let wait = self.wait_time_seconds.unwrap_or(queue.attributes.receive_message_wait_time_seconds);
        if !WAIT_SECONDS.contains(&wait) {
            return Err(invalid_value(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided."));
        }
        let attempt = self.receive_request_attempt_id;
        queue.only_if_fifo(attempt.as_deref(), "ReceiveRequestAttemptId")?;
        Ok(Poll {
            cell: Arc::clone(cell),
            queue: name,
            created: queue.created,
            request: Request {
                count: usize::try_from(count).unwrap_or(1),
                visibility_timeout,
                attempt,
                waits: wait > 0,
            },
            wanted: Wanted { system_attributes, attributes: self.message_attribute_names.unwrap_or_default() },
            until: call.now + seconds(wait),
            woken: Arc::clone(&queue.woken),
        })
    }
}

impl Awaited for Poll {
    fn look(&mut self, call: &mut Call<'_>) -> Result<Look, ApiError> {
        let cell = Arc::clone(&self.cell);
        let mut state = cell.exclusive(call);
        if state.queue(&self.queue)?.created != self.created {
            return Err(queue_does_not_exist());
        }
        let Taken { numbers, given_up } = state.receive_messages(&self.queue, &self.request, call)?;
        if given_up > 0 {
            call.note(format!("{} to the dead-letter queue", messages_count(given_up)));
        }
        let queue = state.queue(&self.queue)?;
        if numbers.is_empty() && call.now < self.until {
            let next = queue.messages.next_ready();
            return Ok(Look::Wait(next.map_or(self.until, |next| next.min(self.until))));
        }
        match first_writer(queue, &numbers) {
            Some(writer) => {
                call.note(messages_count(numbers.len()));
                call.read_from(writer);
                call.hand_work();
            }
            None if given_up == 0 => call.quiet(),
            None => {}
        }
        let messages = numbers.iter().filter_map(|number| self.wanted.output(queue, *number)).collect();
        Ok(Look::Found(document(Output { messages })))
    }

    fn hurry(&mut self) {
        self.until = Timestamp::default();
    }

    fn woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }
}

impl Wanted {
    fn output(&self, queue: &Queue, number: u64) -> Option<OutputMessage> {
        let message = queue.messages.get(number)?;
        let content = &message.content;
        let wanted = |(name, _): &(&String, &message_attributes::Value)| is_wanted(name, &self.attributes);
        let given: Attributes =
            content.attributes.iter().filter(wanted).map(|(name, value)| (name.clone(), value.clone())).collect();
        Some(OutputMessage {
            message_id: content.id.clone(),
            receipt_handle: ReceiptHandle::new(queue, number, message.receives).encode(),
            body_md5: content.body_md5.clone(),
            body: content.body.clone(),
            attributes: self.system_attributes(message),
            attributes_md5: digest(&given),
            message_attributes: given,
        })
    }

    fn system_attributes(&self, message: &Message) -> BTreeMap<&'static str, String> {
        let content = &message.content;
        let millis = |moment: Timestamp| moment.as_millis().to_string();
        let known = [
            ("SenderId", Some(content.sender.clone())),
            ("SentTimestamp", Some(millis(message.sent))),
            ("ApproximateReceiveCount", Some(message.receives.to_string())),
            ("ApproximateFirstReceiveTimestamp", message.first_received.map(millis)),
            ("SequenceNumber", message.sequence_number.clone()),
            ("MessageDeduplicationId", content.deduplication.clone()),
            ("MessageGroupId", content.group.clone()),
            ("AWSTraceHeader", content.trace_header.clone()),
            ("DeadLetterQueueSourceArn", message.source.as_ref().map(ToString::to_string)),
        ];
        let asked = |name: &str| self.system_attributes.iter().any(|asked| asked == "All" || asked == name);
        known.into_iter().filter(|(name, _)| asked(name)).filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
