//! Removes tags from a rule or event bus. Keys that it does not have are passed over.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UntagResource.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::tags;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagResource {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagResource";

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        violations.required("tagKeys", &input.tag_keys);
        for (index, key) in input.tag_keys.iter().flatten().enumerate() {
            violations.length(format!("tagKeys.{}.member", index + 1), key, 1, 128);
        }
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        state.tags_mut(&arn, call.scope)?.remove(&input.tag_keys.unwrap_or_default());
        Ok(Output {})
    }
}
