//! Deletes a stream with its shards and records; it is DELETING until it is gone.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::lifecycle::Work;
use super::stream::Status;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct DeleteStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    /// Without effect: there are no enhanced fan-out consumers yet.
    #[serde(rename = "EnforceConsumerDeletion")]
    _enforce_consumer_deletion: Option<bool>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteStream {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteStream";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let name = reference.name(reference.violations(), call.scope)?;
        // "If the stream is in the ACTIVE state, you can delete it."
        let stream = state.active_mut(&name, call.scope)?;
        stream.status = Status::Deleting;
        stream.changed_by = call.event;
        state.plan_transition(&name, Work::Remove, call.now);
        Ok(Output {})
    }
}
