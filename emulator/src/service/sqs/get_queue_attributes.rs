//! Gives the attributes of a queue: those that are set, and counts of its messages.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::attributes::{NAMES, OF_FIFO};
use super::queue::Queue;
use super::queue_url::{self, queue_name};
use super::refusal::unknown_attribute;
use crate::kernel::{ApiError, Call, Operation};

pub struct GetQueueAttributes;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    attribute_names: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
}

impl Operation for GetQueueAttributes {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetQueueAttributes";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let asked = input.attribute_names.unwrap_or_default();
        let (now, scope) = (call.now, call.scope);
        let queue = state.queue_mut(name)?;
        queue.catch_up(now);
        let unknown = |name: &&String| {
            let known = NAMES.contains(&name.as_str()) && (queue.is_fifo() || !OF_FIFO.contains(&name.as_str()));
            *name != "All" && !known
        };
        if let Some(name) = asked.iter().find(unknown) {
            return Err(unknown_attribute(name));
        }
        let all = asked.iter().any(|name| name == "All");
        let names = NAMES.into_iter().filter(|known| all || asked.iter().any(|name| name == known));
        let value = |name: &str| Some((name.to_owned(), get(queue, name, &queue.arn(scope).to_string())?));
        Ok(Output { attributes: names.filter_map(value).collect() })
    }
}

fn get(queue: &Queue, name: &str, arn: &str) -> Option<String> {
    let messages = &queue.messages;
    match name {
        "QueueArn" => Some(arn.to_owned()),
        "ApproximateNumberOfMessages" => Some(messages.ready_count().to_string()),
        "ApproximateNumberOfMessagesNotVisible" => Some(messages.in_flight_count().to_string()),
        "ApproximateNumberOfMessagesDelayed" => Some(messages.delayed_count().to_string()),
        "CreatedTimestamp" => Some(queue.created.as_secs().to_string()),
        "LastModifiedTimestamp" => Some(queue.modified.as_secs().to_string()),
        set => queue.attributes.get(set),
    }
}
