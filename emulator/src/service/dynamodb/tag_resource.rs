//! Adds tags to a table, in place of those with the same keys.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html>

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use super::{DynamoDb, check_not_in_use, resource_arn};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagResource {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagResource";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.required("tags", &input.tags);
        violations.finish()?;
        let (arn, given) = (input.resource_arn.unwrap_or_default(), input.tags.unwrap_or_default());
        let resource = tags::resource("TagResource", &arn, call)?;
        if given.is_empty() {
            return Err(ApiError::validation("Atleast one Tag needs to be provided as Input."));
        }
        let given = tags::checked(given)?;
        let mut table = state.created_of(&resource, call).map_err(|_| tags::not_found(&arn))?;
        check_not_in_use(&table)?;
        table.control.tags.add(given)?;
        Ok(Output {})
    }
}
