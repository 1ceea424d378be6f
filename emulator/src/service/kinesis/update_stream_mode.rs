//! Changes who decides how many shards a stream has.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::account_quotas::check_on_demand_streams;
use super::control::Change;
use super::create_stream::StreamModeDetails;
use super::stream::Mode;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

/// "You can switch between on-demand and provisioned twice within 24 hours", for each stream.
const CHANGES_MAX: usize = 2;

pub struct UpdateStreamMode;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    stream_mode_details: Option<StreamModeDetails>,
    #[serde(rename = "WarmThroughputMiBps")]
    warm_throughput_mibps: Option<i32>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UpdateStreamMode {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateStreamMode";

    fn resource(input: &Input) -> String {
        StreamReference { name: None, arn: input.stream_arn.as_deref() }.display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference { name: None, arn: input.stream_arn.as_deref() };
        let mut violations = reference.violations();
        violations.required("streamARN", &input.stream_arn);
        violations.required("streamModeDetails", &input.stream_mode_details);
        if let Some(details) = &input.stream_mode_details {
            details.check(&mut violations);
        }
        if let Some(mibps) = input.warm_throughput_mibps {
            violations.range("warmThroughputMiBps", mibps.into(), 0, i32::MAX.into());
        }
        let name = reference.name(violations, call.scope)?;
        let mode = input.stream_mode_details.map_or(Mode::Provisioned, |details| details.mode());
        let before = state.active_mut(&name, call.scope)?.mode;
        if let Some(mibps) = input.warm_throughput_mibps {
            state.check_warm_throughput(mode, mibps.unsigned_abs(), call.now)?;
        }
        if mode == Mode::OnDemand && before != mode {
            check_on_demand_streams(state, call.scope)?;
        }
        let control = &mut state.active_mut(&name, call.scope)?.control;
        if control.mode_changed.count(call.now) >= CHANGES_MAX {
            // assumed: the limit is documented, the wording is not.
            return Err(ApiError::new(
                "LimitExceededException",
                format!(
                    "Stream {name} under account {} has changed its mode {CHANGES_MAX} times within the last 24 hours, \
                     which is the limit of UpdateStreamMode.",
                    call.scope.account
                ),
            ));
        }
        control.mode_changed.note(call.now);
        let warm = input.warm_throughput_mibps.map(i32::unsigned_abs);
        state.begin_change(&name, Change::Mode(mode, warm), call)?;
        Ok(Output {})
    }
}
