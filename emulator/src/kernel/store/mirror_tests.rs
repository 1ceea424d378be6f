//! A journal in memory and one on the disk, side by side under random work: the first difference ends it.

use std::path::PathBuf;

use super::directory::{Directory, Durability};
use super::{Journal, Memory, Record, Records};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rehearsal-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn open(&self) -> (Directory, Records) {
        let (directory, found) = Directory::open(&self.0, Durability::Process, &|_| {}).expect("it opens");
        assert_eq!(found.warnings, Vec::<String>::new());
        (directory, found.records)
    }

    fn bytes(&self) -> u64 {
        bytes(&self.0)
    }

    /// The newest log.
    fn log(&self) -> PathBuf {
        let entries =
            std::fs::read_dir(&self.0).expect("it is a folder").map(|entry| entry.expect("it is there").path());
        let logs =
            entries.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("log-")));
        logs.max().expect("there is a log")
    }
}

fn bytes(at: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(at).expect("it is a folder").map(|entry| entry.expect("it is there"));
    entries
        .map(|entry| match entry.metadata().expect("it is there") {
            folder if folder.is_dir() => bytes(&entry.path()),
            file => file.len(),
        })
        .sum()
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn batch(random: &mut fastrand::Rng) -> Vec<Record> {
    let record = |random: &mut fastrand::Rng| {
        let mut path = format!("queue/{}", random.u8(..6));
        if random.bool() {
            path += &format!("/message/{}", random.u8(..40));
        }
        let value = (random.u8(..4) > 0).then(|| format!("\"{}\"", "x".repeat(random.usize(..3000))).into_bytes());
        Record { path, value }
    };
    (0..random.usize(1..8)).map(|_| record(random)).collect()
}

#[test]
fn memory_and_disk_hold_the_same_after_each_restart() {
    let folder = Folder::new("mirror");
    let mut random = fastrand::Rng::with_seed(7);
    let mut memory = Memory::default();
    for round in 0..12 {
        let (mut directory, held) = folder.open();
        assert_eq!(held, memory.records(), "round {round}");
        for _ in 0..random.usize(1..100) {
            let batch = batch(&mut random);
            memory.write(&batch).unwrap();
            directory.write(&batch).unwrap();
        }
    }
}

#[test]
fn what_was_overwritten_or_deleted_gives_its_space_back() {
    let folder = Folder::new("space");
    let (mut directory, _) = folder.open();
    let value = format!("\"{}\"", "x".repeat(1 << 20)).into_bytes();
    for count in 0..200 {
        let path = format!("queue/{}", count % 10);
        directory.write(&[Record { path, value: Some(value.clone()) }]).unwrap();
    }
    let live = 10 * value.len() as u64;
    assert!(folder.bytes() <= 3 * live, "{} bytes for {live}", folder.bytes());
}

#[test]
fn a_second_process_another_version_and_a_strange_folder_are_told_so() {
    let folder = Folder::new("refused");
    let refused = || match Directory::open(&folder.0, Durability::Process, &|_| {}) {
        Ok(_) => panic!("it opens"),
        Err(error) => error.to_string(),
    };
    let (directory, _) = folder.open();
    assert!(refused().contains("used by another process"), "{}", refused());
    drop(directory);
    std::fs::write(folder.0.join("version"), "rehearsal data 0").unwrap();
    assert!(refused().contains("`rehearsal data 0`"), "{}", refused());
    std::fs::remove_file(folder.0.join("version")).unwrap();
    assert!(refused().contains("no data directory"), "{}", refused());
}

#[test]
fn a_log_that_cannot_be_opened_now_is_left_where_it_is() {
    let folder = Folder::new("held");
    let (mut directory, _) = folder.open();
    directory.write(&[Record { path: "queue/1".to_owned(), value: Some(b"1".to_vec()) }]).unwrap();
    let log = folder.log();
    drop(directory);
    let data = log.join("db");
    let beside = log.join("beside");
    std::fs::rename(&data, &beside).unwrap();
    std::fs::create_dir(&data).unwrap();
    assert!(Directory::open(&folder.0, Durability::Process, &|_| {}).is_err(), "a folder is no file");
    std::fs::remove_dir(&data).unwrap();
    std::fs::rename(&beside, &data).unwrap();
    let (_, records) = folder.open();
    assert_eq!(records.len(), 1);
}

#[test]
fn what_is_damaged_is_set_aside_loudly() {
    let folder = Folder::new("damaged");
    let record = |number: u32| Record { path: format!("queue/{number}"), value: Some(b"1".to_vec()) };
    let (mut directory, _) = folder.open();
    (0..100).for_each(|number| directory.write(&[record(number)]).unwrap());
    drop(directory);
    for entry in std::fs::read_dir(folder.log()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("snap.") {
            std::fs::write(&path, b"garbage").unwrap();
        }
    }
    let (directory, found) = Directory::open(&folder.0, Durability::Process, &|_| {}).unwrap();
    assert_eq!(found.records.len(), 100, "a damaged snapshot of sled's loses nothing: {:?}", found.warnings);
    drop(directory);
    let data = folder.log().join("db");
    let mut bytes = std::fs::read(&data).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle..].fill(0xff);
    std::fs::write(&data, bytes).unwrap();
    let (_, found) = Directory::open(&folder.0, Durability::Process, &|_| {}).unwrap();
    assert!(!found.warnings.is_empty() || found.records.len() == 100, "nothing is lost in silence");
}
