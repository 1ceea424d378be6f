//! Lists the tags of a table, all at once: as on AWS, fifty tags are one page.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html>

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use super::{DynamoDb, resource_arn};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListTagsOfResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    resource_arn: Option<String>,
    /// AWS gives none, and answers one that it did not give with the first page.
    #[serde(rename = "NextToken")]
    _next_token: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    tags: Vec<Tag>,
}

impl Operation for ListTagsOfResource {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsOfResource";

    fn resource(input: &Input) -> String {
        resource_arn::shown(input.resource_arn.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        resource_arn::check(&mut violations, &input.resource_arn);
        violations.finish()?;
        let arn = input.resource_arn.unwrap_or_default();
        let resource = tags::resource("ListTagsOfResource", &arn, call)?;
        let table = state.created_of(&resource, call).map_err(|_| tags::not_found(&arn))?;
        Ok(Output { tags: table.control.tags.list() })
    }
}
