//! Changes how long a message in flight stays invisible, from now on.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::attributes::VISIBILITY_SECONDS;
use super::queue_url::{self, queue_name};
use super::receipt_handle::ReceiptHandle;
use super::refusal::{invalid_value, missing};
use crate::kernel::{ApiError, Call, Operation};

pub struct ChangeMessageVisibility;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    receipt_handle: Option<String>,
    visibility_timeout: Option<i64>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for ChangeMessageVisibility {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ChangeMessageVisibility";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue_mut(name)?;
        queue.catch_up(call.now);
        let timeout = check_timeout(input.visibility_timeout)?;
        let handle = ReceiptHandle::parse(input.receipt_handle.as_deref(), queue)?;
        queue.change_visibility(&handle, input.receipt_handle.as_deref().unwrap_or_default(), timeout, call.now)?;
        call.note(format!("{timeout} s"));
        Ok(Output {})
    }
}

/// A timeout that a message can have. assumed: the wording, which is that of WaitTimeSeconds.
pub fn check_timeout(timeout: Option<i64>) -> Result<i64, ApiError> {
    let timeout = timeout.ok_or_else(|| missing("VisibilityTimeout"))?;
    if VISIBILITY_SECONDS.contains(&timeout) {
        return Ok(timeout);
    }
    Err(invalid_value(timeout, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided."))
}
