//! Takes tags off a table.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html>

use serde::{Deserialize, Serialize};

use super::{DynamoDb, check_not_in_use, resource_arn, tags};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagResource {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagResource";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.required("tagKeys", &input.tag_keys);
        violations.finish()?;
        let (arn, keys) = (input.resource_arn.unwrap_or_default(), input.tag_keys.unwrap_or_default());
        let resource = tags::resource("UntagResource", &arn, call)?;
        if keys.is_empty() {
            return Err(ApiError::validation("Atleast one Tag Key needs to be provided as Input."));
        }
        let keys = tags::checked_keys(keys)?;
        let mut table = state.created_of(&resource, call).map_err(|_| tags::not_found(&arn))?;
        check_not_in_use(&table)?;
        table.control.tags.remove(&keys);
        Ok(Output {})
    }
}
