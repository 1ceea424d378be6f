//! Deletes a resource policy of the account.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteResourcePolicy.html>

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Logs;
use super::invalid::{finish, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteResourcePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    policy_name: Option<String>,
    resource_arn: Option<Value>,
    expected_revision_id: Option<Value>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteResourcePolicy {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteResourcePolicy";

    fn resource(input: &Input) -> String {
        input.policy_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let unsupported = [
            ("resourceArn", input.resource_arn.is_some()),
            ("expectedRevisionId", input.expected_revision_id.is_some()),
        ];
        refuse(Self::NAME, &unsupported)?;
        let mut violations = Violations::new();
        // "This parameter is required", though the model does not say so.
        violations.required("policyName", &input.policy_name);
        finish(violations)?;
        let name = input.policy_name.unwrap_or_default();
        match state.policies.remove(&name) {
            Some(_) => Ok(Output {}),
            None => {
                let message = format!("Policy with name [{name}] does not exist.");
                Err(ApiError::new("ResourceNotFoundException", message))
            }
        }
    }
}
