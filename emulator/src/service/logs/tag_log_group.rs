//! Adds tags to a log group: the older operation for what TagResource does.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagLogGroup.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::invalid::{finish, invalid_parameter};
use super::{Logs, names, tags};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct TagLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for TagLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TagLogGroup";

    fn resource(input: &Input) -> String {
        input.log_group_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_required_group(&mut violations, input.log_group_name.as_deref());
        violations.required("tags", &input.tags);
        tags::check(&mut violations, input.tags.as_ref());
        finish(violations)?;
        let tagged = state.tag(&input.log_group_name.unwrap_or_default(), input.tags.unwrap_or_default());
        // This operation has no TooManyTagsException.
        tagged.map(|()| Output {}).map_err(|error| match error.code.as_str() {
            "TooManyTagsException" => invalid_parameter(error.message),
            _ => error,
        })
    }
}
