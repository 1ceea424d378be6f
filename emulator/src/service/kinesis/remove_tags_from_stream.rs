//! Removes tags from a stream; keys that it has not are no mistake.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RemoveTagsFromStream.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::resource_arn::Resource;
use super::stream_reference::StreamReference;
use super::tags;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct RemoveTagsFromStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for RemoveTagsFromStream {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "RemoveTagsFromStream";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        violations.required("tagKeys", &input.tag_keys);
        tags::check_keys(&mut violations, input.tag_keys.as_deref());
        let name = reference.name(violations, call.scope)?;
        tags::remove(state, &Resource::Stream(name), &input.tag_keys.unwrap_or_default(), call.scope)?;
        Ok(Output {})
    }
}
