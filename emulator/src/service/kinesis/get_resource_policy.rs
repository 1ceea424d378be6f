//! Answers the policy of a stream or consumer, as it was put.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetResourcePolicy.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::resource_arn;
use super::resource_policy;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct GetResourcePolicy;

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
    policy: String,
}

impl Operation for GetResourcePolicy {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetResourcePolicy";

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
        let policy = state.attached(&resource, call.scope)?.policy.clone();
        Ok(Output { policy: policy.ok_or_else(|| resource_policy::not_found(&arn))? })
    }
}
