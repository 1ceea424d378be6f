//! The measurements. Servers take turns within a run: the machine is never as quiet twice.

use std::time::{Duration, Instant};

use super::case::Case;
use super::connection::Connection;
use super::drive::{Load, Stretch, Until, connect, drive};
use super::pattern::Pattern;
use super::prepare::{NotReady, Ready, fill, first_answer, forget_records, load_script, ready};
use super::process::{Program, Server};
use super::report::{Figure, Rate};
use super::server::floor_body;

/// How thoroughly everything is measured.
#[derive(Clone)]
pub struct Settings {
    pub connections: usize,
    pub rounds: usize,
    pub stretch: Duration,
    /// The items of the large table.
    pub many: u32,
    pub program: Program,
}

/// A load under way on one server.
pub struct Side {
    pub server: Server,
    connections: Vec<Connection>,
    load: Load,
    seen: Vec<Stretch>,
    /// Whether what the load leaves behind is forgotten between rounds.
    grows: bool,
}

impl Side {
    pub async fn new(server: Server, load: Load, settings: &Settings) -> Result<Self, String> {
        let connections = connect(server.address(), settings.connections).await?;
        Ok(Self { server, connections, load, seen: Vec::new(), grows: false })
    }

    async fn drive(&mut self, span: Duration) -> Result<Stretch, String> {
        drive(&self.server, &mut self.connections, &self.load, Until::Elapsed(span)).await
    }

    async fn measure(&mut self, settings: &Settings) -> Result<(), String> {
        let stretch = self.drive(settings.stretch).await?;
        self.seen.push(stretch);
        if self.grows {
            forget_records(&mut self.connections[0]).await?;
        }
        Ok(())
    }

    pub fn rates(&self) -> Vec<f64> {
        self.seen.iter().map(Stretch::operations_per_second).collect()
    }

    /// Processor time an operation, and the share of the time in which the server was busy.
    pub fn cpu(&self) -> Option<(f64, f64)> {
        let cpu: Duration = self.seen.iter().map(|stretch| stretch.cpu).sum::<Option<Duration>>()?;
        let operations: usize = self.seen.iter().map(|stretch| stretch.operations).sum();
        let elapsed: Duration = self.seen.iter().map(|stretch| stretch.elapsed).sum();
        Some((cpu.as_secs_f64() * 1e6 / operations as f64, cpu.as_secs_f64() / elapsed.as_secs_f64()))
    }

    fn latency_us(&self, percent: usize) -> f64 {
        let mut all: Vec<u32> = self.seen.iter().flat_map(|stretch| stretch.latencies_ns.iter().copied()).collect();
        all.sort_unstable();
        let at = (all.len() * percent / 100).min(all.len().saturating_sub(1));
        all.get(at).map_or(0.0, |nanos| f64::from(*nanos) / 1000.0)
    }
}

/// Both sides, in turns, each first in every other round.
pub async fn take_turns(a: &mut Side, b: &mut Side, settings: &Settings) -> Result<(), String> {
    let warm_up = settings.stretch.min(Duration::from_millis(300));
    a.drive(warm_up).await?;
    b.drive(warm_up).await?;
    for round in 0..settings.rounds {
        if round % 2 == 0 {
            a.measure(settings).await?;
            b.measure(settings).await?;
        } else {
            b.measure(settings).await?;
            a.measure(settings).await?;
        }
    }
    Ok(())
}

/// An operation against the floor.
pub async fn rate(case: &Case, settings: &Settings) -> Result<Rate, NotReady> {
    let server = Server::emulator(&settings.program, true)?;
    fill(&server, case.data, settings.connections).await?;
    if let Some(script) = case.script {
        load_script(&server, script).await?;
    }
    let Ready { load, answer_bytes } = ready(&server, case, case.keys).await?;
    let floor = Server::floor(answer_bytes)?;
    let floor_load = Load { pattern: Pattern::constant(floor_body(answer_bytes)).into(), ..load.clone() };
    let mut floor = Side::new(floor, floor_load, settings).await?;
    let mut emulator = Side { grows: case.grows, ..Side::new(server, load, settings).await? };
    take_turns(&mut floor, &mut emulator, settings).await?;

    let (rates, floor_rates) = (emulator.rates(), floor.rates());
    let ratios: Vec<f64> = rates.iter().zip(&floor_rates).map(|(rate, floor)| rate / floor).collect();
    let (cpu, floor_cpu) = (emulator.cpu(), floor.cpu());
    Ok(Rate {
        case: case.name,
        about: case.about,
        answer_bytes,
        operations_per_second: median(&rates),
        p50_us: emulator.latency_us(50),
        p99_us: emulator.latency_us(99),
        floor_operations_per_second: median(&floor_rates),
        ratio: median(&ratios),
        ratio_lowest: ratios.iter().copied().fold(f64::INFINITY, f64::min),
        ratio_highest: ratios.iter().copied().fold(0.0, f64::max),
        target: case.target,
        cpu_us: cpu.map(|(each, _)| each),
        floor_cpu_us: floor_cpu.map(|(each, _)| each),
        busy: cpu.map(|(_, busy)| busy),
        floor_busy: floor_cpu.map(|(_, busy)| busy),
    })
}

/// From the start of the process to the first answered request, and the memory resident then.
pub async fn start(settings: &Settings) -> Result<Vec<Figure>, String> {
    const STARTS: usize = 15;
    let (mut millis, mut megabytes) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let began = now();
        let server = Server::emulator(&settings.program, false)?;
        first_answer(&server).await?;
        millis.push(began.elapsed().as_secs_f64() * 1000.0);
        megabytes.extend(server.resident_bytes().map(|bytes| bytes as f64 / 1e6));
    }
    let start = Figure {
        name: "start",
        about: format!("from the start of the process to the first answered request, median of {STARTS}"),
        value: median(&millis),
        unit: "ms",
        target: 10.0,
    };
    let idle = Figure {
        name: "idle",
        about: "resident after the first answered request".to_owned(),
        value: median(&megabytes),
        unit: "MB",
        target: 12.0,
    };
    Ok([start].into_iter().chain((!megabytes.is_empty()).then_some(idle)).collect())
}

#[allow(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
pub fn now() -> Instant {
    Instant::now()
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
    }
}
