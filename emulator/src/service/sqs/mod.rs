//! Amazon SQS: standard and FIFO queues.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html>
//!
//! A queue holds its messages in the order of arrival (`messages.rs`); `sending.rs`
//! puts them there, whoever sends, and `receiving.rs` takes them out. A call that
//! waits for a message waits in the gateway (`receive_message.rs`). What is received
//! too often goes to the dead-letter queue over the kernel's bus (`redrive.rs`), and
//! a task brings it back (`move_task.rs`). The service speaks JSON and the query
//! protocol (`query_protocol.rs`).
//!
//! # Differences
//!
//! - A standard queue gives messages in the order in which they were sent, each
//!   once, and a short poll asks all of it. Faults (`duplicate`, `reorder`) change that.
//! - Message groups of standard queues are kept and have no effect on fairness.
//! - A deleted or purged queue is so at once. A queue changes its attributes at once.
//! - Policies, permissions and keys are kept and not enforced; a queue of another
//!   account or region is not found.
//! - Rates are not limited, those of FIFO queues included.
//! - An older receipt handle of a standard queue's message still deletes it, as it
//!   mostly does on AWS.
//! - A message that goes to a dead-letter queue keeps its id, and its receives are
//!   counted on (assumed).
//! - A task without a rate moves 500 messages a second; it moves what was there when
//!   it began (assumed).
//! - The SenderId is the access key that signed, or the account.
//! - An X-Ray header of an HTTP request does not become an AWSTraceHeader.
//! - What AWS does not document is marked `assumed` in the code: the wording of
//!   some refusals, and when several checks fail, which one answers.

mod add_permission;
mod attributes;
mod batch;
mod cancel_message_move_task;
mod change_message_visibility;
mod change_message_visibility_batch;
mod create_queue;
mod deduplication;
mod delete_message;
mod delete_message_batch;
mod delete_queue;
mod get_queue_attributes;
mod get_queue_url;
mod lifecycle;
mod list_dead_letter_source_queues;
mod list_message_move_tasks;
mod list_queue_tags;
mod list_queues;
mod message;
mod message_attributes;
mod messages;
mod move_task;
mod page;
mod permissions;
mod purge_queue;
mod query_protocol;
mod queue;
mod queue_name;
mod queue_url;
mod receipt_handle;
mod receive_message;
mod receiving;
mod redrive;
mod redrive_policy;
mod refusal;
mod remove_permission;
mod send_message;
mod send_message_batch;
mod sending;
mod set_queue_attributes;
mod start_message_move_task;
mod tag_queue;
mod tags;
#[cfg(test)]
mod tests;
mod untag_queue;

use std::collections::BTreeSet;

use self::lifecycle::Due;
use self::message_attributes::Value;
use self::queue::Queue;
use self::redrive::Transfer;
use self::sending::Draft;
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{
    AnyOperation, ApiError, Call, Delivery, Protocol, Receipt, Service, ServiceDescription, Timestamp,
};
use crate::wire::aws_query::Query;

/// The service's name on the timeline.
const SERVICE: &str = "sqs";

