//! A data directory: what is kept lies on a disk and outlives the process.
//!
//! ```text
//! lock              held by the process that uses the directory
//! version           of this layout and of the records
//! base-7.jsonl      all that was kept when generation 7 began
//! log-7/            what came after it, in sled
//! ```
//!
//! When the log has grown beyond a part of what lives, the next generation begins: a base
//! of what both say, and an empty log. What was deleted gives its space back with that.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::line;
pub use super::sled_log::Durability;
use super::sled_log::SledLog;
use super::{Journal, Record, Records};

/// Of this layout and of the records: to be raised when either changes.
const VERSION: &str = "rehearsal data 1";
/// A log of so many bytes is not worth a new generation.
const LOG_BYTES_MIN: u64 = 16 << 20;
/// After so many entries, the log's size is looked at.
const ENTRIES_BETWEEN_LOOKS: u32 = 64;

/// A data directory in use.
pub struct Directory {
    at: PathBuf,
    durability: Durability,
    generation: u64,
    log: SledLog,
    /// What the base holds.
    base_bytes: u64,
    entries_since_look: u32,
    _lock: File,
}

/// What was found in a data directory.
pub struct Found {
    pub records: Records,
    /// What was damaged and where it lies now: to be told loudly.
    pub warnings: Vec<String>,
}

impl Directory {
    /// Opens a directory, made if there is none, and reads all that is in it.
    ///
    /// `progress` is told how many records were read so far: a long recovery is not to look like a hung one.
    pub fn open(at: &Path, durability: Durability, progress: &dyn Fn(usize)) -> io::Result<(Self, Found)> {
        fs::create_dir_all(at)?;
        let lock = lock(at)?;
        check_version(at)?;
        let bases = numbered(at, "base-", ".jsonl")?;
        let generation = bases.last().copied().unwrap_or(0);
        let mut found = Found { records: Records::default(), warnings: Vec::new() };
        if bases.contains(&generation) {
            read_base(&base(at, generation), &mut found, progress)?;
        }
        // A process that died while it began a generation leaves the logs of two.
        let logs: Vec<u64> = numbered(at, "log-", "")?.into_iter().filter(|number| *number > generation).collect();
        let mut log = open_log(at, generation, durability, &mut found, progress)?;
        for later in &logs {
            log = open_log(at, *later, durability, &mut found, progress)?;
        }
        let newest = logs.last().copied().unwrap_or(generation);
        let base_bytes = found.records.bytes();
        let mut directory = Self {
            at: at.to_owned(),
            durability,
            generation: newest,
            log,
            base_bytes,
            entries_since_look: 0,
            _lock: lock,
        };
        if newest != generation || !found.warnings.is_empty() {
            directory.begin_generation(&found.records)?;
        }
        directory.delete_older()?;
        Ok((directory, found))
    }

    /// Begins the next generation if the log has outgrown what lives.
    fn tidy(&mut self) -> io::Result<()> {
        self.entries_since_look += 1;
        if self.entries_since_look < ENTRIES_BETWEEN_LOOKS {
            return Ok(());
        }
        self.entries_since_look = 0;
        if self.log.bytes_on_disk()? < LOG_BYTES_MIN.max(self.base_bytes) {
            return Ok(());
        }
        let mut found = Found { records: Records::default(), warnings: Vec::new() };
        let path = base(&self.at, self.generation);
        if path.exists() {
            read_base(&path, &mut found, &|_| {})?;
        }
        read_log(&self.log, &mut found, &|_| {})?;
        self.begin_generation(&found.records)?;
        self.delete_older()
    }

    fn begin_generation(&mut self, records: &Records) -> io::Result<()> {
        let next = self.generation + 1;
        write_base(&base(&self.at, next), records)?;
        let (log, _) = SledLog::open(&self.at.join(format!("log-{next}")), self.durability)?;
        (self.generation, self.log, self.base_bytes) = (next, log, records.bytes());
        Ok(())
    }

    fn delete_older(&self) -> io::Result<()> {
        for old in numbered(&self.at, "base-", ".jsonl")?.into_iter().filter(|number| *number < self.generation) {
            fs::remove_file(base(&self.at, old))?;
        }
        for old in numbered(&self.at, "log-", "")?.into_iter().filter(|number| *number < self.generation) {
            fs::remove_dir_all(self.at.join(format!("log-{old}")))?;
        }
        Ok(())
    }
}

