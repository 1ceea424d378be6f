//! Removes tags from a stream or consumer; keys that it has not are no mistake.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UntagResource.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::resource_arn;
use super::tags;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    stream_id: Unsupported,
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagResource {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagResource";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_deref())
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.required("tagKeys", &input.tag_keys);
        tags::check_keys(&mut violations, input.tag_keys.as_deref());
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        let resource = resource_arn::resolve(&arn, state, call.scope)?;
        tags::remove(state, &resource, &input.tag_keys.unwrap_or_default(), call.scope)?;
        Ok(Output {})
    }
}
