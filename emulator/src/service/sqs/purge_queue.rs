//! Deletes all messages of a queue, those in flight included.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue_url::{self, queue_name};
use crate::kernel::{ApiError, Call, Operation};

/// "Only one PurgeQueue operation is allowed every 60 seconds."
const INTERVAL: Duration = Duration::from_mins(1);

pub struct PurgeQueue;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for PurgeQueue {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PurgeQueue";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue_mut(name)?;
        if queue.purged.is_some_and(|purged| call.now.since(purged) < INTERVAL) {
            let message = format!("Only one PurgeQueue operation on {name} is allowed every 60 seconds.");
            return Err(ApiError::new("PurgeQueueInProgress", message));
        }
        queue.purged = Some(call.now);
        queue.messages.clear();
        queue.deleted.clear();
        Ok(Output {})
    }
}
