//! Detaches the policy of a table or of its stream. Where none is, that is no mistake.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html>

use serde::{Deserialize, Serialize};

use super::{DynamoDb, check_not_in_use, resource_arn, resource_policies};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteResourcePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
    expected_revision_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    revision_id: Option<String>,
}

impl Operation for DeleteResourcePolicy {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteResourcePolicy";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        resource_policies::check_revision_id(&mut violations, &input.expected_revision_id);
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        let resource = resource_arn::resolve(&arn, call.scope, resource_policies::elsewhere(&arn))?;
        let mut table = state.created_of(&resource, call)?;
        resource_policies::check_stream(&table, &resource, call.now)?;
        check_not_in_use(&table)?;
        let expected = input.expected_revision_id.as_deref();
        let revision_id = table.control.policies.delete(&resource, expected, call.now)?;
        Ok(Output { revision_id })
    }
}
