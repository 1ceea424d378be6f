//! Deletes up to ten messages.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html>

use serde::Deserialize;

use super::Sqs;
use super::batch::{self, Succeeded};
use super::queue_url::{self, queue_name};
use super::receipt_handle::ReceiptHandle;
use crate::kernel::{ApiError, Call, Operation};

pub struct DeleteMessageBatch;

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
}

type Output = batch::Output<Succeeded>;

impl Operation for DeleteMessageBatch {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteMessageBatch";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let queue = state.queue_mut(name)?;
        queue.catch_up(call.now);
        let entries = input.entries.unwrap_or_default();
        batch::check("DeleteMessageBatchRequestEntry", &entries, |entry| entry.id.as_deref())?;
        let output = batch::Output::of(
            entries,
            |entry| entry.id.clone().unwrap_or_default(),
            |entry, id| {
                let handle = ReceiptHandle::parse(entry.receipt_handle.as_deref(), queue)?;
                queue.delete(&handle, entry.receipt_handle.as_deref().unwrap_or_default())?;
                Ok(Succeeded { id })
            },
        );
        call.note(output.summary());
        Ok(output)
    }
}
