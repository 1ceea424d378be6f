//! The timeline in a file: every event once it is over, one JSON object a line, beyond what the ring keeps.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::Timeline;
use rehearsal_emulator::kernel::timeline::Batch;

/// How often what is over is written.
const EVERY: Duration = Duration::from_millis(200);

/// A file that is being written.
pub struct TimelineFile {
    path: PathBuf,
    running: mpsc::Sender<()>,
    writer: JoinHandle<io::Result<()>>,
}

impl TimelineFile {
    /// Appends to the file from now on, on a thread of its own: disks are slow.
    pub fn write(path: &Path, emulator: &Emulator) -> Result<Self, String> {
        let opened = OpenOptions::new().create(true).append(true).open(path);
        let file = opened.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        let timeline = Arc::clone(&emulator.world().kernel.timeline);
        timeline.write_down();
        let (running, ended) = mpsc::channel();
        let shown = path.display().to_string();
        let writer = std::thread::spawn(move || {
            let written = write_until(file, &timeline, &ended);
            written.inspect_err(|error| eprintln!("the timeline is no longer written to {shown}: {error}"))
        });
        Ok(Self { path: path.to_owned(), running, writer })
    }

    /// Writes what is left, also of what never ended.
    pub fn end(self) -> Result<(), String> {
        let Self { path, running, writer } = self;
        drop(running);
        let written = writer.join().map_err(|_| io::Error::other("the writer panicked")).flatten();
        written.map_err(|error| format!("the timeline in {} is not whole: {error}", path.display()))
    }
}

fn write_until(mut file: File, timeline: &Timeline, ended: &Receiver<()>) -> io::Result<()> {
    while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        append(&mut file, &timeline.take_written())?;
    }
    append(&mut file, &timeline.take_unwritten())
}

/// All at once: a line is never torn by another process that appends.
fn append(file: &mut File, batch: &Batch) -> io::Result<()> {
    let mut lines = Vec::new();
    for event in &batch.events {
        serde_json::to_writer(&mut lines, event)?;
        lines.push(b'\n');
    }
    if batch.lost > 0 {
        eprintln!("{} events are missing in the timeline's file: the disk was too slow for them", batch.lost);
    }
    file.write_all(&lines)
}
