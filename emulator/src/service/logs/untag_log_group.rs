//! Removes tags from a log group: the older operation for what UntagResource does.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagLogGroup.html>

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, names, tags};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UntagLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    /// The keys.
    tags: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UntagLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UntagLogGroup";

    fn resource(input: &Input) -> String {
        input.log_group_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_required_group(&mut violations, input.log_group_name.as_deref());
        tags::check_keys(&mut violations, "tags", input.tags.as_deref(), 1, usize::MAX);
        finish(violations)?;
        state.untag(&input.log_group_name.unwrap_or_default(), &input.tags.unwrap_or_default())?;
        Ok(Output {})
    }
}
