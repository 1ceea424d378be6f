//! Lists the tags of a stream or consumer by key, all of them.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForResource.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::resource_arn;
use super::tags::Tag;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListTagsForResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    stream_id: Unsupported,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    tags: Vec<Tag>,
}

impl Operation for ListTagsForResource {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsForResource";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_deref())
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        let resource = resource_arn::resolve(&arn, state, call.scope)?;
        let attached = state.attached(&resource, call.scope)?;
        Ok(Output { tags: attached.tags.iter().map(Tag::of).collect() })
    }
}
