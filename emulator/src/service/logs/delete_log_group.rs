//! Deletes a log group with all that is in it.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html>

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, log_group, names};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteLogGroup";

    fn resource(input: &Input) -> String {
        input.log_group_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_required_group(&mut violations, input.log_group_name.as_deref());
        finish(violations)?;
        let name = input.log_group_name.unwrap_or_default();
        state.forget_sweep(&name);
        state.groups.remove(&name).map(|_| Output {}).ok_or_else(log_group::not_found)
    }
}
