//! Adds tags to a stream, or replaces their values.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_AddTagsToStream.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::resource_arn::Resource;
use super::stream_reference::StreamReference;
use super::tags;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct AddTagsToStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for AddTagsToStream {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "AddTagsToStream";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        violations.required("tags", &input.tags);
        tags::check(&mut violations, input.tags.as_ref());
        let name = reference.name(violations, call.scope)?;
        tags::add(state, &Resource::Stream(name), input.tags.unwrap_or_default(), call.scope)?;
        Ok(Output {})
    }
}
