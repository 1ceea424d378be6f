//! Takes the records of what changes and sees to it that they are kept before anybody is told of the change.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

use tokio::sync::watch;

use super::{Journal, Record};

/// The one way to a [`Journal`].
pub struct Keeper(Way);

enum Way {
    /// Records are written by a thread of its own, all that have come meanwhile in one batch.
    InBatches(Batches),
    /// For journals in memory: nobody has to wait, so virtual time does not move.
    AtOnce(Mutex<Box<dyn Journal>>),
}

struct Batches {
    shared: Arc<Shared>,
    progress: watch::Receiver<Progress>,
    writer: Option<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
}

#[derive(Default)]
struct Queue {
    records: Vec<Record>,
    /// How many times records have come.
    noted: u64,
    /// Somebody waits for what could not be written.
    again: bool,
    closed: bool,
}

#[derive(Clone, Debug, Default)]
struct Progress {
    /// Of the times that records have come, how many are kept.
    kept: u64,
    /// How often a batch could not be written.
    failures: u64,
    /// Why the last could not be.
    failing: Option<String>,
}

/// What changed could not be kept. The disk is full, most likely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKept(pub String);

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the data directory cannot be written: {}", self.0)
    }
}

impl std::error::Error for NotKept {}

impl Keeper {
    /// Starts to write to `journal`. Calls hold `calls` while they run: a batch is taken between them, so that it has
    /// all of a call or nothing. `stamp` is written with each batch.
    pub fn start(
        journal: impl Journal + 'static,
        calls: Arc<RwLock<()>>,
        stamp: impl Fn() -> Record + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { queue: Mutex::default(), wake: Condvar::new() });
        let (told, progress) = watch::channel(Progress::default());
        let writer = Writer { shared: Arc::clone(&shared), calls, stamp: Box::new(stamp), told, unwritten: Vec::new() };
        let writer = std::thread::Builder::new().name("journal".to_owned()).spawn(move || writer.run(journal))?;
        Ok(Self(Way::InBatches(Batches { shared, progress, writer: Some(writer) })))
    }

    /// Writes each record as it comes.
    pub fn at_once(journal: impl Journal + 'static) -> Self {
        Self(Way::AtOnce(Mutex::new(Box::new(journal))))
    }

    /// Takes records. Their state is still held, so they come in the order of its changes.
    pub fn note(&self, records: Vec<Record>) {
        if records.is_empty() {
            return;
        }
        match &self.0 {
            Way::InBatches(batches) => batches.note(records),
            Way::AtOnce(journal) => {
                let written = journal.lock().unwrap_or_else(PoisonError::into_inner).write(&records);
                written.expect("memory takes what is written");
            }
        }
    }

    /// Waits until all that was noted so far is kept.
    pub async fn kept(&self) -> Result<(), NotKept> {
        match &self.0 {
            Way::InBatches(batches) => batches.kept().await,
            Way::AtOnce(_) => Ok(()),
        }
    }

    /// Whether what changes now can be kept, as far as is known. After a failure, writing is tried again first.
    pub async fn ready(&self) -> Result<(), NotKept> {
        match &self.0 {
            Way::InBatches(batches) if batches.progress.borrow().failing.is_some() => batches.kept().await,
            _ => Ok(()),
        }
    }
}

impl Batches {
    fn note(&self, records: Vec<Record>) {
        let mut queue = self.shared.lock();
        queue.records.extend(records);
        queue.noted += 1;
        drop(queue);
        self.shared.wake.notify_one();
    }

    async fn kept(&self) -> Result<(), NotKept> {
        let noted = self.shared.lock().noted;
        let mut progress = self.progress.clone();
        let before = progress.borrow().clone();
        if before.kept >= noted && before.failing.is_none() {
            return Ok(());
        }
        if before.failing.is_some() {
            self.try_again();
        }
        let settled = |now: &Progress| now.failures > before.failures || (now.kept >= noted && now.failing.is_none());
        let now = progress.wait_for(settled).await.map_err(|_| NotKept("the writer has ended".to_owned()))?;
        match &now.failing {
            Some(why) if now.kept < noted || now.failures > before.failures => Err(NotKept(why.clone())),
            _ => Ok(()),
        }
    }

    fn try_again(&self) {
        self.shared.lock().again = true;
        self.shared.wake.notify_one();
    }
}

impl Drop for Batches {
    /// What was noted is written before the process goes on.
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.wake.notify_one();
        // A panic in it was printed.
        let _ = self.writer.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Writer {
    shared: Arc<Shared>,
    calls: Arc<RwLock<()>>,
    stamp: Box<dyn Fn() -> Record + Send>,
    told: watch::Sender<Progress>,
    /// What could not be written yet.
    unwritten: Vec<Record>,
}

impl Writer {
    fn run(mut self, mut journal: impl Journal) {
        while let Some(noted) = self.take() {
            if self.unwritten.is_empty() {
                continue;
            }
            self.unwritten.push((self.stamp)());
            let written = journal.write(&self.unwritten);
            match written {
                Ok(()) => {
                    self.unwritten.clear();
                    self.told.send_modify(|progress| {
                        progress.kept = noted;
                        progress.failing = None;
                    });
                }
                Err(error) => self.failed(&error),
            }
        }
    }

    fn failed(&mut self, error: &std::io::Error) {
        self.told.send_modify(|progress| {
            if progress.failing.is_none() {
                eprintln!("the data directory cannot be written: {error}; callers get errors until it can");
            }
            progress.failures += 1;
            progress.failing = Some(error.to_string());
        });
    }

    /// Waits for records and takes them between two calls. `None` at the end.
    fn take(&mut self) -> Option<u64> {
        let mut queue = self.shared.lock();
        loop {
            if !queue.records.is_empty() || std::mem::take(&mut queue.again) {
                break;
            }
            if queue.closed {
                return None;
            }
            queue = self.shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        drop(queue);
        let _between_calls = self.calls.write().unwrap_or_else(PoisonError::into_inner);
        let mut queue = self.shared.lock();
        self.unwritten.append(&mut queue.records);
        Some(queue.noted)
    }
}
