//! Who listens to shards: the side of open subscriptions that the state knows.
//!
//! They are not kept, and no fork has them: their connections end with their world.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;

use super::shard::ShardId;
use crate::kernel::Timestamp;

/// When one is dropped, whoever listens learns it at once.
#[derive(Debug)]
pub struct Subscription {
    /// Its number among all.
    pub number: u64,
    /// When the call succeeded.
    pub began: Timestamp,
    pub listener: Arc<Notify>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.listener.notify_one();
    }
}

/// Who listens to the shards of streams, one for each consumer.
#[derive(Debug, Default)]
pub struct Listeners {
    /// By stream, and by shard and number of the consumer.
    by_stream: BTreeMap<String, BTreeMap<(ShardId, u64), Subscription>>,
    so_far: u64,
}

impl Listeners {
    pub fn get(&self, stream: &str, shard: ShardId, consumer: u64) -> Option<&Subscription> {
        self.by_stream.get(stream)?.get(&(shard, consumer))
    }

    /// From here on that one listens, and who did before no longer does. Returns the number of the subscription.
    pub fn subscribe(
        &mut self,
        stream: &str,
        shard: ShardId,
        consumer: u64,
        began: Timestamp,
        listener: Arc<Notify>,
    ) -> u64 {
        self.so_far += 1;
        let subscription = Subscription { number: self.so_far, began, listener };
        self.by_stream.entry(stream.to_owned()).or_default().insert((shard, consumer), subscription);
        self.so_far
    }

    /// Something happened in a shard: a record came, or it was closed.
    pub fn wake(&self, stream: &str, shard: ShardId) {
        let Some(subscriptions) = self.by_stream.get(stream) else { return };
        for (_, subscription) in subscriptions.range((shard, 0)..=(shard, u64::MAX)) {
            subscription.listener.notify_one();
        }
    }

    /// Nobody listens through a consumer any more.
    pub fn end_consumer(&mut self, stream: &str, consumer: u64) {
        if let Some(subscriptions) = self.by_stream.get_mut(stream) {
            subscriptions.retain(|(_, of), _| *of != consumer);
        }
    }

    /// Nobody listens to a stream any more.
    pub fn end_stream(&mut self, stream: &str) {
        self.by_stream.remove(stream);
    }
}
