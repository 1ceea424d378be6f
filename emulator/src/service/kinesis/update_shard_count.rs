//! Splits and merges shards until there are as many as asked for, of equal size.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::account_quotas::check_shards;
use super::control::Change;
use super::reshard::Reshard;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

/// "Scale more than ten times per rolling 24-hour period per stream."
const SCALINGS_MAX: usize = 10;
/// "Scale up to more than 10000 shards in a stream."
const SHARDS_MAX: usize = 10_000;

pub struct UpdateShardCount;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    target_shard_count: Option<i32>,
    scaling_type: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    stream_name: String,
    current_shard_count: usize,
    target_shard_count: usize,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
}

impl Operation for UpdateShardCount {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateShardCount";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        violations.required("targetShardCount", &input.target_shard_count);
        if let Some(count) = input.target_shard_count {
            violations.range("targetShardCount", count.into(), 1, i32::MAX.into());
        }
        violations.required("scalingType", &input.scaling_type);
        if let Some(scaling) = &input.scaling_type {
            violations.one_of("scalingType", scaling, &["UNIFORM_SCALING"]);
        }
        let name = reference.name(violations, call.scope)?;
        let target = input.target_shard_count.unwrap_or_default().unsigned_abs() as usize;
        let stream = state.provisioned(&name, call.scope)?;
        let (current, arn) = (stream.open_shards(), stream.arn.to_string());
        check_scaling(current, target)?;
        check_shards(state, target.saturating_sub(current), call.scope)?;
        let stream = state.active_mut(&name, call.scope)?;
        if stream.control.rescaled.count(call.now) >= SCALINGS_MAX {
            // assumed: the limit is documented, the wording is not.
            return Err(limit_exceeded(format!(
                "Stream {name} under account {} has been scaled {SCALINGS_MAX} times within the last 24 hours, which \
                 is the limit of UpdateShardCount.",
                call.scope.account
            )));
        }
        stream.control.rescaled.note(call.now);
        let count = u32::try_from(target).expect("it is within the limits");
        state.begin_change(&name, Change::Shards(Reshard::Uniform(count)), call)?;
        call.note(format!("from {current} to {target} shards"));
        Ok(Output { stream_name: name, current_shard_count: current, target_shard_count: target, stream_arn: arn })
    }
}

/// The wording of the first is as users report it; assumed for the others, and for which comes first.
fn check_scaling(current: usize, target: usize) -> Result<(), ApiError> {
    let counts = format!("Current open shard count: {current} Target shard count: {target}");
    if target > current * 2 {
        return Err(limit_exceeded(format!(
            "UpdateShardCount cannot scale up over double your current open shard count. {counts}"
        )));
    }
    if target * 2 < current {
        return Err(limit_exceeded(format!(
            "UpdateShardCount cannot scale down below half your current open shard count. {counts}"
        )));
    }
    if target > SHARDS_MAX {
        return Err(limit_exceeded(format!(
            "UpdateShardCount cannot scale to more than {SHARDS_MAX} shards. {counts}"
        )));
    }
    Ok(())
}

fn limit_exceeded(message: String) -> ApiError {
    ApiError::new("LimitExceededException", message)
}
