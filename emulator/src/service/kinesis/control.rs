//! What the control plane keeps of a stream beside its shards, and how a change to it takes effect.
//!
//! A call that changes a stream answers at once; the stream is UPDATING, and
//! what was asked for holds when it is ACTIVE again.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::enhanced_monitoring::Metric;
use super::lifecycle::Work;
use super::reshard::Reshard;
use super::resource_arn::Attached;
use super::shard::ShardId;
use super::stream::{Mode, Status, Stream};
use super::warm_throughput::WarmThroughput;
use crate::kernel::{ApiError, Call, Timestamp};

/// "Per rolling 24-hour period", as AWS counts several changes.
const DAY: Duration = Duration::from_hours(24);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Control {
    pub attached: Attached,
    /// What records are encrypted with, as it was given.
    pub key_id: Option<String>,
    pub metrics: BTreeSet<Metric>,
    pub warm_throughput: Option<WarmThroughput>,
    /// What the stream becomes when it is ACTIVE again.
    pub change: Option<Change>,
    pub rescaled: Day,
    pub mode_changed: Day,
    pub encryption_changed: Day,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Change {
    /// What was asked for holds already.
    Nothing,
    Shards(Reshard),
    /// With the warm throughput of an on-demand stream.
    Mode(Mode, Option<u32>),
    /// With a key, or no longer.
    Encryption(Option<String>),
    Metrics(BTreeSet<Metric>),
    RecordKibMax(u32),
    WarmThroughput(u32),
}

/// When something was done, for a limit per rolling 24 hours.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Day(Vec<Timestamp>);

impl Day {
    /// How often it was in the day before `now`.
    pub fn count(&self, now: Timestamp) -> usize {
        self.0.iter().filter(|moment| now.since(**moment) < DAY).count()
    }

    pub fn note(&mut self, now: Timestamp) {
        self.0.retain(|moment| now.since(*moment) < DAY);
        self.0.push(now);
    }
}

impl Kinesis {
    /// A stream is UPDATING from now on, until `change` holds.
    pub fn begin_change(&mut self, name: &str, change: Change, call: &Call<'_>) -> Result<(), ApiError> {
        let stream = self.active_mut(name, call.scope)?;
        stream.status = Status::Updating;
        stream.changed_by = call.event;
        stream.control.change = Some(change);
        self.plan_transition(name, Work::Activate, call.now);
        Ok(())
    }

    /// What the answers to writes say of encryption, which is nothing where there is none.
    pub fn encryption_type(&self, name: &str) -> Option<&'static str> {
        let stream = self.streams.get(name)?;
        stream.control.key_id.as_ref().map(|_| "KMS")
    }
}

impl Stream {
    /// The change takes effect; answers the shards that it closed.
    pub fn apply(&mut self, change: Change, call: &Call<'_>) -> Vec<ShardId> {
        match change {
            Change::Nothing => {}
            Change::Shards(reshard) => {
                let closed = self.reshard(reshard, call.now);
                call.note(format!("{} of {} shards open", self.open_shards(), self.shards.len()));
                return closed;
            }
            Change::Mode(mode, warm) => {
                self.mode = mode;
                self.control.warm_throughput = warm.map(WarmThroughput::reached);
            }
            Change::Encryption(key_id) => {
                for shard in self.shards.values_mut() {
                    shard.set_encrypted(key_id.is_some());
                }
                self.control.key_id = key_id;
            }
            Change::Metrics(metrics) => self.control.metrics = metrics,
            Change::RecordKibMax(kib) => self.record_kib_max = kib,
            Change::WarmThroughput(mibps) => self.control.warm_throughput = Some(WarmThroughput::reached(mibps)),
        }
        Vec::new()
    }
}
