//! Changes how large a record of a stream may be.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::control::Change;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct UpdateMaxRecordSize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    #[serde(rename = "MaxRecordSizeInKiB")]
    max_record_size_in_kib: Option<i32>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for UpdateMaxRecordSize {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateMaxRecordSize";

    fn resource(input: &Input) -> String {
        StreamReference { name: None, arn: input.stream_arn.as_deref() }.display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference { name: None, arn: input.stream_arn.as_deref() };
        let mut violations = reference.violations();
        violations.required("maxRecordSizeInKiB", &input.max_record_size_in_kib);
        if let Some(kib) = input.max_record_size_in_kib {
            violations.range("maxRecordSizeInKiB", kib.into(), 1024, 10_240);
        }
        let name = reference.name(violations, call.scope)?;
        let kib = input.max_record_size_in_kib.unwrap_or_default().unsigned_abs();
        state.begin_change(&name, Change::RecordKibMax(kib), call)?;
        Ok(Output {})
    }
}
