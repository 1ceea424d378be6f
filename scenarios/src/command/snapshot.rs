//! `rehearsal snapshot`: all that is in a running emulator, to a file and back.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::Value;

use super::Outcome;
use super::control::Server;

#[derive(Args)]
pub struct Snapshot {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    server: Server,
}

#[derive(Subcommand)]
enum Act {
    /// Write everything to a file, as JSON lines: tables, streams, queues, rules, agents, what is on its way.
    Save { file: PathBuf },
    /// Put what a file holds in place of everything.
    Load { file: PathBuf },
}

impl Snapshot {
    pub fn run(&self) -> Outcome {
        match &self.act {
            Act::Save { file } => {
                let lines = self.server.fetch("snapshot")?;
                std::fs::write(file, &lines).map_err(|error| format!("{}: {error}", file.display()))?;
                let count = lines.iter().filter(|byte| **byte == b'\n').count();
                println!("{count} records are in {}", file.display());
            }
            Act::Load { file } => {
                let lines = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
                let answer = self.server.ask(Method::PUT, "snapshot", lines);
                let answer = answer.map_err(|error| format!("{}: {error}", file.display()))?;
                println!("{} records were loaded", answer.get("records").unwrap_or(&Value::Null));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
