//! Deletes a stream with its shards and records; it is DELETING until it is gone.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::lifecycle::Work;
use super::stream::Status;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Scope};

pub struct DeleteStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    enforce_consumer_deletion: Option<bool>,
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
        if !stream.consumers.is_empty() && input.enforce_consumer_deletion != Some(true) {
            return Err(has_consumers(&name, call.scope));
        }
        stream.consumers.end();
        stream.status = Status::Deleting;
        stream.changed_by = call.event;
        state.listeners.end_stream(&name);
        state.plan_transition(&name, Work::Remove, call.now);
        Ok(Output {})
    }
}

/// Wording: <https://github.com/rebuy-de/aws-nuke/issues/497>
fn has_consumers(name: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    ApiError::new(
        "ResourceInUseException",
        format!(
            "DeleteStream can’t delete {account}:{name} because there are consumers associated with this data stream. \
             To delete {name} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all \
             the consumers that are associated with it."
        ),
    )
}
