//! Encrypts no more records from when the stream is ACTIVE again.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StopStreamEncryption.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::control::Change;
use super::encryption;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct StopStreamEncryption;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    encryption_type: Option<String>,
    key_id: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for StopStreamEncryption {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "StopStreamEncryption";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        encryption::check(&mut violations, &input.encryption_type, &input.key_id);
        let name = reference.name(violations, call.scope)?;
        let key_id = input.key_id.unwrap_or_default();
        encryption::check_type(input.encryption_type.as_deref())?;
        encryption::check_key_in_use(state, &name, &key_id, call)?;
        encryption::count_change(state, &name, call)?;
        state.begin_change(&name, Change::Encryption(None), call)?;
        Ok(Output {})
    }
}
