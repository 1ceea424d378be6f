//! Lists the tags of a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue_url::{self, queue_name};
use crate::kernel::{ApiError, Call, Operation};

pub struct ListQueueTags;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
}

impl Operation for ListQueueTags {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListQueueTags";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        Ok(Output { tags: state.queue(name)?.tags.clone() })
    }
}
