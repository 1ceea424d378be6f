//! Removes tags from a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue_url::{self, queue_name};
use super::refusal::missing;
use crate::kernel::{ApiError, Call, Operation};

pub struct UntagQueue;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagQueue {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagQueue";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue_mut(name)?;
        let keys = input.tag_keys.filter(|keys| !keys.is_empty()).ok_or_else(|| missing("TagKeys"))?;
        queue.tags.retain(|key, _| !keys.contains(key));
        Ok(Output {})
    }
}
