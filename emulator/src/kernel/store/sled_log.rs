//! A log in `sled`: entries in order, each under its number.
//!
//! sled has known weaknesses, so it is used for this alone and with care: a small cache,
//! an open that may panic, snapshot files of its own that can be damaged and that it does
//! not need. See `ARCHITECTURE.md`.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// A log that is open.
pub struct SledLog {
    at: PathBuf,
    durability: Durability,
    /// Closed after a failure: sled remembers the first for ever, so it is opened anew.
    open: Option<sled::Db>,
    next: u64,
}

/// What an acknowledged write outlives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The death of the process.
    #[default]
    Process,
    /// The death of the machine, as far as its disk keeps what `fdatasync` gives it.
    Fsync,
}

impl FromStr for Durability {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "process" => Ok(Self::Process),
            "fsync" => Ok(Self::Fsync),
            _ => Err("expected `process` or `fsync`".to_owned()),
        }
    }
}

impl fmt::Display for Durability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Process => "process",
            Self::Fsync => "fsync",
        })
    }
}

const CACHE_BYTES: u64 = 64 << 20;

impl SledLog {
    /// Opens the log at a folder, or begins one. Also says what had to be set aside to open it.
    pub fn open(at: &Path, durability: Durability) -> io::Result<(Self, Vec<String>)> {
        let mut warnings = Vec::new();
        let db = match open(at) {
            Ok(db) => db,
            Err(Refused::Damaged(why)) => {
                warnings.push(format!("{}: {why}", at.display()));
                reopen(at, &mut warnings)?
            }
            Err(Refused::System(error)) => return Err(error),
        };
        let next = db.last().map_err(io::Error::from)?.map_or(0, |(key, _)| number(&key) + 1);
        Ok((Self { at: at.to_owned(), durability, open: Some(db), next }, warnings))
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = io::Result<Vec<u8>>> {
        let entries = self.open.as_ref().map(|db| db.iter().values());
        entries.into_iter().flatten().map(|entry| entry.map(|entry| entry.to_vec()).map_err(io::Error::from))
    }

    /// Adds an entry. It is kept when this returns.
    pub fn append(&mut self, entry: &[u8]) -> io::Result<()> {
        let appended = caught(|| self.try_append(entry));
        if appended.is_err() {
            self.open = None;
        }
        appended
    }

    fn try_append(&mut self, entry: &[u8]) -> io::Result<()> {
        let db = match &self.open {
            Some(db) => db,
            None => self.open.insert(open(&self.at)?),
        };
        // The same number again after a failure: half of an entry is none.
        db.insert(self.next.to_be_bytes(), entry)?;
        db.flush()?;
        if self.durability == Durability::Fsync {
            sync(&self.at)?;
        }
        self.next += 1;
        Ok(())
    }

    /// What it takes on the disk: several times what was written, if entries are small.
    pub fn bytes_on_disk(&self) -> io::Result<u64> {
        self.open.as_ref().map_or(Ok(0), |db| db.size_on_disk().map_err(io::Error::from))
    }
}

fn number(key: &[u8]) -> u64 {
    key.try_into().map_or(0, u64::from_be_bytes)
}

/// sled's `flush` gives its writes to the system; this gives them to the disk.
fn sync(at: &Path) -> io::Result<()> {
    File::open(at.join("db"))?.sync_data()?;
    for blob in std::fs::read_dir(at.join("blobs"))? {
        File::open(blob?.path())?.sync_data()?;
    }
    File::open(at)?.sync_data()
}

/// Why a log was not opened.
enum Refused {
    /// No right, no space, too many files: the log may be whole, and nothing of it is touched.
    System(io::Error),
    Damaged(String),
}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::System(error) => error,
            Refused::Damaged(why) => Self::other(why),
        }
    }
}

fn open(at: &Path) -> Result<sled::Db, Refused> {
    wait_for_file(at).map_err(Refused::System)?;
    let config = sled::Config::new().path(at).cache_capacity(CACHE_BYTES).flush_every_ms(None);
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(sled::Error::Io(error))) if !says_damaged(error.kind()) => Err(Refused::System(error)),
        Ok(Err(error)) => Err(Refused::Damaged(error.to_string())),
        Err(_) => Err(Refused::Damaged("the log is damaged".to_owned())),
    }
}

/// A file that is too short, or is not there though another speaks of it.
fn says_damaged(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::NotFound)
}

const LOOKS_AT_LOCK: u32 = 500;
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// Waits until nobody holds the log's file. No other process does, as the directory has a lock of its own; but the
/// threads of a log that was just dropped let go of it a moment later, and sled does not wait for them.
#[allow(clippy::disallowed_methods, reason = "a disk lives in real time, whatever the emulator's clock shows")]
fn wait_for_file(at: &Path) -> io::Result<()> {
    let Ok(file) = File::open(at.join("db")) else { return Ok(()) };
    for _ in 0..LOOKS_AT_LOCK {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_LOOKS),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::WouldBlock, format!("{} is still held by a log that was closed", at.display())))
}

/// sled's own snapshots only speed it up: a damaged one is set aside, and the log tells all. A damaged log is set
/// aside as a whole.
fn reopen(at: &Path, warnings: &mut Vec<String>) -> io::Result<sled::Db> {
    for entry in std::fs::read_dir(at)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("snap.") {
            let aside = path.with_file_name(format!("damaged-{name}"));
            std::fs::rename(&path, &aside)?;
            warnings.push(format!("set aside {} and read the log without it", aside.display()));
        }
    }
    match open(at) {
        Ok(db) => return Ok(db),
        Err(Refused::System(error)) => return Err(error),
        Err(Refused::Damaged(_)) => {}
    }
    let aside = unused(at);
    std::fs::rename(at, &aside)?;
    warnings.push(format!("set aside the damaged log as {}: what it held is NOT in this world", aside.display()));
    Ok(open(at)?)
}

/// A name beside a folder's own that nothing has.
fn unused(at: &Path) -> PathBuf {
    let name = at.file_name().unwrap_or_default().to_string_lossy();
    let names = (1..).map(|count| at.with_file_name(format!("damaged-{count}-{name}")));
    names.into_iter().find(|path| !path.exists()).unwrap_or_else(|| at.with_extension("damaged"))
}

/// sled panics in places where it might return an error.
fn caught<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(io::Error::other("the log failed")))
}
