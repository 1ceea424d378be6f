//! A server as a process: started, pinned to a core, looked at, and ended.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The core for servers, and the one for the load.
pub const SERVER_CORE: usize = 0;
pub const LOAD_CORE: usize = 1;

/// What is run as the emulator.
#[derive(Clone, Debug)]
pub enum Program {
    /// This program's own inner command.
    Inner,
    /// The `rehearsal` binary at that path.
    Rehearsal(PathBuf),
}

impl Program {
    /// The binary at that path, or this program itself.
    pub fn of(rehearsal: Option<PathBuf>) -> Self {
        rehearsal.map_or(Self::Inner, Self::Rehearsal)
    }
}

/// A running server. Killed when dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts the emulator and waits until it says where it listens.
    pub fn emulator(program: &Program, pinned: bool) -> Result<Self, String> {
        match program {
            Program::Inner => Self::start(&own_path()?, &["emulator"], pinned),
            Program::Rehearsal(path) => Self::start(path, &["serve", "--port", "0"], pinned),
        }
    }

    /// The emulator as `rehearsal serve` runs it: a thread for each core.
    pub fn emulator_on_all_cores(program: &Program) -> Result<Self, String> {
        match program {
            Program::Inner => {
                let threads = std::thread::available_parallelism().map_or(1, usize::from).to_string();
                Self::start(&own_path()?, &["emulator", "--threads", &threads], false)
            }
            Program::Rehearsal(_) => Self::emulator(program, false),
        }
    }

    /// The emulator with a timeline of so many events.
    pub fn emulator_with_timeline(program: &Program, events: usize) -> Result<Self, String> {
        let events = events.to_string();
        match program {
            Program::Inner => Self::start(&own_path()?, &["emulator", "--timeline-events", &events], true),
            Program::Rehearsal(path) => {
                Self::start(path, &["serve", "--port", "0", "--timeline-events", &events], true)
            }
        }
    }

    /// Starts the floor for answers of so many bytes.
    pub fn floor(answer_bytes: usize) -> Result<Self, String> {
        Self::start(&own_path()?, &["floor", &answer_bytes.to_string()], true)
    }

    fn start(program: &Path, arguments: &[&str], pinned: bool) -> Result<Self, String> {
        let mut command = if pinned && has_taskset() {
            let mut command = Command::new("taskset");
            command.arg("-c").arg(SERVER_CORE.to_string()).arg(program);
            command
        } else {
            Command::new(program)
        };
        let command = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("cannot start {}: {error}", program.display()))?;
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        let read = BufReader::new(stdout).read_line(&mut line);
        let address = read.ok().and_then(|_| line.trim().rsplit_once("http://")?.1.parse().ok());
        match address {
            Some(address) => Ok(Self { child, address }),
            None => {
                // It may have ended by itself, which is why it said nothing.
                let _ = child.kill();
                Err(format!("{} did not say where it listens", program.display()))
            }
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The memory that is resident now.
    pub fn resident_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
    }

    /// The processor time used so far, by all threads.
    pub fn cpu_time(&self) -> Option<Duration> {
        let mut nanos = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.child.id())).ok()? {
            let schedstat = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            nanos += schedstat.split(' ').next()?.parse::<u64>().ok()?;
        }
        Some(Duration::from_nanos(nanos))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps this process, the load, to its core. Says whether that was possible.
pub fn pin_the_load() -> bool {
    let own = std::process::id().to_string();
    let mut command = Command::new("taskset");
    let command = command.args(["-acp", &LOAD_CORE.to_string(), &own]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Lets this process, and the servers that it starts, open as many files as the system allows it.
pub fn open_many_files() -> Option<u64> {
    let own = std::process::id().to_string();
    let mut command = Command::new("prlimit");
    let command = command.args(["--pid", &own, &format!("--nofile={}:", files_max(Which::Hard)?)]);
    // Without the command, what holds now is all there is.
    let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    files_max(Which::Soft)
}

enum Which {
    Soft,
    Hard,
}

fn files_max(which: Which) -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let mut words = line.split_whitespace();
    match which {
        Which::Soft => words.next()?.parse().ok(),
        Which::Hard => words.nth(1)?.parse().ok(),
    }
}

fn has_taskset() -> bool {
    let version = Command::new("taskset").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

fn own_path() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))
}
