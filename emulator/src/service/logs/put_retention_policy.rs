//! Sets for how many days the events of a log group are kept.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>

use serde::{Deserialize, Serialize};

use super::invalid::finish;
use super::{Logs, log_group, names, retention};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct PutRetentionPolicy;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    retention_in_days: Option<i64>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for PutRetentionPolicy {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutRetentionPolicy";

    fn resource(input: &Input) -> String {
        input.log_group_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_required_group(&mut violations, input.log_group_name.as_deref());
        match input.retention_in_days {
            None => violations.missing("retentionInDays"),
            // The days are in AWS's reference and not in its model. assumed: the wording.
            Some(days) => {
                let allowed: Vec<String> = retention::DAYS.iter().map(i64::to_string).collect();
                let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
                violations.one_of("retentionInDays", &days.to_string(), &allowed);
            }
        }
        finish(violations)?;
        let name = input.log_group_name.unwrap_or_default();
        let group = state.groups.get_mut(&name).ok_or_else(log_group::not_found)?;
        group.retention_days = input.retention_in_days.and_then(|days| u32::try_from(days).ok());
        state.plan_retention(&name, call.now);
        Ok(Output {})
    }
}
