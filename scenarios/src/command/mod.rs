//! The command line.

mod control;
mod coverage;
mod data;
mod model;
mod record;
mod run;
mod serve;
mod snapshot;
mod timeline_file;

use std::io::{ErrorKind, Write};

use clap::{Parser, Subcommand};

/// Rehearse an event-driven AI agent on a laptop before it performs on AWS.
///
/// Without a command, rehearses every scenario under scenarios/scripts/.
#[derive(Parser)]
#[command(name = "rehearsal", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Rehearse scenarios: in process under virtual time, or against an endpoint.
    Run(run::Run),
    /// Start the emulator.
    Serve(serve::Serve),
    /// Show or move the clock of a running emulator.
    Clock(control::Clock),
    /// Show what happened in a running emulator.
    Timeline(control::Timeline),
    /// List, add or remove fault rules of a running emulator.
    Faults(control::Faults),
    /// Show or switch the limits of Kinesis in a running emulator.
    Limits(control::Limits),
    /// Load a model's script into a running emulator, or check one.
    Script(control::Script),
    /// Record a real Bedrock: pass calls on, and write a script that says the same again.
    Record(record::Record),
    /// Show what the scripted model of a running emulator was used for, and what that would cost.
    Model(model::Model),
    /// Save all that is in a running emulator to a file, or load it from one.
    Snapshot(snapshot::Snapshot),
    /// Export or import a data directory that no emulator uses.
    Data(data::Data),
    /// Forget the state of one account of a running emulator, or everything.
    Reset(control::Reset),
    /// Exit with 0 if a running emulator answers.
    Healthcheck(control::Healthcheck),
    /// Print COVERAGE.md: every operation of every service, done or not.
    Coverage,
}

/// What a command says when it ends, for the shell.
pub type Outcome = Result<std::process::ExitCode, String>;

/// Runs the command of this process.
pub fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        None => run::run(&run::Run::default()),
        Some(Command::Run(command)) => run::run(&command),
        Some(Command::Serve(command)) => serve::serve(&command),
        Some(Command::Clock(command)) => command.run(),
        Some(Command::Timeline(command)) => command.run(),
        Some(Command::Faults(command)) => command.run(),
        Some(Command::Limits(command)) => command.run(),
        Some(Command::Script(command)) => command.run(),
        Some(Command::Record(command)) => command.run(),
        Some(Command::Model(command)) => command.run(),
        Some(Command::Snapshot(command)) => command.run(),
        Some(Command::Data(command)) => command.run(),
        Some(Command::Reset(command)) => command.run(),
        Some(Command::Healthcheck(command)) => command.run(),
        Some(Command::Coverage) => coverage::print(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("rehearsal: {error}");
        std::process::ExitCode::FAILURE
    })
}

/// Prints a text of whole lines. Who reads may leave early, as `head` does: that is no failure.
fn print(text: &str) -> Outcome {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(std::process::ExitCode::SUCCESS),
    }
}

/// Runs an async command on a runtime of its own.
fn block_on<T>(future: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("cannot start a runtime: {error}"))?.block_on(future)
}
