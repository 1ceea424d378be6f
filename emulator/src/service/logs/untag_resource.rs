//! Removes tags from a log group.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagResource.html>

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, names, tags};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagResource {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagResource";

    fn resource(input: &Input) -> String {
        super::group_reference::shown(None, input.resource_arn.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_resource_arn(&mut violations, input.resource_arn.as_deref());
        tags::check_keys(&mut violations, "tagKeys", input.tag_keys.as_deref(), 0, tags::TAGS_MAX);
        finish(violations)?;
        let name = tags::resource(&input.resource_arn.unwrap_or_default(), call.scope)?;
        state.untag(&name, &input.tag_keys.unwrap_or_default())?;
        Ok(Output {})
    }
}
