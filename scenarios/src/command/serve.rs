//! `rehearsal serve`: the emulator behind a socket.

use std::cell::Cell;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use rehearsal_emulator::kernel::store::directory::{Directory, Durability, Found};
use rehearsal_emulator::kernel::timeline::CAPACITY;
use rehearsal_emulator::service::kinesis;
use rehearsal_emulator::{Builder, Emulator, Limits, Script};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Outcome;
use super::timeline_file::TimelineFile;

#[derive(Args)]
pub struct Serve {
    /// The address to listen at. Beyond loopback, anyone who reaches it controls the emulator.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), env = "REHEARSAL_HOST")]
    host: IpAddr,
    #[arg(long, default_value_t = 4566, env = "REHEARSAL_PORT")]
    port: u16,
    /// Ids, chances and jitter repeat with the seed.
    #[arg(long, default_value_t = 0, env = "REHEARSAL_SEED")]
    seed: u64,
    /// Kinesis's limits of throughput and of calls: `enforced` as on AWS, or `off`.
    #[arg(long, value_name = "enforced|off", default_value = "off", env = "REHEARSAL_LIMITS")]
    limits: kinesis::settings::Limits,
    /// The model's script, as YAML.
    #[arg(long, value_name = "FILE", env = "REHEARSAL_SCRIPT")]
    script: Option<PathBuf>,
    /// Keep everything in this directory, and go on from what is in it. Off by default: all is in memory.
    #[arg(long, value_name = "DIR", env = "REHEARSAL_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// What an answered write outlives: `process`, its death; `fsync`, that of the machine.
    #[arg(
        long,
        value_name = "process|fsync",
        default_value = "process",
        requires = "data_dir",
        env = "REHEARSAL_DURABILITY"
    )]
    durability: Durability,
    /// Take control calls (/_rehearsal/...) by this host name, too, such as a container's. IP addresses and localhost need
    /// no leave; AWS calls are taken by any name. May be given more than once.
    #[arg(long, value_name = "NAME", env = "REHEARSAL_ALLOW_HOST", value_delimiter = ',')]
    allow_host: Vec<String>,
    /// Connections open at a time; for one more, the one that has done nothing for longest is closed.
    #[arg(long, value_name = "N", default_value_t = Limits::default().connections)]
    max_connections: usize,
    /// How many events the timeline keeps.
    #[arg(long, value_name = "N", default_value_t = CAPACITY, env = "REHEARSAL_TIMELINE_EVENTS")]
    timeline_events: usize,
    /// Append every event of the timeline to this file when it is over, one JSON object a line.
    #[arg(long, value_name = "FILE", env = "REHEARSAL_TIMELINE_FILE")]
    timeline_file: Option<PathBuf>,
    /// Verify the signature of every request, with the keys of --key.
    #[arg(long, requires = "key")]
    verify_signatures: bool,
    /// A key whose signatures are accepted: ACCESS_KEY_ID:SECRET_ACCESS_KEY. May be given more than once.
    #[arg(long, value_name = "ID:SECRET", value_parser = parse_key, requires = "verify_signatures")]
    key: Vec<(String, String)>,
}

fn parse_key(text: &str) -> Result<(String, String), String> {
    let (id, secret) = text.split_once(':').ok_or("expected ACCESS_KEY_ID:SECRET_ACCESS_KEY")?;
    Ok((id.to_owned(), secret.to_owned()))
}

pub fn serve(command: &Serve) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| format!("cannot start a runtime: {error}"))?.block_on(until_stopped(command))
}

async fn until_stopped(command: &Serve) -> Outcome {
    let kinesis = kinesis::settings::Settings { limits: command.limits, ..Default::default() };
    let mut builder = Emulator::builder().seed(command.seed).kinesis(kinesis).timeline_events(command.timeline_events);
    for name in &command.allow_host {
        builder = builder.allow_host(name);
    }
    if command.verify_signatures {
        for (id, secret) in &command.key {
            builder = builder.verify_signatures(id, secret);
        }
    }
    let emulator = start(builder, command).await?;
    let written = command.timeline_file.as_deref().map(|file| TimelineFile::write(file, &emulator)).transpose()?;
    if let Some(file) = &command.script {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let script = Script::read(&text).map_err(|mistake| mistake.of_file(file.display()))?;
        emulator.bedrock().load(script)?;
    }
    let address = SocketAddr::new(command.host, command.port);
    let limits = Limits { connections: command.max_connections, ..Limits::default() };
    let server = emulator.serve_within(address, limits).await.map_err(|error| explain(address, &error))?;
    let url = server.url();
    if !command.host.is_loopback() {
        eprintln!(
            "warning: listening beyond loopback: anyone who reaches {url} reads and changes all that is in the emulator, \
             signed or not"
        );
    }
    // Before anybody is told that it is ready: whoever waits for that may stop it at once.
    let mut signals = Signals::listen().map_err(|error| format!("cannot wait for signals: {error}"))?;
    println!("Rehearsal is at {url}\nPoint any AWS SDK at it: export AWS_ENDPOINT_URL={url}\nReady.");
    // Whoever reads may be gone already; that is no reason not to serve.
    let _ = std::io::stdout().flush();
    signals.next().await;
    tokio::select! {
        () = server.stop() => {}
        () = signals.next() => eprintln!("asked twice: open requests were cut off"),
    }
    // Misses were answered and are on the timeline; a server does not fail for them at its end.
    emulator.bedrock().forgive();
    if let Some(written) = written {
        written.end()?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn start(builder: Builder, command: &Serve) -> Result<Emulator, String> {
    let Some(at) = &command.data_dir else { return Ok(builder.start().await) };
    let (directory, found) = open(at, command.durability)?;
    builder.start_in(directory, found.records).await.map_err(|error| {
        let at = at.display();
        format!("{at} cannot be read back: {error}; `rehearsal data export {at}` shows what is in it")
    })
}

#[allow(clippy::disallowed_methods, reason = "who waits for a long recovery waits in the machine's time")]
/// Opens a data directory; tells how far it is, if that takes long, and what was damaged.
pub fn open(at: &Path, durability: Durability) -> Result<(Directory, Found), String> {
    let told = Cell::new(Instant::now());
    let progress = |records: usize| {
        if told.get().elapsed() >= PROGRESS_EVERY {
            told.set(Instant::now());
            eprintln!("{}: {records} records were read so far", at.display());
        }
    };
    let opened = Directory::open(at, durability, &progress).map_err(|error| error.to_string())?;
    for warning in &opened.1.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(opened)
}

const PROGRESS_EVERY: Duration = Duration::from_secs(2);

fn explain(address: SocketAddr, error: &std::io::Error) -> String {
    let advice = match error.kind() {
        std::io::ErrorKind::AddrInUse => "; another program listens there: stop it, or choose another with --port",
        std::io::ErrorKind::PermissionDenied => "; choose a port above 1023 with --port",
        _ => "",
    };
    format!("cannot listen at {address}: {error}{advice}")
}

/// Returns when the process is asked to stop.
pub async fn stopped() -> Result<(), String> {
    let mut signals = Signals::listen().map_err(|error| format!("cannot wait for signals: {error}"))?;
    signals.next().await;
    Ok(())
}

/// What asks the server to stop: SIGTERM of a container, SIGINT of a keyboard.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
