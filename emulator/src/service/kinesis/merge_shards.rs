//! Merges two adjacent shards into one.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MergeShards.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::control::Change;
use super::reshard::Reshard;
use super::stream::invalid_argument;
use super::stream_reference::{StreamReference, check_identifier};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct MergeShards;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    shard_to_merge: Option<String>,
    adjacent_shard_to_merge: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for MergeShards {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "MergeShards";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        for (member, id) in
            [("shardToMerge", &input.shard_to_merge), ("adjacentShardToMerge", &input.adjacent_shard_to_merge)]
        {
            violations.required(member, id);
            if let Some(id) = id {
                check_identifier(&mut violations, member, id);
            }
        }
        let name = reference.name(violations, call.scope)?;
        let stream = state.provisioned(&name, call.scope)?;
        let shard = stream.reshardable(input.shard_to_merge.as_deref().unwrap_or_default(), &name, call.scope)?;
        let adjacent =
            stream.reshardable(input.adjacent_shard_to_merge.as_deref().unwrap_or_default(), &name, call.scope)?;
        let follows = |one: u128, next: u128| one.checked_add(1) == Some(next);
        if !follows(shard.range.end, adjacent.range.start) && !follows(adjacent.range.end, shard.range.start) {
            // assumed: the code is documented, the wording is not.
            return Err(invalid_argument(format!(
                "Shards {} and {} in stream {name} under account {} are not an adjacent pair of shards eligible for \
                 merging",
                shard.id, adjacent.id, call.scope.account
            )));
        }
        let (shard, adjacent) = (shard.id, adjacent.id);
        call.note(format!("{shard}, {adjacent}"));
        state.begin_change(&name, Change::Shards(Reshard::Merge(shard, adjacent)), call)?;
        Ok(Output {})
    }
}
