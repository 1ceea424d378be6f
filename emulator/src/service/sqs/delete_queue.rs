//! Deletes a queue and all that is in it.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue_url::{self, queue_name};
use super::refusal::queue_does_not_exist;
use crate::kernel::{ApiError, Call, Operation};

pub struct DeleteQueue;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteQueue {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteQueue";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queues.remove(name).ok_or_else(queue_does_not_exist)?;
        state.agenda.retain(|(_, of, _)| of != name);
        state.deleted.insert(name.to_owned(), call.now);
        queue.wake();
        Ok(Output {})
    }
}
