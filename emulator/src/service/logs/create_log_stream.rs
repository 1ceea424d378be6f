//! Creates a log stream in a log group.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html>

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::log_stream::LogStream;
use super::{Logs, log_group, names, place};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct CreateLogStream;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    log_stream_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for CreateLogStream {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateLogStream";

    fn resource(input: &Input) -> String {
        place(input.log_group_name.as_deref(), input.log_stream_name.as_deref())
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_required_group(&mut violations, input.log_group_name.as_deref());
        names::check_required_stream(&mut violations, input.log_stream_name.as_deref());
        finish(violations)?;
        let (group, name) = (input.log_group_name.unwrap_or_default(), input.log_stream_name.unwrap_or_default());
        let group = state.groups.get_mut(&group).ok_or_else(log_group::not_found)?;
        if group.streams.contains_key(&name) {
            let message = "The specified log stream already exists";
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        group.streams.insert(name, LogStream::new(call.now));
        Ok(Output {})
    }
}
