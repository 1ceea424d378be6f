//! Adds tags to a log group.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, names, tags};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    resource_arn: Option<String>,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagResource {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagResource";

    fn resource(input: &Input) -> String {
        super::group_reference::shown(None, input.resource_arn.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_resource_arn(&mut violations, input.resource_arn.as_deref());
        violations.required("tags", &input.tags);
        tags::check(&mut violations, input.tags.as_ref());
        finish(violations)?;
        let name = tags::resource(&input.resource_arn.unwrap_or_default(), call.scope)?;
        state.tag(&name, input.tags.unwrap_or_default())?;
        Ok(Output {})
    }
}
