//! Records of a PutRecords call that fail while the others are written.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html>
//!
//! They fail for want of throughput, where limits are enforced, or because the
//! call meets it so: then which ones is drawn from the seed.

use super::Kinesis;
use super::ingestion::{Entry, Placed};
use super::throughput::too_much_written;
use crate::kernel::{ApiError, Call};

/// What a record of the call meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meets {
    Nothing,
    NoThroughput,
    InternalFailure,
}

/// What each of `count` records meets.
pub fn met_by(count: usize, call: &Call<'_>) -> Vec<Meets> {
    let mut met = vec![Meets::Nothing; count];
    let (without_throughput, failing) = (call.circumstances.unprocessed, call.circumstances.internal_failures);
    if without_throughput + failing == 0 {
        return met;
    }
    let hit = [vec![Meets::NoThroughput; without_throughput], vec![Meets::InternalFailure; failing]].concat();
    for (record, meets) in met.iter_mut().zip(hit) {
        *record = meets;
    }
    call.ids().draw(|random| random.shuffle(&mut met));
    met
}

impl Kinesis {
    /// Refuses a whole call that meets no throughput at all. assumed: for the shard of its first record.
    pub fn admit_puts(&self, name: &str, entries: &[Entry], call: &Call<'_>) -> Result<(), ApiError> {
        let Some(first) = entries.first().filter(|_| call.circumstances.throttled) else { return Ok(()) };
        self.admit_write(name, first, call)
    }

    /// Writes one record of a call, or says why it was not written.
    pub fn put_one(&mut self, name: &str, entry: Entry<'_>, meets: Meets, call: &Call<'_>) -> Result<Placed, ApiError> {
        match meets {
            Meets::Nothing => {
                self.admit_write(name, &entry, call)?;
                self.ingest(name, entry, call)
            }
            Meets::NoThroughput => {
                let shard = self.usable(name, call.scope)?.open_shard(entry.hash_key);
                Err(too_much_written(name, shard, call.scope))
            }
            // Wording: <https://github.com/awslabs/amazon-kinesis-producer/issues/30>
            Meets::InternalFailure => Err(ApiError::with_status(500, "InternalFailure", "Internal service failure.")),
        }
    }
}
