//! Turns shard-level metrics off.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DisableEnhancedMonitoring.html>

use super::Kinesis;
use super::enhanced_monitoring::{Input, Output};
use crate::kernel::{ApiError, Call, Operation};

pub struct DisableEnhancedMonitoring;

impl Operation for DisableEnhancedMonitoring {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DisableEnhancedMonitoring";

    fn resource(input: &Input) -> String {
        input.resource()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.run(Self::NAME, state, call, |current, given| current.difference(given).copied().collect())
    }
}