impl Journal for Directory {
    fn write(&mut self, batch: &[Record]) -> io::Result<()> {
        let mut entry = Vec::new();
        for Record { path, value } in batch {
            line::push(&mut entry, path, value.as_deref());
        }
        self.log.append(&entry)?;
        if let Err(error) = self.tidy() {
            // The batch is kept; the next write tries again.
            eprintln!("the data directory could not be made smaller: {error}");
        }
        Ok(())
    }
}

fn base(at: &Path, generation: u64) -> PathBuf {
    at.join(format!("base-{generation}.jsonl"))
}

fn lock(at: &Path) -> io::Result<File> {
    let lock = File::create(at.join("lock"))?;
    lock.try_lock().map_err(|error| match error {
        fs::TryLockError::WouldBlock => io::Error::other(format!(
            "{} is used by another process: stop that one, or choose another directory",
            at.display()
        )),
        fs::TryLockError::Error(error) => error,
    })?;
    Ok(lock)
}

fn check_version(at: &Path) -> io::Result<()> {
    let path = at.join("version");
    match fs::read_to_string(&path) {
        Ok(version) if version.trim() == VERSION => Ok(()),
        Ok(version) => Err(io::Error::other(format!(
            "{} is of version `{}`, and this program reads `{VERSION}`: export it with the program that wrote it \
             (`rehearsal data export`) and import that here",
            at.display(),
            version.trim()
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_unused(at)? => fs::write(path, VERSION),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(io::Error::other(format!(
            "{} has files in it and is no data directory: choose an empty or a new one",
            at.display()
        ))),
        Err(error) => Err(error),
    }
}

fn is_unused(at: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(at)? {
        if entry?.file_name() != "lock" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The numbers of what is called so, in order.
fn numbered(at: &Path, prefix: &str, suffix: &str) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(at)? {
        let name = entry?.file_name();
        let number =
            name.to_str().and_then(|name| name.strip_prefix(prefix)?.strip_suffix(suffix)?.parse::<u64>().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn open_log(
    at: &Path,
    number: u64,
    durability: Durability,
    found: &mut Found,
    progress: &dyn Fn(usize),
) -> io::Result<SledLog> {
    let (log, warnings) = SledLog::open(&at.join(format!("log-{number}")), durability)?;
    found.warnings.extend(warnings);
    read_log(&log, found, progress)?;
    Ok(log)
}

fn read_log(log: &SledLog, found: &mut Found, progress: &dyn Fn(usize)) -> io::Result<()> {
    for entry in log.entries() {
        for text in String::from_utf8_lossy(&entry?).lines() {
            match line::read(text) {
                Ok(record) => found.records.apply(record),
                Err(error) => found.warnings.push(format!("a line of the log cannot be read: {error}")),
            }
        }
        progress(found.records.len());
    }
    Ok(())
}

/// The last line of a base: without it, the rest of the file is missing.
const END: &str = "end";

fn read_base(path: &Path, found: &mut Found, progress: &dyn Fn(usize)) -> io::Result<()> {
    let mut lines = 0_u64;
    let mut ended = false;
    let mut bad = 0_u64;
    for text in BufReader::new(File::open(path)?).split(b'\n') {
        let text = text?;
        lines += 1;
        match std::str::from_utf8(&text).ok().map(line::read) {
            _ if text == END.as_bytes() => ended = true,
            Some(Ok(record)) => found.records.apply(record),
            _ => bad += 1,
        }
        progress(found.records.len());
    }
    if bad > 0 || !ended {
        let aside = path.with_file_name(format!("damaged-{}", path.file_name().unwrap_or_default().to_string_lossy()));
        fs::copy(path, &aside)?;
        let end = if ended { "" } else { " and its end is missing" };
        found.warnings.push(format!(
            "{}: {bad} of {lines} lines cannot be read{end}; what could be read is here, the file lies at {}",
            path.display(),
            aside.display()
        ));
    }
    Ok(())
}

/// All or nothing: the file has its name when it is whole.
fn write_base(path: &Path, records: &Records) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = BufWriter::new(File::create(&beside)?);
    let mut text = Vec::new();
    for (path, value) in records.iter() {
        text.clear();
        line::push(&mut text, path, Some(value));
        file.write_all(&text)?;
    }
    file.write_all(END.as_bytes())?;
    file.write_all(b"\n")?;
    let file = file.into_inner().map_err(|error| error.into_error())?;
    file.sync_data()?;
    fs::rename(&beside, path)?;
    // The directory's entry, too, must outlive the machine.
    File::open(path.parent().unwrap_or(path))?.sync_data()
}
