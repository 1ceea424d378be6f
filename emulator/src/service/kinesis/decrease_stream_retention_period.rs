//! Makes records readable for less long; those that are older are gone at once.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DecreaseStreamRetentionPeriod.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::retention::{check_range, too_long};
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct DecreaseStreamRetentionPeriod;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    retention_period_hours: Option<i32>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DecreaseStreamRetentionPeriod {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DecreaseStreamRetentionPeriod";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        violations.required("retentionPeriodHours", &input.retention_period_hours);
        let name = reference.name(violations, call.scope)?;
        let hours = i64::from(input.retention_period_hours.unwrap_or_default());
        let stream = state.active_mut(&name, call.scope)?;
        let before = stream.retention_hours();
        let hours = check_range(hours)?;
        if hours > before {
            return Err(too_long(hours, before, &name));
        }
        state.set_retention(&name, hours, call)?;
        Ok(Output {})
    }
}
