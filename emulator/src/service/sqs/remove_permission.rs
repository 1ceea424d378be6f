//! Removes a permission from the policy of a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_RemovePermission.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::permissions;
use super::queue_url::{self, queue_name};
use super::refusal::missing;
use crate::kernel::{ApiError, Call, Operation};

pub struct RemovePermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    label: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for RemovePermission {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "RemovePermission";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue_mut(name)?;
        let label = input.label.as_deref().ok_or_else(|| missing("Label"))?;
        queue.attributes.policy = permissions::remove(queue.attributes.policy.as_deref(), label)?;
        call.note(label);
        Ok(Output {})
    }
}
