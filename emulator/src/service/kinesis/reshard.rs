//! Resharding: shards that are split or merged close, and others open in their place.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html>
//!
//! It takes effect when the stream is ACTIVE again, all at one moment: until then
//! records go to the parents, from then on to the children.

use serde::{Deserialize, Serialize};

use super::hash_key::{self, HashKeyRange};
use super::shard::{Shard, ShardId};
use super::stream::Stream;
use crate::kernel::{ApiError, Scope, Timestamp};

/// An end of a shard this close to where uniform scaling wants one is left there. Hash
/// keys do not divide evenly: without it, doubling three shards would cut slivers of one key.
const CLOSE_ENOUGH: u128 = 1 << 64;

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Reshard {
    /// The second child starts at the hash key.
    Split(ShardId, #[serde(with = "hash_key::text")] u128),
    /// The shard and the adjacent one.
    Merge(ShardId, ShardId),
    /// As many shards of equal size.
    Uniform(u32),
}

impl Stream {
    /// Does it; answers the shards that closed.
    pub fn reshard(&mut self, reshard: Reshard, now: Timestamp) -> Vec<ShardId> {
        let mut closed = Vec::new();
        match reshard {
            Reshard::Split(shard, at) => {
                self.split(shard, at, now, &mut closed);
            }
            Reshard::Merge(shard, adjacent) => {
                self.merge(shard, adjacent, now, &mut closed);
            }
            Reshard::Uniform(count) => self.rescale(count, now, &mut closed),
        }
        closed
    }

    /// A shard that can be split or merged.
    pub fn reshardable(&self, id: &str, name: &str, scope: &Scope) -> Result<&Shard, ApiError> {
        let account = &scope.account;
        let found = ShardId::parse(id).and_then(|id| self.shards.get(&id));
        let shard = found.ok_or_else(|| {
            let message = format!("Could not find shard {id} in stream {name} under account {account}.");
            ApiError::new("ResourceNotFoundException", message)
        })?;
        if shard.closed.is_none() {
            return Ok(shard);
        }
        // Wording: <https://github.com/mhart/kinesalite/issues/109>, a report of what AWS answers.
        Err(super::stream::invalid_argument(format!(
            "Shard {id} in stream {name} under account {account} has already been merged or split, and thus is not \
             eligible for merging or splitting."
        )))
    }

    /// Answers the child that starts at `at`.
    fn split(&mut self, id: ShardId, at: u128, now: Timestamp, closed: &mut Vec<ShardId>) -> ShardId {
        let range = self.range(id);
        self.open(HashKeyRange { start: range.start, end: at - 1 }, &[id], now);
        let second = self.open(HashKeyRange { start: at, end: range.end }, &[id], now);
        self.close(id, now, closed);
        second
    }

    fn merge(&mut self, id: ShardId, adjacent: ShardId, now: Timestamp, closed: &mut Vec<ShardId>) -> ShardId {
        let (one, other) = (self.range(id), self.range(adjacent));
        let range = HashKeyRange { start: one.start.min(other.start), end: one.end.max(other.end) };
        let child = self.open(range, &[id, adjacent], now);
        self.close(id, now, closed);
        self.close(adjacent, now, closed);
        child
    }

    /// "Kinesis Data Streams performs splits or merges on individual shards. This can cause
    /// short-lived shards to be created, in addition to the final shards." Every shard is cut
    /// where the new ones meet, and what lies between two such places is put together.
    fn rescale(&mut self, count: u32, now: Timestamp, closed: &mut Vec<ShardId>) {
        let old: Vec<u128> = self.routes.keys().copied().collect();
        let mut ends: Vec<u128> = HashKeyRange::split_evenly(count).map(|range| nearby(&old, range.end)).collect();
        ends.dedup();
        for end in &ends {
            let (_, id) = self.routes.range(end..).next().expect("the routes reach up to the largest hash key");
            if self.range(*id).end != *end {
                self.split(*id, end + 1, now, closed);
            }
        }
        let mut start = 0;
        for end in ends {
            let pieces: Vec<ShardId> = self.routes.range(start..=end).map(|(_, id)| *id).collect();
            let mut pieces = pieces.into_iter();
            let first = pieces.next().expect("a shard ends where each new one does");
            pieces.fold(first, |merged, piece| self.merge(merged, piece, now, closed));
            start = end.wrapping_add(1);
        }
    }

    fn range(&self, id: ShardId) -> HashKeyRange {
        self.shards[&id].range
    }

    fn open(&mut self, range: HashKeyRange, parents: &[ShardId], now: Timestamp) -> ShardId {
        let id = self.next_shard;
        self.next_shard = ShardId(id.0 + 1);
        let parents: Vec<&Shard> = parents.iter().map(|parent| &self.shards[parent]).collect();
        let mut child = Shard::child(id, range, now, &parents);
        child.set_encrypted(self.control.key_id.is_some());
        // The last child ends where its parent did, and takes that one's place.
        self.routes.insert(range.end, id);
        self.shards.insert(id, child);
        id
    }

    fn close(&mut self, id: ShardId, now: Timestamp, closed: &mut Vec<ShardId>) {
        let shard = self.shards.get_mut(&id).expect("it was open");
        shard.closed = Some(now);
        if self.routes.get(&shard.range.end) == Some(&id) {
            self.routes.remove(&shard.range.end);
        }
        closed.push(id);
    }
}

/// The end of a shard that is as good as `wanted`, or that itself.
fn nearby(ends: &[u128], wanted: u128) -> u128 {
    let after = ends.partition_point(|end| *end < wanted);
    let around = &ends[after.saturating_sub(1)..ends.len().min(after + 1)];
    let nearest = around.iter().copied().min_by_key(|end| end.abs_diff(wanted));
    nearest.filter(|end| end.abs_diff(wanted) < CLOSE_ENOUGH).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Arn, EventId};
    use crate::service::kinesis::stream::Mode;

    fn stream(shards: u32) -> Stream {
        let arn = Arn::new("kinesis", &Scope::default(), "stream/orders");
        Stream::new(arn, Mode::Provisioned, shards, Timestamp::from_secs(100), EventId(1))
    }

    fn open(stream: &Stream) -> Vec<&Shard> {
        stream.routes.values().map(|id| &stream.shards[id]).collect()
    }

    /// The open shards cover all hash keys once, parents are known and before their children.
    fn check(stream: &Stream) {
        let mut start = Some(0);
        for shard in open(stream) {
            assert_eq!((Some(shard.range.start), shard.closed), (start, None));
            start = shard.range.end.checked_add(1);
        }
        assert_eq!(start, None);
        for shard in stream.shards.values() {
            for parent in shard.parent.iter().chain(&shard.adjacent_parent) {
                let parent = &stream.shards[parent];
                let before = parent.ending_number().expect("parents are closed").to_string();
                assert!(before < shard.starting_number().to_string(), "{} of {}", shard.id, parent.id);
            }
        }
    }

    #[test]
    fn uniform_scaling_leaves_shards_of_equal_size() {
        for (from, to, made) in [(1, 2, 2), (2, 4, 4), (3, 6, 6), (6, 3, 3), (7, 7, 0), (4, 5, 11), (5, 4, 10)] {
            let mut stream = stream(from);
            let closed = stream.reshard(Reshard::Uniform(to), Timestamp::from_secs(100));
            check(&stream);
            assert_eq!(stream.open_shards(), to as usize);
            assert_eq!(stream.shards.len(), (from + made) as usize, "{from} to {to}");
            assert_eq!(closed.len(), stream.shards.len() - to as usize);
            let width = u128::MAX / u128::from(to);
            for shard in open(&stream) {
                assert!((shard.range.end - shard.range.start).abs_diff(width) < CLOSE_ENOUGH * 2);
            }
        }
    }

    #[test]
    fn any_number_of_shards_becomes_any_other() {
        for from in 1..20 {
            let mut stream = stream(from);
            for to in from.div_ceil(2)..=from * 2 {
                stream.reshard(Reshard::Uniform(to), Timestamp::from_secs(100));
                check(&stream);
                assert_eq!(stream.open_shards(), to as usize, "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_split_and_a_merge_are_undone_by_each_other() {
        let mut stream = stream(1);
        let now = Timestamp::from_secs(100);
        assert_eq!(stream.reshard(Reshard::Split(ShardId(0), 7), now), [ShardId(0)]);
        check(&stream);
        assert_eq!(open(&stream)[0].range, HashKeyRange { start: 0, end: 6 });
        assert_eq!(stream.reshard(Reshard::Merge(ShardId(2), ShardId(1)), now), [ShardId(2), ShardId(1)]);
        check(&stream);
        let merged = open(&stream)[0];
        assert_eq!(
            (merged.id, merged.parent, merged.adjacent_parent),
            (ShardId(3), Some(ShardId(2)), Some(ShardId(1)))
        );
    }
}
