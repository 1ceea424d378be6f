//! The host that polls Kinesis: finds shards and reads each in a task of its own.
//!
//! Children of a split or merged shard are read after their parents, so that a user's interactions stay in order.
//!
//! Limit: there are no leases. Two workers on one stream do not corrupt anything, but each asks the model.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use aws_sdk_kinesis::types::Shard;
use tokio::task::{JoinError, JoinSet};

use super::backoff::Backoff;
use super::call_failure::CallFailure;
use super::clients::Clients;
use super::settings::{Settings, StartPosition};
use super::shard_reader::{End, ShardReader};
use super::shutdown::{self, Shutdown};

/// Reads the stream until `shutdown` completes, then lets the records in hand finish, within the grace period.
///
/// A stream or table that does not exist yet is waited for, so that worker and setup may start in any order.
pub async fn run(clients: Clients, settings: Settings, shutdown: impl Future<Output = ()>) {
    let grace = settings.shutdown_grace;
    let (sender, receiver) = shutdown::channel();
    let mut worker = Worker {
        clients: clients.clone(),
        settings: Arc::new(settings),
        shutdown: receiver,
        listed: Vec::new(),
        begun: BTreeMap::new(),
        readers: JoinSet::new(),
    };
    let mut shutdown = pin!(shutdown);
    tokio::select! {
        biased;
        () = &mut shutdown => {}
        () = worker.follow_stream() => {}
    }
    sender.request();
    let finished = async { while worker.readers.join_next().await.is_some() {} };
    if clients.within(grace, finished).await.is_err() {
        tracing::warn!("stopped with records in hand, they will be read again");
    }
}

struct Worker {
    clients: Clients,
    settings: Arc<Settings>,
    shutdown: Shutdown,
    listed: Vec<Shard>,
    /// Every shard that a reader was started for, and whether it is read to its end.
    begun: BTreeMap<String, Progress>,
    readers: JoinSet<(String, End)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Reading,
    Closed,
}

impl Worker {
    async fn follow_stream(&mut self) {
        let mut backoff = Backoff::new(&self.settings);
        loop {
            match list_shards(&self.clients, &self.settings).await {
                Ok(shards) => {
                    self.listed = shards;
                    backoff = Backoff::new(&self.settings);
                    self.read_until_next_discovery().await;
                }
                Err(failure) => {
                    let wait = backoff.step();
                    tracing::warn!("waits {} ms for the stream: {failure}", wait.as_millis());
                    self.clients.sleep(wait).await;
                }
            }
        }
    }

    /// Returns when the interval is over, or at once when a shard closed whose children are not listed yet.
    async fn read_until_next_discovery(&mut self) {
        self.begin_ready_shards();
        let clients = self.clients.clone();
        let mut interval_over = pin!(clients.sleep(self.settings.shard_discovery_interval));
        loop {
            tokio::select! {
                biased;
                Some(ended) = self.readers.join_next() => {
                    let closed = self.note_end(ended);
                    self.begin_ready_shards();
                    if closed.is_some_and(|shard_id| !self.listed.iter().any(|shard| is_child(shard, &shard_id))) {
                        return;
                    }
                }
                () = &mut interval_over => return,
            }
        }
    }

    /// Gives the shard that closed.
    fn note_end(&mut self, ended: Result<(String, End), JoinError>) -> Option<String> {
        match ended {
            Ok((shard_id, End::Closed)) => {
                self.begun.insert(shard_id.clone(), Progress::Closed);
                Some(shard_id)
            }
            Ok((_, End::Shutdown)) => None,
            // A panic in a reader is a bug of ours: it must end the worker, not one shard in silence.
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => None,
        }
    }

    /// In the order of the listing, so that runs are alike.
    fn begin_ready_shards(&mut self) {
        let ready: Vec<Shard> = self.listed.iter().filter(|shard| self.is_ready(shard)).cloned().collect();
        for shard in ready {
            let shard_id = shard.shard_id.clone();
            self.begun.insert(shard_id.clone(), Progress::Reading);
            let has_parent = parents(&shard).next().is_some();
            let reader = ShardReader {
                clients: self.clients.clone(),
                settings: Arc::clone(&self.settings),
                shutdown: self.shutdown.clone(),
                shard_id: shard_id.clone(),
                start_position: if has_parent { StartPosition::TrimHorizon } else { self.settings.start_position },
            };
            self.readers.spawn(async move { (shard_id, reader.read_to_end().await) });
        }
    }

    /// Not begun, and no parent has unread records. A parent that is not listed has outlived its retention.
    fn is_ready(&self, shard: &Shard) -> bool {
        if self.begun.contains_key(&shard.shard_id) {
            return false;
        }
        parents(shard).all(|parent| {
            let listed = self.listed.iter().any(|shard| shard.shard_id == parent);
            !listed || self.begun.get(parent) == Some(&Progress::Closed)
        })
    }
}

/// One parent after a split, two after a merge.
fn parents(shard: &Shard) -> impl Iterator<Item = &str> {
    [shard.parent_shard_id(), shard.adjacent_parent_shard_id()].into_iter().flatten()
}

fn is_child(shard: &Shard, of: &str) -> bool {
    parents(shard).any(|parent| parent == of)
}

async fn list_shards(clients: &Clients, settings: &Settings) -> Result<Vec<Shard>, CallFailure> {
    let mut shards = Vec::new();
    let mut next_token = None;
    loop {
        // AWS refuses a stream name beside a token.
        let call = match next_token {
            None => clients.kinesis.list_shards().stream_name(&settings.stream_name),
            Some(token) => clients.kinesis.list_shards().next_token(token),
        };
        let output = call.send().await.map_err(|error| CallFailure::new("kinesis ListShards", &error))?;
        shards.extend(output.shards.unwrap_or_default());
        next_token = output.next_token;
        if next_token.is_none() {
            return Ok(shards);
        }
    }
}
