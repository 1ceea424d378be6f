//! Attaches a policy to a table or to its stream.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html>
//!
//! # Differences
//!
//! Policies are kept and answered, not enforced; so none can lock its owner out,
//! and `ConfirmRemoveSelfResourceAccess` confirms nothing. AWS makes a second
//! change wait for fifteen seconds.

use serde::{Deserialize, Serialize};

use super::resource_policies::{self, checked};
use super::{DynamoDb, check_not_in_use, resource_arn};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct PutResourcePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
    policy: Option<String>,
    expected_revision_id: Option<String>,
    #[serde(rename = "ConfirmRemoveSelfResourceAccess")]
    _confirm_remove_self_resource_access: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    revision_id: String,
}

impl Operation for PutResourcePolicy {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutResourcePolicy";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.required("policy", &input.policy);
        resource_policies::check_revision_id(&mut violations, &input.expected_revision_id);
        violations.finish()?;
        let (arn, policy) = (input.resource_arn.unwrap_or_default(), input.policy.unwrap_or_default());
        let resource = resource_arn::resolve(&arn, call.scope, resource_policies::elsewhere(&arn))?;
        let document = checked(&policy)?;
        let mut table = state.created_of(&resource, call)?;
        resource_policies::check_stream(&table, &resource, call.now)?;
        check_not_in_use(&table)?;
        let expected = input.expected_revision_id.as_deref();
        let revision_id = table.control.policies.put(&resource, document, expected, call.now)?;
        Ok(Output { revision_id })
    }
}
