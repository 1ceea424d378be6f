//! `rehearsal data`: a data directory as JSON lines, for backups, for looking into it, and for moving it to another
//! version.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use rehearsal_emulator::kernel::store::directory::{Durability, Found};
use rehearsal_emulator::kernel::store::{Journal, Record, line};

use super::{Outcome, print, serve};

#[derive(Args)]
pub struct Data {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Print what a data directory holds, one JSON object a line.
    Export { directory: PathBuf },
    /// Fill a new data directory from such lines.
    Import { directory: PathBuf, file: PathBuf },
}

impl Data {
    pub fn run(&self) -> Outcome {
        match &self.act {
            Act::Export { directory } => export(directory),
            Act::Import { directory, file } => import(directory, file),
        }
    }
}

fn export(directory: &Path) -> Outcome {
    if !directory.join("version").exists() {
        return Err(format!("{} is no data directory", directory.display()));
    }
    let (_open, Found { records, .. }) = serve::open(directory, Durability::Process)?;
    print(&String::from_utf8_lossy(&line::all(&records)))
}

fn import(directory: &Path, file: &Path) -> Outcome {
    let records = read(file)?;
    let (mut open, found) = serve::open(directory, Durability::Fsync)?;
    if !found.records.is_empty() {
        return Err(format!("{} holds something already: choose a new directory", directory.display()));
    }
    open.write(&records).map_err(|error| format!("{}: {error}", directory.display()))?;
    writeln!(std::io::stdout(), "{} records are in {}", records.len(), directory.display())
        .map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<Vec<Record>, String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", file.display());
    let lines = BufReader::new(std::fs::File::open(file).map_err(unreadable)?).lines();
    let records = lines.enumerate().map(|(at, text)| {
        let text = text.map_err(unreadable)?;
        line::read(&text).map_err(|error| format!("{}:{}: {error}", file.display(), at + 1))
    });
    records.collect()
}
