//! Reads one shard from its checkpoint to its end, record by record, in order.
//!
//! A record leaves the reader in one of three ways: handled, parked, or not at all because shutdown came first. A
//! service in trouble holds the shard back, with growing waits, for as long as the trouble lasts: skipping would lose an
//! interaction, and the next record would meet the same trouble.

use std::sync::Arc;

use aws_sdk_kinesis::operation::get_records::GetRecordsError;
use aws_sdk_kinesis::types::{Record, ShardIteratorType};

use super::backoff::Backoff;
use super::call_failure::CallFailure;
use super::checkpoint::{self, Checkpoint};
use super::clients::Clients;
use super::handle::{HandleError, handle_record};
use super::parked::park;
use super::profile::Delivery;
use super::sequence_number::SequenceNumber;
use super::settings::{Settings, StartPosition};
use super::shutdown::Shutdown;

pub struct ShardReader {
    pub clients: Clients,
    pub settings: Arc<Settings>,
    pub shutdown: Shutdown,
    pub shard_id: String,
    /// Where to begin without a checkpoint.
    pub start_position: StartPosition,
}

/// Why reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The shard was closed by resharding and all its records are done: its children may be read.
    Closed,
    Shutdown,
}

/// Shutdown was requested while something was not done yet.
struct Interrupted;

/// What one read gave.
struct Batch {
    records: Vec<Record>,
    next_iterator: Option<String>,
}

impl ShardReader {
    pub async fn read_to_end(mut self) -> End {
        match self.follow().await {
            Ok(()) => End::Closed,
            Err(Interrupted) => End::Shutdown,
        }
    }

