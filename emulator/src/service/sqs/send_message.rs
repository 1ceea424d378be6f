//! Puts a message into a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>

use serde::Serialize;

use super::Sqs;
use super::queue_url::{self, queue_name};
use super::sending::{Draft, Sent};
use crate::kernel::{ApiError, Call, Operation};

pub struct SendMessage;

#[derive(Serialize)]
pub struct Output {
    #[serde(rename = "MD5OfMessageBody")]
    body_md5: String,
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    attributes_md5: Option<String>,
    #[serde(rename = "MD5OfMessageSystemAttributes", skip_serializing_if = "Option::is_none")]
    system_attributes_md5: Option<String>,
    #[serde(rename = "MessageId")]
    message_id: String,
    #[serde(rename = "SequenceNumber", skip_serializing_if = "Option::is_none")]
    sequence_number: Option<String>,
}

impl From<Sent> for Output {
    fn from(sent: Sent) -> Self {
        let Sent { message_id, body_md5, attributes_md5, system_attributes_md5, sequence_number } = sent;
        Self { body_md5, attributes_md5, system_attributes_md5, message_id, sequence_number }
    }
}

impl Operation for SendMessage {
    type Service = Sqs;
    type Input = Draft;
    type Output = Output;
    const NAME: &'static str = "SendMessage";

    fn resource(input: &Draft) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Draft, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?.to_owned();
        state.send(&name, input, call).map(Output::from)
    }
}
