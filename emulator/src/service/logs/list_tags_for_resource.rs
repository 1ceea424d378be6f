//! Lists the tags of a log group.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, log_group, names, tags};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListTagsForResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    resource_arn: Option<String>,
}

#[derive(Serialize)]
pub struct Output {
    tags: BTreeMap<String, String>,
}

impl Operation for ListTagsForResource {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsForResource";

    fn resource(input: &Input) -> String {
        super::group_reference::shown(None, input.resource_arn.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_resource_arn(&mut violations, input.resource_arn.as_deref());
        finish(violations)?;
        let name = tags::resource(&input.resource_arn.unwrap_or_default(), call.scope)?;
        let group = state.groups.get(&name).ok_or_else(log_group::not_found)?;
        Ok(Output { tags: group.tags.clone() })
    }
}
