//! Tells the account's quotas in the region, and how much of them is used.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeLimits.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::account_quotas::{ON_DEMAND_STREAMS_MAX, SHARDS_MAX, on_demand_streams, open_shards};
use crate::kernel::{ApiError, Call, Operation};

pub struct DescribeLimits;

#[derive(Deserialize)]
pub struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    shard_limit: usize,
    open_shard_count: usize,
    on_demand_stream_count: usize,
    on_demand_stream_count_limit: usize,
}

impl Operation for DescribeLimits {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeLimits";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(_input: Input, state: &mut Kinesis, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        Ok(Output {
            shard_limit: SHARDS_MAX,
            open_shard_count: open_shards(state),
            on_demand_stream_count: on_demand_streams(state),
            on_demand_stream_count_limit: ON_DEMAND_STREAMS_MAX,
        })
    }
}
