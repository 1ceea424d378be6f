//! What a shard takes and gives in a second, where limits are enforced, and what AWS says of more.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html#kds-api-limits-data>
//!
//! Shards of on-demand streams have the same limits. Records that other services
//! deliver are not held to them: nobody would send those again.

use super::Kinesis;
use super::consumer::{Consumer, ConsumerStatus};
use super::ingestion::Entry;
use super::shard::ShardId;
use super::stream::{Status, Stream};
use super::usage::ShardKey;
use crate::kernel::{ApiError, Call, Scope};

/// "Have more than five streams in the CREATING state at any point in time."
const STREAMS_IN_TRANSITION_MAX: usize = 5;
/// "You can make one call to SubscribeToShard per second per registered consumer per shard."
const SUBSCRIPTIONS: u32 = 1;
/// "You cannot have more than 5 consumers in a CREATING status at the same time."
const CONSUMERS_CREATING_MAX: usize = 5;
/// "A dedicated throttle limit of 1 transaction per second (TPS) per stream", "shared across all supported dry-run APIs".
const DRY_RUNS: u32 = 1;

/// What is held to a shard's throughput.
pub const OPERATIONS: [&str; 4] = ["GetRecords", "GetShardIterator", "PutRecord", "PutRecords"];

impl Kinesis {
    /// Counts a record that is about to be written.
    pub fn admit_write(&self, name: &str, entry: &Entry<'_>, call: &Call<'_>) -> Result<(), ApiError> {
        if !self.may_throttle(call) {
            return Ok(());
        }
        let stream = self.usable(name, call.scope)?;
        let shard = stream.open_shard(entry.hash_key);
        let there_is = || self.usage.take_write(key(name, stream, shard), entry.bytes(), call.now);
        if !call.circumstances.throttled && there_is() {
            return Ok(());
        }
        Err(too_much_written(name, shard, call.scope))
    }

    /// Counts a read that is about to happen.
    pub fn admit_read(&self, name: &str, stream: &Stream, shard: ShardId, call: &Call<'_>) -> Result<(), ApiError> {
        let there_is = || !self.is_limited(call) || self.usage.take_read(key(name, stream, shard), call.now);
        if !call.circumstances.throttled && there_is() {
            return Ok(());
        }
        Err(too_much_read(name, shard, call.scope))
    }

    /// Counts what was read: partition keys and data.
    pub fn count_read(&self, name: &str, stream: &Stream, shard: ShardId, bytes: usize, call: &Call<'_>) {
        if self.is_limited(call) {
            self.usage.add_read_bytes(key(name, stream, shard), bytes, call.now);
        }
    }

    /// Counts an iterator that is about to be given.
    pub fn admit_iterator(&self, name: &str, stream: &Stream, shard: ShardId, call: &Call<'_>) -> Result<(), ApiError> {
        let there_is = || !self.is_limited(call) || self.usage.take_iterator(key(name, stream, shard), call.now);
        if !call.circumstances.throttled && there_is() {
            return Ok(());
        }
        // assumed: worded as for GetRecords.
        Err(too_much_read(name, shard, call.scope))
    }

    /// Counts a call that would subscribe a consumer to a shard.
    pub fn admit_subscription(
        &self,
        name: &str,
        consumer: &Consumer,
        shard: ShardId,
        call: &Call<'_>,
    ) -> Result<(), ApiError> {
        if !self.is_limited(call) {
            return Ok(());
        }
        let shared_by = format!("{}/{shard}", consumer.arn);
        if self.usage.take_call("SubscribeToShard", &shared_by, SUBSCRIPTIONS, call.now) {
            return Ok(());
        }
        // assumed: the code is documented, the wording is not.
        let (account, consumer) = (&call.scope.account, &consumer.name);
        let what = format!("Rate exceeded for consumer {consumer} and shard {shard} in stream {name}");
        Err(ApiError::new("LimitExceededException", format!("{what} under account {account}.")))
    }

    /// Whether one more consumer may come to be. assumed: they are counted in the whole account; the wording.
    pub fn admit_consumer(&self, call: &Call<'_>) -> Result<(), ApiError> {
        let consumers = self.streams.values().flat_map(|stream| stream.consumers.after(None));
        let creating = consumers.filter(|consumer| consumer.status == ConsumerStatus::Creating).count();
        if !self.is_limited(call) || creating < CONSUMERS_CREATING_MAX {
            return Ok(());
        }
        let account = &call.scope.account;
        Err(ApiError::new(
            "LimitExceededException",
            format!(
                "This request would exceed the limit on the number of consumers that can simultaneously be in CREATING \
                 for the account {account}. Limit: {CONSUMERS_CREATING_MAX}."
            ),
        ))
    }

    /// Counts a dry run of an operation on a stream.
    pub fn admit_dry_run(&self, name: &str, call: &Call<'_>) -> Result<(), ApiError> {
        let there_is = || !self.is_limited(call) || self.usage.take_call("DryRun", name, DRY_RUNS, call.now);
        if !call.circumstances.throttled && there_is() {
            return Ok(());
        }
        // assumed: the code is documented, the wording is not.
        Err(ApiError::new("ThrottlingException", "Rate exceeded"))
    }

    /// Whether one more stream may come to be.
    ///
    /// Wording: <https://github.com/hashicorp/terraform-provider-aws/pull/1339>
    pub fn admit_stream(&self, call: &Call<'_>) -> Result<(), ApiError> {
        if !self.is_limited(call) {
            return Ok(());
        }
        let in_transition = |stream: &&Stream| matches!(stream.status, Status::Creating | Status::Deleting);
        if self.streams.values().filter(in_transition).count() < STREAMS_IN_TRANSITION_MAX {
            return Ok(());
        }
        let account = &call.scope.account;
        Err(ApiError::new(
            "LimitExceededException",
            format!(
                "This request would have exceed the limit on the number of streams that can simultaneously be in \
                 CREATING or DELETING for the account {account}. Limit: {STREAMS_IN_TRANSITION_MAX}."
            ),
        ))
    }
}

fn key(name: &str, stream: &Stream, shard: ShardId) -> ShardKey {
    ShardKey { stream: name.to_owned(), stream_created: stream.created, shard }
}

/// Wording: <https://github.com/zendesk/maxwell/pull/548> and, of PutRecords,
/// <https://github.com/crccheck/kinesis-streams/wiki/putRecords-failures>
pub fn too_much_written(name: &str, shard: ShardId, scope: &Scope) -> ApiError {
    let account = &scope.account;
    ApiError::new(
        "ProvisionedThroughputExceededException",
        format!("Rate exceeded for shard {shard} in stream {name} under account {account}."),
    )
}

/// Wording, which once was that of writes:
/// <https://github.com/awslabs/amazon-kinesis-client/issues/1521>
fn too_much_read(name: &str, shard: ShardId, scope: &Scope) -> ApiError {
    let account = &scope.account;
    ApiError::new(
        "ProvisionedThroughputExceededException",
        format!("Rate exceeded for Shard - {account}/{name}/{shard}"),
    )
}
