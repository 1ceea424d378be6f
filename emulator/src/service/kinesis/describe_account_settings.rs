//! Tells the account's settings: its commitment to a minimum throughput.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeAccountSettings.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::billing_commitment::Described;
use crate::kernel::{ApiError, Call, Operation};

pub struct DescribeAccountSettings;

#[derive(Deserialize)]
pub struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    minimum_throughput_billing_commitment: Described,
}

impl Operation for DescribeAccountSettings {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeAccountSettings";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(_input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        Ok(Output { minimum_throughput_billing_commitment: state.billing_commitment.describe(call.now) })
    }
}
