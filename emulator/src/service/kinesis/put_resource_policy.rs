//! Attaches a policy to a stream or consumer.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html>
//!
//! # Differences
//!
//! Policies are kept and answered, not enforced.

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::resource_arn;
use super::resource_policy;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct PutResourcePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    stream_id: Unsupported,
    policy: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for PutResourcePolicy {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutResourcePolicy";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_deref())
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.required("policy", &input.policy);
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        let resource = resource_arn::resolve(&arn, state, call.scope)?;
        let policy = resource_policy::checked(input.policy.unwrap_or_default())?;
        state.attached_mut(&resource, call.scope)?.policy = Some(policy);
        Ok(Output {})
    }
}
