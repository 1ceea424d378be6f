//! The children of a closed shard, as its last read tells them.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ChildShard.html>

use serde::Serialize;

use super::hash_key::HashKeyRange;
use super::shard::{Shard, ShardId};
use super::stream::Stream;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChildShard {
    shard_id: String,
    parent_shards: Vec<String>,
    hash_key_range: HashKeyRange,
}

impl ChildShard {
    /// The shards that came of `parent`, alone or with another.
    pub fn of(stream: &Stream, parent: ShardId) -> Vec<Self> {
        let parents = |of: &Shard| of.parent.into_iter().chain(of.adjacent_parent).collect::<Vec<_>>();
        let children = stream.shards.values().filter(|shard| parents(shard).contains(&parent));
        let child = |shard: &Shard| Self {
            shard_id: shard.id.to_string(),
            parent_shards: parents(shard).iter().map(ShardId::to_string).collect(),
            hash_key_range: shard.range,
        };
        children.map(child).collect()
    }
}
