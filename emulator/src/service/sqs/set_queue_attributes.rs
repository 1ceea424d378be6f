//! Sets attributes of a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue::seconds;
use super::queue_url::{self, queue_name};
use super::refusal::missing;
use crate::kernel::{ApiError, Call, Operation};

pub struct SetQueueAttributes;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for SetQueueAttributes {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "SetQueueAttributes";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue(name)?;
        let given = input.attributes.filter(|given| !given.is_empty()).ok_or_else(|| missing("Attribute.Name"))?;
        let attributes = queue.attributes.with(&given)?;
        state.check_redrive(name, &attributes, call.scope)?;
        call.note(given.keys().cloned().collect::<Vec<_>>().join(" "));
        let queue = state.queue_mut(name)?;
        queue.catch_up(call.now);
        // "For FIFO queues, the per-queue delay setting is retroactive."
        if queue.is_fifo() && attributes.delay_seconds != queue.attributes.delay_seconds {
            queue.messages.delay_anew(seconds(attributes.delay_seconds));
        }
        queue.attributes = attributes;
        queue.modified = call.now;
        queue.wake();
        state.plan_sweep(name);
        Ok(Output {})
    }
}
