//! Creates or replaces a resource policy of the account.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html>
//!
//! # Differences
//!
//! - Policies are kept and answered, not enforced.
//! - Policies of single resources (`resourceArn`) are refused.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Logs;
use super::invalid::{finish, invalid_parameter, refuse};
use super::resource_policy::{Entry, POLICIES_MAX, ResourcePolicy};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct PutResourcePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    policy_name: Option<String>,
    policy_document: Option<String>,
    resource_arn: Option<Value>,
    expected_revision_id: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    resource_policy: Entry,
}

const DOCUMENT_CHARACTERS_MAX: usize = 51_200;

impl Operation for PutResourcePolicy {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutResourcePolicy";

    fn resource(input: &Input) -> String {
        input.policy_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let unsupported = [
            ("resourceArn", input.resource_arn.is_some()),
            ("expectedRevisionId", input.expected_revision_id.is_some()),
        ];
        refuse(Self::NAME, &unsupported)?;
        let mut violations = Violations::new();
        // "This parameter is required", though the model does not say so.
        violations.required("policyName", &input.policy_name);
        match &input.policy_document {
            Some(document) => violations.length("policyDocument", document, 1, DOCUMENT_CHARACTERS_MAX),
            None => violations.missing("policyDocument"),
        }
        finish(violations)?;
        let (name, document) = (input.policy_name.unwrap_or_default(), input.policy_document.unwrap_or_default());
        let policy: Option<Value> = serde_json::from_str(&document).ok();
        if !policy.is_some_and(|policy| policy.get("Statement").is_some_and(|it| it.is_array() || it.is_object())) {
            // assumed: the wording.
            return Err(invalid_parameter("Invalid policy document."));
        }
        if !state.policies.contains_key(&name) && state.policies.len() >= POLICIES_MAX {
            return Err(ApiError::new("LimitExceededException", "Resource limit exceeded."));
        }
        let policy = ResourcePolicy { document, updated: call.now };
        let resource_policy = Entry::of(&name, &policy);
        state.policies.insert(name, policy);
        Ok(Output { resource_policy })
    }
}
