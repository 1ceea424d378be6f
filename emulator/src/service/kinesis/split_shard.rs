//! Splits a shard in two at a hash key.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SplitShard.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::account_quotas::check_shards;
use super::control::Change;
use super::ingestion::check_hash_key;
use super::reshard::Reshard;
use super::shard::Shard;
use super::stream::invalid_argument;
use super::stream_reference::{StreamReference, check_identifier};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Scope};

pub struct SplitShard;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    shard_to_split: Option<String>,
    new_starting_hash_key: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for SplitShard {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "SplitShard";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        violations.required("shardToSplit", &input.shard_to_split);
        if let Some(id) = &input.shard_to_split {
            check_identifier(&mut violations, "shardToSplit", id);
        }
        violations.required("newStartingHashKey", &input.new_starting_hash_key);
        if let Some(key) = &input.new_starting_hash_key {
            check_hash_key(&mut violations, "newStartingHashKey", key);
        }
        let name = reference.name(violations, call.scope)?;
        let stream = state.provisioned(&name, call.scope)?;
        let shard = stream.reshardable(input.shard_to_split.as_deref().unwrap_or_default(), &name, call.scope)?;
        let key = input.new_starting_hash_key.as_deref().unwrap_or_default();
        let (id, at) = (shard.id, starting_hash_key(key, shard, &name, call.scope)?);
        check_shards(state, 1, call.scope)?;
        call.note(id.to_string());
        state.begin_change(&name, Change::Shards(Reshard::Split(id, at)), call)?;
        Ok(Output {})
    }
}

/// assumed: the bounds are as the message says, so that neither child has a single hash key or none.
fn starting_hash_key(text: &str, shard: &Shard, name: &str, scope: &Scope) -> Result<u128, ApiError> {
    let range = shard.range;
    let key = text.parse().ok().filter(|key| *key > range.start.saturating_add(1) && *key < range.end);
    key.ok_or_else(|| {
        invalid_argument(format!(
            "NewStartingHashKey {text} used in SplitShard() on shard {} in stream {name} under account {} is not both \
             greater than one plus the shard's StartingHashKey {} and less than the shard's EndingHashKey {}.",
            shard.id, scope.account, range.start, range.end
        ))
    })
}
