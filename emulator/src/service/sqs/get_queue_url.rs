//! Gives the URL of a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue_url;
use super::refusal::{missing, queue_does_not_exist};
use crate::kernel::{ApiError, Call, Operation};

pub struct GetQueueUrl;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_name: Option<String>,
    #[serde(rename = "QueueOwnerAWSAccountId")]
    owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    queue_url: String,
}

impl Operation for GetQueueUrl {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetQueueUrl";

    fn resource(input: &Input) -> String {
        input.queue_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = input.queue_name.ok_or_else(|| missing("QueueName"))?;
        if input.owner.is_some_and(|owner| *owner != *call.scope.account) {
            return Err(queue_does_not_exist());
        }
        Ok(Output { queue_url: queue_url::of(&state.queue(&name)?.name, call) })
    }
}