/// One account and region's state.
#[derive(Clone, Debug, Default)]
pub struct Sqs {
    queues: Kept<String, Queue>,
    /// When queues were deleted whose names cannot be used again yet.
    deleted: Kept<String, Timestamp>,
    agenda: BTreeSet<Due>,
    tasks_so_far: Single<u64>,
}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Amazon Simple Queue Service",
    signing_name: "sqs",
    target_prefix: "AmazonSQS",
    protocol: Protocol::AwsJson1_0,
    // Messages of 1 MiB, which escapes in JSON and in forms make several times larger.
    body_bytes_max: 8 << 20,
    error_namespace: |code| match code {
        "InvalidParameterValueException" | "MissingRequiredParameterException" | "SerializationException" => {
            "com.amazon.coral.service#"
        }
        _ => "com.amazonaws.sqs#",
    },
    crc32: false,
    cbor: false,
    throttled: |_| ApiError::new("RequestThrottled", "Request is throttled."),
    not_implemented: &[],
    not_implemented_at: &[],
    differences: &[
        "A standard queue gives messages in the order in which they were sent, each once, and a short poll asks all of \
         it; the faults `duplicate` and `reorder` change that.",
        "Message groups of standard queues are kept and have no effect on fairness.",
        "Queues are deleted and purged, and change their attributes, at once.",
        "Policies, permissions and keys are kept and not enforced; a queue of another account or region is not found.",
        "Rates are not limited, those of FIFO queues included; the fault `throttle` refuses calls.",
        "An older receipt handle of a standard queue's message still deletes it, as it mostly does on AWS.",
        "A message that goes to a dead-letter queue keeps its id, and its receives are counted on (assumed).",
        "A move task without a rate moves 500 messages a second; it moves what was there when it began (assumed).",
        "The SenderId is the access key that signed, or the account.",
        "An X-Ray header of an HTTP request does not become an AWSTraceHeader.",
        "Where AWS documents no wording for a refusal, it is ours.",
    ],
};

impl Service for Sqs {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &add_permission::AddPermission,
        &cancel_message_move_task::CancelMessageMoveTask,
        &change_message_visibility::ChangeMessageVisibility,
        &change_message_visibility_batch::ChangeMessageVisibilityBatch,
        &create_queue::CreateQueue,
        &delete_message::DeleteMessage,
        &delete_message_batch::DeleteMessageBatch,
        &delete_queue::DeleteQueue,
        &get_queue_attributes::GetQueueAttributes,
        &get_queue_url::GetQueueUrl,
        &list_dead_letter_source_queues::ListDeadLetterSourceQueues,
        &list_message_move_tasks::ListMessageMoveTasks,
        &list_queue_tags::ListQueueTags,
        &list_queues::ListQueues,
        &purge_queue::PurgeQueue,
        &receive_message::ReceiveMessage,
        &remove_permission::RemovePermission,
        &send_message::SendMessage,
        &send_message_batch::SendMessageBatch,
        &set_queue_attributes::SetQueueAttributes,
        &start_message_move_task::StartMessageMoveTask,
        &tag_queue::TagQueue,
        &untag_queue::UntagQueue,
    ];
    const QUERY: Option<&'static Query> = Some(&query_protocol::QUERY);

    fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("queue", &mut self.queues, Queue::keep);
        book.map("deleted", &mut self.deleted);
        book.value("tasks_so_far", &mut self.tasks_so_far);
        if book.reads() {
            self.agenda = self.queues.values().flat_map(Queue::work).collect();
        }
    }

    fn fork(&mut self) -> Option<Self> {
        Some(self.clone())
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(due, _, _)| *due)
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.do_due_work(call);
    }

    /// A delivery becomes a message: the key is its group, the attributes are its own.
    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        let name = &delivery.to.resource;
        if let Some(transfer) = delivery.enclosed::<Transfer>() {
            self.take_over(name, &transfer, call)?;
            return Ok(Receipt::Taken);
        }
        let attributes = delivery.attributes.iter().map(|(name, value)| (name.clone(), Value::string(value)));
        let draft = Draft {
            message_body: Some(String::from_utf8_lossy(&delivery.body).into_owned()),
            message_attributes: Some(attributes.collect()),
            message_group_id: delivery.key.clone(),
            ..Draft::default()
        };
        let sent = self.send(name, draft, call)?;
        call.note(sent.message_id);
        Ok(Receipt::Taken)
    }
}

impl Sqs {
    fn queue(&self, name: &str) -> Result<&Queue, ApiError> {
        self.queues.get(name).ok_or_else(refusal::queue_does_not_exist)
    }

    fn queue_mut(&mut self, name: &str) -> Result<&mut Queue, ApiError> {
        self.queues.get_mut(name).ok_or_else(refusal::queue_does_not_exist)
    }
}

/// `1 message`, `2 messages`: for the timeline.
fn messages_count(count: usize) -> String {
    format!("{count} message{}", if count == 1 { "" } else { "s" })
}
