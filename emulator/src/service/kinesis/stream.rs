//! A stream: its shards, its status, and what AWS says when it cannot be used.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::consumer::Consumers;
use super::control::Control;
use super::hash_key::HashKeyRange;
use super::shard::{Shard, ShardId};
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Arn, EventId, Scope, Timestamp};

/// "By default, data records are accessible for 24 hours."
const RETENTION: Duration = Duration::from_hours(24);

/// "With the on-demand mode, new streams have 4 MB/s of write throughput": four shards.
pub const ON_DEMAND_SHARDS: u32 = 4;

/// A stream without a `MaxRecordSizeInKiB` of its own.
pub const RECORD_KIB_DEFAULT: u32 = 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    Creating,
    Active,
    Updating,
    Deleting,
}

impl Status {
    /// "Read and write operations continue to work while the stream is in the UPDATING state."
    pub fn is_usable(self) -> bool {
        matches!(self, Status::Active | Status::Updating)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Creating => "CREATING",
            Status::Active => "ACTIVE",
            Status::Updating => "UPDATING",
            Status::Deleting => "DELETING",
        })
    }
}

/// Who decides how many shards there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    Provisioned,
    OnDemand,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stream {
    pub arn: Arn,
    pub created: Timestamp,
    pub status: Status,
    /// When the transition that it is in ends.
    pub settles: Option<Timestamp>,
    pub mode: Mode,
    pub retention: Duration,
    pub record_kib_max: u32,
    #[serde(skip)]
    pub shards: Kept<ShardId, Shard>,
    /// The open shards by the ends of their ranges, which have no gaps.
    #[serde(skip)]
    pub routes: BTreeMap<u128, ShardId>,
    /// The call that began the transition the stream is in.
    pub changed_by: EventId,
    /// The id of the next shard: that of one which is gone is not given again.
    pub next_shard: ShardId,
    /// What arrived then or before had passed out of retention when that was made longer, and stays gone.
    pub expired_until: Timestamp,
    pub control: Control,
    #[serde(skip)]
    pub consumers: Consumers,
}

impl Stream {
    pub fn new(arn: Arn, mode: Mode, shard_count: u32, created: Timestamp, changed_by: EventId) -> Self {
        let shards: Kept<_, _> = (0..)
            .map(ShardId)
            .zip(HashKeyRange::split_evenly(shard_count))
            .map(|(id, range)| (id, Shard::new(id, range, created)))
            .collect();
        Self {
            routes: routes(&shards),
            arn,
            created,
            status: Status::Creating,
            settles: None,
            mode,
            retention: RETENTION,
            record_kib_max: RECORD_KIB_DEFAULT,
            shards,
            changed_by,
            next_shard: ShardId(shard_count),
            expired_until: created - Duration::from_millis(1),
            control: Control::default(),
            consumers: Consumers::default(),
        }
    }

    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("shard", &mut self.shards, Shard::keep);
        self.consumers.keep(book);
        if book.reads() {
            self.routes = routes(&self.shards);
            if !self.routes.contains_key(&u128::MAX) {
                book.damaged(format!("{}: its open shards do not cover all hash keys", self.arn));
            }
        }
    }

    /// The open shard that takes records of this hash key.
    pub fn route(&mut self, hash_key: u128) -> &mut Shard {
        let id = self.open_shard(hash_key);
        self.shards.get_mut(&id).expect("routes lead to shards of the stream")
    }

    pub fn open_shard(&self, hash_key: u128) -> ShardId {
        let (_, id) = self.routes.range(hash_key..).next().expect("the routes reach up to the largest hash key");
        *id
    }

    pub fn open_shards(&self) -> usize {
        self.routes.len()
    }

    pub fn retention_hours(&self) -> u64 {
        self.retention.as_secs() / 3600
    }

    /// What arrived at this moment or before is no longer there.
    pub fn horizon(&self, now: Timestamp) -> Timestamp {
        (now - self.retention).max(self.expired_until)
    }

    pub fn shard(&self, id: &str, name: &str, scope: &Scope) -> Result<&Shard, ApiError> {
        let found = ShardId::parse(id).and_then(|id| self.shards.get(&id));
        found.ok_or_else(|| shard_not_found(id, name, scope))
    }
}

fn routes(shards: &Kept<ShardId, Shard>) -> BTreeMap<u128, ShardId> {
    let open = shards.values().filter(|shard| shard.closed.is_none());
    open.map(|shard| (shard.range.end, shard.id)).collect()
}

pub fn invalid_argument(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidArgumentException", message)
}

/// Wording: <https://github.com/awslabs/amazon-kinesis-client-python/issues/97>
pub fn not_found(name: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    ApiError::new("ResourceNotFoundException", format!("Stream {name} under account {account} not found."))
}

/// assumed: the code is documented, the wording is not.
pub fn shard_not_found(shard: &str, name: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    ApiError::new(
        "ResourceNotFoundException",
        format!("Shard {shard} in stream {name} under account {account} does not exist"),
    )
}

/// What reads and writes say of a stream in another state.
///
/// Wording: <https://github.com/aws/aws-sdk-java-v2/pull/5949>
pub fn not_usable(name: &str, scope: &Scope, status: Status) -> ApiError {
    let account = &scope.account;
    ApiError::new(
        "ResourceInUseException",
        format!("Stream {name} under account {account} not ACTIVE or UPDATING, instead in state {status}"),
    )
}

/// What changes to a stream say of one in another state than ACTIVE, as above.
pub fn not_active(name: &str, scope: &Scope, status: Status) -> ApiError {
    let account = &scope.account;
    ApiError::new(
        "ResourceInUseException",
        format!("Stream {name} under account {account} not ACTIVE, instead in state {status}"),
    )
}
