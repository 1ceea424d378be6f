//! Adds tags to a rule or event bus, or replaces their values.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::tags::{self, GivenTag};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tags: Option<Vec<GivenTag>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagResource {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagResource";

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        violations.required("tags", &input.tags);
        tags::check(&mut violations, input.tags.as_deref());
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        state.tags_mut(&arn, call.scope)?.put(input.tags.unwrap_or_default())?;
        Ok(Output {})
    }
}
