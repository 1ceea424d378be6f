//! Lists the tags of a guardrail or an application inference profile.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListTagsForResource.html>

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;

pub struct ListTagsForResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    #[serde(rename = "resourceARN")]
    resource_arn: Option<String>,
}

#[derive(Serialize)]
pub struct Output {
    tags: Vec<Tag>,
}

impl Operation for ListTagsForResource {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsForResource";
    const BINDING: Binding = Binding::post("/listTagsForResource");

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        violations.finish()?;
        let tags = state.tags_of(&input.resource_arn.unwrap_or_default(), call.scope)?;
        Ok(Output { tags: tags::listed(tags) })
    }
}
