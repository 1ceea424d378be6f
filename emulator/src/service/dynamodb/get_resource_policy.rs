//! Answers the policy of a table or of its stream, in AWS's form of it.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html>

use serde::{Deserialize, Serialize};

use super::{DynamoDb, resource_arn, resource_policies};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct GetResourcePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    policy: String,
    revision_id: String,
}

impl Operation for GetResourcePolicy {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetResourcePolicy";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        let resource = resource_arn::resolve(&arn, call.scope, resource_policies::elsewhere(&arn))?;
        let table = state.created_of(&resource, call)?;
        resource_policies::check_stream(&table, &resource, call.now)?;
        let (policy, revision_id) = table.control.policies.get(&resource, &arn)?;
        Ok(Output { policy, revision_id })
    }
}
