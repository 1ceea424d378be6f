//! Deletes a message by the handle of its receipt.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::queue_url::{self, queue_name};
use super::receipt_handle::ReceiptHandle;
use crate::kernel::{ApiError, Call, Operation};

pub struct DeleteMessage;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    receipt_handle: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteMessage {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteMessage";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue_mut(name)?;
        queue.catch_up(call.now);
        let handle = ReceiptHandle::parse(input.receipt_handle.as_deref(), queue)?;
        queue.delete(&handle, input.receipt_handle.as_deref().unwrap_or_default())?;
        Ok(Output {})
    }
}