    async fn follow(&mut self) -> Result<(), Interrupted> {
        let checkpoint = self.load_checkpoint().await?;
        if checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.finished) {
            return Ok(());
        }
        let mut position = checkpoint.and_then(|checkpoint| checkpoint.sequence_number);
        let mut iterator = self.iterator(position.as_ref()).await?;
        loop {
            let batch = self.read(iterator, position.as_ref()).await?;
            let before = position.clone();
            let handled = self.handle_all(&batch.records, &mut position).await;
            if position != before {
                self.store_checkpoint(position.clone(), false).await?;
            }
            handled?;
            let Some(next_iterator) = batch.next_iterator else { break };
            iterator = next_iterator;
            self.rest().await?;
        }
        self.store_checkpoint(position, true).await
    }

    async fn rest(&mut self) -> Result<(), Interrupted> {
        self.shutdown.or_sleep(&self.clients, self.settings.poll_interval).await.ok_or(Interrupted)
    }

    async fn back_off(&mut self, backoff: &mut Backoff, failure: &CallFailure) -> Result<(), Interrupted> {
        let wait = backoff.step();
        tracing::warn!("{} waits {} ms: {failure}", self.shard_id, wait.as_millis());
        self.shutdown.or_sleep(&self.clients, wait).await.ok_or(Interrupted)
    }

    async fn load_checkpoint(&mut self) -> Result<Option<Checkpoint>, Interrupted> {
        let mut backoff = Backoff::new(&self.settings);
        loop {
            match checkpoint::load(&self.clients, &self.settings, &self.shard_id).await {
                Ok(checkpoint) => return Ok(checkpoint),
                Err(failure) => self.back_off(&mut backoff, &failure).await?,
            }
        }
    }

    async fn store_checkpoint(&mut self, position: Option<SequenceNumber>, finished: bool) -> Result<(), Interrupted> {
        let checkpoint = Checkpoint::new(&self.settings, &self.shard_id, position, finished);
        let mut backoff = Backoff::new(&self.settings);
        loop {
            match checkpoint::store(&self.clients, &self.settings, &checkpoint).await {
                Ok(()) => return Ok(()),
                Err(failure) => self.back_off(&mut backoff, &failure).await?,
            }
        }
    }

    async fn iterator(&mut self, position: Option<&SequenceNumber>) -> Result<String, Interrupted> {
        let mut position = position;
        let mut backoff = Backoff::new(&self.settings);
        loop {
            let call = self
                .clients
                .kinesis
                .get_shard_iterator()
                .stream_name(&self.settings.stream_name)
                .shard_id(&self.shard_id)
                .shard_iterator_type(self.iterator_type(position))
                .set_starting_sequence_number(position.map(ToString::to_string));
            match call.send().await.map(|output| output.shard_iterator) {
                Ok(Some(iterator)) => return Ok(iterator),
                Ok(None) => {
                    let reason = "the answer has no iterator".to_owned();
                    let failure = CallFailure { call: "kinesis GetShardIterator", code: None, reason };
                    self.back_off(&mut backoff, &failure).await?;
                }
                // The stream was deleted and made anew under its name: whatever it holds is news.
                Err(error)
                    if position.is_some()
                        && error.as_service_error().is_some_and(|error| error.is_invalid_argument_exception()) =>
                {
                    tracing::warn!("{} does not know its checkpoint, it is read anew", self.shard_id);
                    position = None;
                }
                Err(error) => {
                    let failure = CallFailure::new("kinesis GetShardIterator", &error);
                    self.back_off(&mut backoff, &failure).await?;
                }
            }
        }
    }

    fn iterator_type(&self, position: Option<&SequenceNumber>) -> ShardIteratorType {
        match (position, self.start_position) {
            (Some(_), _) => ShardIteratorType::AfterSequenceNumber,
            (None, StartPosition::TrimHorizon) => ShardIteratorType::TrimHorizon,
            (None, StartPosition::Latest) => ShardIteratorType::Latest,
        }
    }

    /// One read. An iterator lives for five minutes, and a batch with a slow model can take longer.
    async fn read(&mut self, iterator: String, position: Option<&SequenceNumber>) -> Result<Batch, Interrupted> {
        let mut iterator = iterator;
        let mut backoff = Backoff::new(&self.settings);
        loop {
            let call =
                self.clients.kinesis.get_records().shard_iterator(&iterator).limit(self.settings.batch_size.into());
            let failure = match call.send().await {
                Ok(output) => return Ok(Batch { records: output.records, next_iterator: output.next_shard_iterator }),
                Err(error) if error.as_service_error().is_some_and(GetRecordsError::is_expired_iterator_exception) => {
                    iterator = self.iterator(position).await?;
                    continue;
                }
                Err(error) => CallFailure::new("kinesis GetRecords", &error),
            };
            self.back_off(&mut backoff, &failure).await?;
        }
    }

    /// Moves `position` along with every record that is done.
    async fn handle_all(
        &mut self,
        records: &[Record],
        position: &mut Option<SequenceNumber>,
    ) -> Result<(), Interrupted> {
        for record in records {
            if self.shutdown.is_requested() {
                return Err(Interrupted);
            }
            let sequence_number = SequenceNumber::new(&record.sequence_number);
            let delivery = Delivery { shard_id: self.shard_id.clone(), sequence_number: sequence_number.clone() };
            self.handle_one(record, &delivery).await?;
            *position = Some(sequence_number);
        }
        Ok(())
    }

    async fn handle_one(&mut self, record: &Record, delivery: &Delivery) -> Result<(), Interrupted> {
        let mut backoff = Backoff::new(&self.settings);
        let data = record.data.as_ref();
        loop {
            let failure = match handle_record(&self.clients, &self.settings, delivery, data).await {
                Ok(_) => return Ok(()),
                Err(HandleError::Unavailable(failure)) => failure,
                Err(HandleError::Rejected(reason)) => {
                    tracing::warn!("parking {}#{}: {reason}", delivery.shard_id, delivery.sequence_number);
                    let key = record.partition_key.as_deref();
                    match park(&self.clients, &self.settings, delivery, key, data, &reason).await {
                        Ok(()) => return Ok(()),
                        Err(failure) => failure,
                    }
                }
            };
            self.back_off(&mut backoff, &failure).await?;
        }
    }
}
