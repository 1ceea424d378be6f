//! Deletes a log stream with all that is in it.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html>

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, log_group, log_stream, names, place};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteLogStream;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    log_stream_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteLogStream {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteLogStream";

    fn resource(input: &Input) -> String {
        place(input.log_group_name.as_deref(), input.log_stream_name.as_deref())
    }

    fn run(input: Input, state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_required_group(&mut violations, input.log_group_name.as_deref());
        names::check_required_stream(&mut violations, input.log_stream_name.as_deref());
        finish(violations)?;
        let (group, name) = (input.log_group_name.unwrap_or_default(), input.log_stream_name.unwrap_or_default());
        let group = state.groups.get_mut(&group).ok_or_else(log_group::not_found)?;
        let stream = group.streams.remove(&name).ok_or_else(log_stream::not_found)?;
        group.stored_bytes -= stream.bytes();
        Ok(Output {})
    }
}
