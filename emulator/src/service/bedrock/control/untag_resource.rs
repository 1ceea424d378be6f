//! Removes tags from a guardrail or an application inference profile.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_UntagResource.html>

use serde::{Deserialize, Serialize};

use super::tags;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;

pub struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    #[serde(rename = "resourceARN")]
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagResource {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagResource";
    const BINDING: Binding = Binding::post("/untagResource");

    fn resource(input: &Input) -> String {
        input.resource_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        tags::check_arn(&mut violations, input.resource_arn.as_deref());
        tags::check_keys(&mut violations, input.tag_keys.as_deref());
        violations.finish()?;
        let tags = state.tags_of_mut(&input.resource_arn.unwrap_or_default(), call.scope)?;
        for key in input.tag_keys.unwrap_or_default() {
            tags.remove(&key);
        }
        Ok(Output {})
    }
}
