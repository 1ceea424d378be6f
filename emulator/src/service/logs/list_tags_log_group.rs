//! Lists the tags of a log group: the older operation for what ListTagsForResource does.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsLogGroup.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, log_group, names};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListTagsLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {
    tags: BTreeMap<String, String>,
}

impl Operation for ListTagsLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsLogGroup";

    fn resource(input: &Input) -> String {
        input.log_group_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_required_group(&mut violations, input.log_group_name.as_deref());
        finish(violations)?;
        let group = state.groups.get(&input.log_group_name.unwrap_or_default()).ok_or_else(log_group::not_found)?;
        Ok(Output { tags: group.tags.clone() })
    }
}
