//! Changes the account's settings: its commitment to a minimum throughput.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateAccountSettings.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::billing_commitment::Described;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateAccountSettings;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    minimum_throughput_billing_commitment: Option<Commitment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Commitment {
    status: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    minimum_throughput_billing_commitment: Described,
}

impl Operation for UpdateAccountSettings {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateAccountSettings";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        let given = input.minimum_throughput_billing_commitment;
        violations.required("minimumThroughputBillingCommitment", &given);
        let status = given.as_ref().and_then(|given| given.status.as_deref());
        if given.is_some() {
            violations.required("minimumThroughputBillingCommitment.status", &status);
        }
        if let Some(status) = status {
            violations.one_of("minimumThroughputBillingCommitment.status", status, &["ENABLED", "DISABLED"]);
        }
        violations.finish()?;
        if status == Some("ENABLED") {
            state.billing_commitment.enable(call.now);
        } else {
            state.billing_commitment.disable(call.now);
        }
        Ok(Output { minimum_throughput_billing_commitment: state.billing_commitment.describe(call.now) })
    }
}
