//! Removes tags from a schedule group.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UntagResource.html>

use serde::{Deserialize, Serialize};

use super::{Scheduler, refusal, tags};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::wire::query;

pub struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
    #[serde(default, deserialize_with = "query::texts")]
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagResource {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagResource";
    const BINDING: Binding = Binding::delete("/tags/{ResourceArn}");

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        tags::check_keys(&mut violations, input.tag_keys.as_deref());
        refusal::finish(violations)?;
        let name = tags::changeable_group_of(&input.resource_arn.unwrap_or_default(), call.scope)?;
        let group = state.group_mut(&name, call.now)?;
        for key in input.tag_keys.unwrap_or_default() {
            group.tags.remove(&key);
        }
        group.modified = call.now;
        Ok(Output {})
    }
}
