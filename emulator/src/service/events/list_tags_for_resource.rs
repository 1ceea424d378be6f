//! Lists the tags of a rule or event bus.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTagsForResource.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::tags::{self, Tag};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListTagsForResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    tags: Vec<Tag>,
}

impl Operation for ListTagsForResource {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsForResource";

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        violations.finish()?;
        let tags = state.tags(&input.resource_arn.unwrap_or_default(), call.scope)?;
        Ok(Output { tags: tags.all().to_vec() })
    }
}
