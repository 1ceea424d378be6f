//! The load generator: how fast the emulator answers, next to a server that does nothing else.
//!
//! Server and load are processes on a core each, over loopback, on connections
//! that are kept alive; every answer is checked. The floor is a bare hyper
//! server that reads the same requests and answers as many bytes: what no
//! emulator on hyper can pass. Never a test: figures belong to a machine.

mod case;
mod connection;
mod direct;
mod drive;
mod fork;
mod growth;
mod idle;
mod machine;
mod measure;
mod mix;
mod model;
mod pattern;
mod prepare;
mod process;
mod report;
mod request;
mod rules;
mod server;
mod soak;
mod stream;
mod year;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use self::machine::Machine;
use self::measure::Settings;
use self::prepare::NotReady;
use self::process::Program;
use self::report::Report;

/// What the `rehearsal` command has, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measure the emulator against the floor: a bare hyper server in the same run.
///
/// With names, measures only those: GetItem, PutItem, UpdateItem, Query,
/// TransactWriteItems, PutRecord, PutRecords, GetRecords, Converse, growth (with memory),
/// records (growth and memory of streams), rules (matching events), year (of schedules), fork (of a world), streams (1,000 at once),
/// start (with idle).
#[derive(Parser)]
#[command(name = "load", args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    inner: Option<Inner>,
    /// What to measure; everything if not given.
    names: Vec<String>,
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// How often each side has its turn.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// How long each turn is.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// The items of the large table.
    #[arg(long, default_value_t = 1_000_000)]
    many: u32,
    /// Measure this `rehearsal` binary in place of the emulator inside this program.
    #[arg(long, value_name = "PATH")]
    rehearsal: Option<PathBuf>,
    /// For programs: one JSON document.
    #[arg(long)]
    json: bool,
    /// Put the tables between the markers of this file as well.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// What else there is to run: not figures, but whether something holds; and what this program runs itself as.
#[derive(Subcommand)]
enum Inner {
    /// Mixed load at the highest rate: no wrong answer, no growth, a timeline within its bound.
    Soak {
        #[arg(long, default_value_t = 10.0)]
        minutes: f64,
        #[arg(long, default_value_t = 32)]
        connections: usize,
        /// Load this `rehearsal` binary in place of the emulator inside this program.
        #[arg(long, value_name = "PATH")]
        rehearsal: Option<PathBuf>,
    },
    /// What connections that do nothing cost, and whether others are served beside them.
    Idle {
        #[arg(long, default_value_t = 10_000)]
        connections: usize,
        /// Load this `rehearsal` binary in place of the emulator inside this program.
        #[arg(long, value_name = "PATH")]
        rehearsal: Option<PathBuf>,
    },
    /// The emulator.
    #[command(hide = true)]
    Emulator {
        #[arg(long)]
        timeline_events: Option<usize>,
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
    /// A bare hyper server on one thread.
    #[command(hide = true)]
    Floor { answer_bytes: usize },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match arguments.inner {
        Some(Inner::Emulator { threads: threads @ 2.., .. }) => {
            tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()
        }
        _ => tokio::runtime::Builder::new_current_thread().enable_all().build(),
    };
    let ended = runtime.map_err(|error| error.to_string()).and_then(|runtime| {
        runtime.block_on(async {
            match arguments.inner {
                Some(Inner::Soak { minutes, connections, rehearsal }) => {
                    soak::run(minutes, connections, &Program::of(rehearsal)).await
                }
                Some(Inner::Idle { connections, rehearsal }) => idle::run(connections, &Program::of(rehearsal)).await,
                Some(Inner::Emulator { timeline_events, .. }) => server::emulator(timeline_events).await,
                Some(Inner::Floor { answer_bytes }) => server::floor(answer_bytes).await,
                None => measure_all(&arguments).await,
            }
        })
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure_all(arguments: &Arguments) -> Result<(), String> {
    let Arguments { connections, rounds, seconds, many, .. } = *arguments;
    if connections == 0 || rounds == 0 || many == 0 || !(seconds > 0.0 && seconds < 3600.0) {
        return Err("--connections, --rounds, --seconds and --many must be more than 0".to_owned());
    }
    let program = Program::of(arguments.rehearsal.clone());
    let settings = Settings { connections, rounds, stretch: Duration::from_secs_f64(seconds), many, program };
    let cases = case::all();
    let known =
        || cases.iter().map(|case| case.name).chain(["growth", "records", "rules", "year", "fork", "streams", "start"]);
    if let Some(name) = arguments.names.iter().find(|name| !known().any(|known| known.eq_ignore_ascii_case(name))) {
        return Err(format!("`{name}` is not measured here; {} are", known().collect::<Vec<_>>().join(", ")));
    }
    let asked =
        |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|asked| asked.eq_ignore_ascii_case(name));

    // Before the load is pinned: what is measured runs as a user would run it, on all cores.
    let mut figures = Vec::new();
    let machine = Machine::own();
    if asked("start") {
        tell("start");
        figures.extend(measure::start(&settings).await?);
    }
    if asked("streams") {
        tell("streams");
        figures.extend(model::streams(&settings).await?);
    }
    let pinned = process::pin_the_load();
    let (mut rates, mut left_out, mut growth) = (Vec::new(), Vec::new(), Vec::new());
    for case in cases.iter().filter(|case| asked(case.name)) {
        tell(case.name);
        match measure::rate(case, &settings).await {
            Ok(rate) => rates.push(rate),
            Err(NotReady::NotImplemented) => left_out.push(format!("{}, which is not implemented yet", case.name)),
            Err(NotReady::Failed(message)) => return Err(message),
        }
    }
    if asked("growth") {
        let (rows, memory) = growth::of_table(&settings, tell).await?;
        growth = rows;
        figures.extend(memory);
    }
    if asked("records") {
        tell("growth of a stream");
        let (row, memory) = growth::of_stream(&settings).await?;
        growth.push(row);
        figures.extend(memory);
    }
    if asked("rules") {
        tell("rules");
        figures.push(rules::figure()?);
    }
    if asked("year") {
        tell("year");
        figures.push(year::figure().await?);
    }
    if asked("fork") {
        tell("fork");
        figures.push(fork::figure().await?);
    }
    let report = Report { machine, connections, rounds, seconds, pinned, rates, growth, figures, left_out };
    let tables = report.tables();
    if let Some(file) = &arguments.write {
        report::write_into(file, &tables)?;
    }
    let shown = if arguments.json {
        serde_json::to_string_pretty(&report).map_err(|error| error.to_string())? + "\n"
    } else {
        tables
    };
    std::io::stdout().write_all(shown.as_bytes()).map_err(|error| error.to_string())
}

/// Progress, for who waits.
fn tell(what: &str) {
    eprintln!("measuring {what}");
}
