//! Changes how much an on-demand stream is ready to take at once; kept as a number.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamWarmThroughput.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::control::Change;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use super::warm_throughput::WarmThroughput;
use crate::kernel::{ApiError, Call, Operation};

pub struct UpdateStreamWarmThroughput;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    #[serde(rename = "WarmThroughputMiBps")]
    warm_throughput_mibps: Option<i32>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_name: String,
    warm_throughput: WarmThroughput,
}

impl Operation for UpdateStreamWarmThroughput {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateStreamWarmThroughput";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        violations.required("warmThroughputMiBps", &input.warm_throughput_mibps);
        if let Some(mibps) = input.warm_throughput_mibps {
            violations.range("warmThroughputMiBps", mibps.into(), 0, i32::MAX.into());
        }
        let name = reference.name(violations, call.scope)?;
        let mibps = input.warm_throughput_mibps.unwrap_or_default().unsigned_abs();
        let mode = state.active_mut(&name, call.scope)?.mode;
        state.check_warm_throughput(mode, mibps, call.now)?;
        let stream = state.active_mut(&name, call.scope)?;
        let (arn, warm) = (stream.arn.to_string(), WarmThroughput::towards(stream.control.warm_throughput, mibps));
        stream.control.warm_throughput = Some(warm);
        state.begin_change(&name, Change::WarmThroughput(mibps), call)?;
        Ok(Output { stream_arn: arn, stream_name: name, warm_throughput: warm })
    }
}
