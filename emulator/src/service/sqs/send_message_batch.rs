//! Puts up to ten messages into a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::attributes::MESSAGE_BYTES_MAX;
use super::queue_url::{self, queue_name};
use super::refusal::missing;
use super::sending::Draft;
use super::{batch, send_message};
use crate::kernel::{ApiError, Call, Operation};

const ENTRY: &str = "SendMessageBatchRequestEntry";

pub struct SendMessageBatch;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    entries: Option<Vec<Draft>>,
}

#[derive(Serialize)]
pub struct Done {
    #[serde(rename = "Id")]
    id: String,
    #[serde(flatten)]
    sent: send_message::Output,
}

type Output = batch::Output<Done>;

impl Operation for SendMessageBatch {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "SendMessageBatch";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        state.queue(name)?;
        let entries = input.entries.unwrap_or_default();
        batch::check(ENTRY, &entries, |entry| entry.id.as_deref())?;
        for (index, entry) in entries.iter().enumerate() {
            if entry.message_body.as_deref().is_none_or(str::is_empty) {
                return Err(missing(format_args!("{ENTRY}.{}.MessageBody", index + 1)));
            }
        }
        let bytes: usize = entries.iter().map(|entry| entry.size()).sum();
        if bytes as i64 > MESSAGE_BYTES_MAX {
            return Err(ApiError::new(
                "BatchRequestTooLong",
                format!("Batch requests cannot be longer than {MESSAGE_BYTES_MAX} bytes. You have sent {bytes} bytes."),
            ));
        }
        let output = batch::Output::of(
            entries,
            |entry| entry.id.clone().unwrap_or_default(),
            |entry, id| {
                let sent = state.send(name, entry, call)?;
                Ok(Done { id, sent: sent.into() })
            },
        );
        call.note(output.summary());
        Ok(output)
    }
}
