//! Creates a queue, or finds the one that is there with the same attributes.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::attributes::Attributes;
use super::queue::Queue;
use super::queue_name;
use super::queue_url::{self, name_of_arn};
use super::refusal::{invalid_attribute_value, unknown_attribute};
use super::tags;
use crate::kernel::{ApiError, Call, Operation, Scope};

/// "You must wait 60 seconds after deleting a queue before you can create another queue with the same name."
const INTERVAL: Duration = Duration::from_mins(1);

pub struct CreateQueue;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_name: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
    /// In lower case in AWS's model.
    #[serde(rename = "tags", alias = "Tags")]
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    queue_url: String,
}

impl Operation for CreateQueue {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateQueue";

    fn resource(input: &Input) -> String {
        input.queue_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let given = input.attributes.unwrap_or_default();
        let is_fifo = match given.get("FifoQueue").map(String::as_str) {
            None => false,
            Some("true") => true,
            // "You can't set it to false": a standard queue knows no such attribute.
            Some("false") => return Err(unknown_attribute("FifoQueue")),
            Some(_) => return Err(invalid_attribute_value("FifoQueue")),
        };
        let name = queue_name::check(input.queue_name.as_deref(), is_fifo)?.to_owned();
        let attributes = Attributes::new(is_fifo).with(&given)?;
        if let Some(existing) = state.queues.get(&name) {
            check_same(existing, &attributes, given.keys())?;
            return Ok(Output { queue_url: queue_url::of(&name, call) });
        }
        state.check_redrive(&name, &attributes, call.scope)?;
        let tags = tags::with(&BTreeMap::new(), input.tags.unwrap_or_default(), &name)?;
        state.deleted.retain(|_, deleted| call.now.since(*deleted) < INTERVAL);
        if state.deleted.contains_key(&name) {
            let message = "You must wait 60 seconds after deleting a queue before you can create another with the \
                           same name.";
            return Err(ApiError::new("QueueDeletedRecently", message));
        }
        let mut queue = Queue::new(name.clone(), attributes, call.now);
        queue.tags = tags;
        state.queues.insert(name.clone(), queue);
        Ok(Output { queue_url: queue_url::of(&name, call) })
    }
}

/// "If you provide the name of an existing queue along with the exact names and values of all the queue's
/// attributes, CreateQueue returns the queue URL": what is not given is not compared.
fn check_same<'a>(
    existing: &Queue,
    wanted: &Attributes,
    mut given: impl Iterator<Item = &'a String>,
) -> Result<(), ApiError> {
    match given.find(|name| existing.attributes.get(name) != wanted.get(name)) {
        None => Ok(()),
        Some(name) => Err(ApiError::new(
            "QueueNameExists",
            format!("A queue already exists with the same name and a different value for attribute {name}"),
        )),
    }
}

impl Sqs {
    /// What a redrive policy needs of other queues.
    pub fn check_redrive(&self, name: &str, attributes: &Attributes, scope: &Scope) -> Result<(), ApiError> {
        let Some(policy) = &attributes.redrive_policy else { return Ok(()) };
        let target = name_of_arn(&policy.dead_letter_target, scope).and_then(|target| self.queues.get(target));
        let target = target.ok_or_else(|| policy.refused("Dead letter target does not exist."))?;
        if target.is_fifo() != attributes.fifo.is_some() {
            return Err(policy.refused("Dead-letter queue must be same type of queue as the source."));
        }
        let source = crate::kernel::Arn::new("sqs", scope, name);
        let allowed = target.attributes.redrive_allow_policy.as_ref().is_none_or(|allow| allow.allows(&source));
        // assumed: the wording.
        if allowed { Ok(()) } else { Err(policy.refused("Dead letter target does not allow this source queue.")) }
    }
}
