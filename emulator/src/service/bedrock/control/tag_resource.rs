//! Adds tags to a guardrail or an application inference profile, or replaces their values.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_TagResource.html>

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;

pub struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    #[serde(rename = "resourceARN")]
    resource_arn: Option<String>,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagResource {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagResource";
    const BINDING: Binding = Binding::post("/tagResource");

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        violations.required("tags", &input.tags);
        tags::check(&mut violations, input.tags.as_deref());
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        tags::add(state.tags_of_mut(&arn, call.scope)?, input.tags.unwrap_or_default(), &arn)?;
        Ok(Output {})
    }
}
