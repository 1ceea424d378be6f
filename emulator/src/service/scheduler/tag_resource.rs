//! Adds tags to a schedule group, or replaces their values.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html>

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use super::{Scheduler, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};

pub struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagResource {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagResource";
    const BINDING: Binding = Binding::post("/tags/{ResourceArn}");

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        violations.required("tags", &input.tags);
        tags::check(&mut violations, input.tags.as_deref());
        refusal::finish(violations)?;
        let name = tags::changeable_group_of(&input.resource_arn.unwrap_or_default(), call.scope)?;
        let group = state.group_mut(&name, call.now)?;
        tags::add(&mut group.tags, input.tags.unwrap_or_default())?;
        group.modified = call.now;
        Ok(Output {})
    }
}
