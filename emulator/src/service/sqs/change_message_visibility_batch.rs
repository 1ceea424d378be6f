//! Changes how long up to ten messages in flight stay invisible.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html>

use serde::Deserialize;

use super::Sqs;
use super::batch::{self, Succeeded};
use super::change_message_visibility::check_timeout;
use super::queue_url::{self, queue_name};
use super::receipt_handle::ReceiptHandle;
use crate::kernel::{ApiError, Call, Operation};

pub struct ChangeMessageVisibilityBatch;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    entries: Option<Vec<Entry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: Option<String>,
    receipt_handle: Option<String>,
    visibility_timeout: Option<i64>,
}

type Output = batch::Output<Succeeded>;

impl Operation for ChangeMessageVisibilityBatch {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ChangeMessageVisibilityBatch";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let now = call.now;
        let queue = state.queue_mut(name)?;
        queue.catch_up(now);
        let entries = input.entries.unwrap_or_default();
        batch::check("ChangeMessageVisibilityBatchRequestEntry", &entries, |entry| entry.id.as_deref())?;
        let output = batch::Output::of(
            entries,
            |entry| entry.id.clone().unwrap_or_default(),
            |entry, id| {
                let timeout = check_timeout(entry.visibility_timeout)?;
                let handle = ReceiptHandle::parse(entry.receipt_handle.as_deref(), queue)?;
                let text = entry.receipt_handle.as_deref().unwrap_or_default();
                queue.change_visibility(&handle, text, timeout, now)?;
                Ok(Succeeded { id })
            },
        );
        call.note(output.summary());
        Ok(output)
    }
}
