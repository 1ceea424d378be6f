//! Adds tags to a queue, or replaces their values.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue_url::{self, queue_name};
use super::refusal::missing;
use super::tags;
use crate::kernel::{ApiError, Call, Operation};

pub struct TagQueue;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagQueue {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagQueue";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue_mut(name)?;
        let added = input.tags.filter(|tags| !tags.is_empty()).ok_or_else(|| missing("Tags"))?;
        queue.tags = tags::with(&queue.tags, added, name)?;
        Ok(Output {})
    }
}
