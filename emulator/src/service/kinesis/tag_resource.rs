//! Adds tags to a stream or consumer, or replaces their values.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_TagResource.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::resource_arn;
use super::tags;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    stream_id: Unsupported,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagResource {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagResource";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_deref())
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.required("tags", &input.tags);
        tags::check(&mut violations, input.tags.as_ref());
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        let resource = resource_arn::resolve(&arn, state, call.scope)?;
        tags::add(state, &resource, input.tags.unwrap_or_default(), call.scope)?;
        Ok(Output {})
    }
}
