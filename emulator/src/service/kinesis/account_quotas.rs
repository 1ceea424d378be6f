//! What an account may have in a region, as AWS's guide gives it.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html>

use super::Kinesis;
use super::stream::{Mode, Stream};
use crate::kernel::{ApiError, Scope};

/// "The default shard quota is 20,000 shards per AWS account" in the largest regions.
pub const SHARDS_MAX: usize = 20_000;
/// "By default, you can create up to 50 data streams with the on-demand capacity mode."
pub const ON_DEMAND_STREAMS_MAX: usize = 50;

pub fn open_shards(state: &Kinesis) -> usize {
    state.streams.values().map(Stream::open_shards).sum()
}

pub fn on_demand_streams(state: &Kinesis) -> usize {
    state.streams.values().filter(|stream| stream.mode == Mode::OnDemand).count()
}

/// assumed: the code and the numbers are documented, the wording is as users report it.
pub fn check_shards(state: &Kinesis, more: usize, scope: &Scope) -> Result<(), ApiError> {
    let open = open_shards(state);
    if open.saturating_add(more) <= SHARDS_MAX {
        return Ok(());
    }
    let Scope { account, region } = scope;
    Err(ApiError::new(
        "LimitExceededException",
        format!(
            "This request would exceed the shard limit for the account {account} in {region}. Current shard count for \
             the account: {open}. Limit: {SHARDS_MAX}. Number of additional shards that would have resulted from this \
             request: {more}. Refer to the AWS Service Limits page \
             (https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to \
             request higher limits."
        ),
    ))
}

/// assumed: the wording.
pub fn check_on_demand_streams(state: &Kinesis, scope: &Scope) -> Result<(), ApiError> {
    if on_demand_streams(state) < ON_DEMAND_STREAMS_MAX {
        return Ok(());
    }
    let Scope { account, region } = scope;
    Err(ApiError::new(
        "LimitExceededException",
        format!(
            "This request would exceed the limit of {ON_DEMAND_STREAMS_MAX} on-demand streams for the account {account} \
             in {region}."
        ),
    ))
}
