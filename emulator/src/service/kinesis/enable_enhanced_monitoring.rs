//! Turns shard-level metrics on.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_EnableEnhancedMonitoring.html>

use super::Kinesis;
use super::enhanced_monitoring::{Input, Output};
use crate::kernel::{ApiError, Call, Operation};

pub struct EnableEnhancedMonitoring;

impl Operation for EnableEnhancedMonitoring {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "EnableEnhancedMonitoring";

    fn resource(input: &Input) -> String {
        input.resource()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.run(Self::NAME, state, call, |current, given| current.union(given).copied().collect())
    }
}
