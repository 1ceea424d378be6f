//! Lists the tags of a schedule group.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListTagsForResource.html>

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use super::{Scheduler, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};

pub struct ListTagsForResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    tags: Vec<Tag>,
}

impl Operation for ListTagsForResource {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsForResource";
    const BINDING: Binding = Binding::get("/tags/{ResourceArn}");

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        refusal::finish(violations)?;
        let name = tags::group_of(&input.resource_arn.unwrap_or_default(), call.scope)?;
        let tags = &state.group(&name, call.now)?.tags;
        let tag = |(key, value): (&String, &String)| Tag { key: Some(key.clone()), value: Some(value.clone()) };
        Ok(Output { tags: tags.iter().map(tag).collect() })
    }
}
