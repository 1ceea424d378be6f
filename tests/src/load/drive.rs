//! The load itself: connections that ask one after the other, as fast as answers come.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::connection::Connection;
use super::pattern::Pattern;
use super::process::Server;
use super::request::Template;

/// What each connection asks, and what must come back.
#[derive(Clone)]
pub struct Load {
    pub template: Template,
    pub pattern: Arc<Pattern>,
}

/// How long the load goes on.
#[derive(Clone, Copy)]
pub enum Until {
    Elapsed(Duration),
    /// Each key has been asked for once, in order.
    EachKeyOnce,
}

/// What was seen in one stretch of load.
pub struct Stretch {
    pub operations: usize,
    pub elapsed: Duration,
    pub latencies_ns: Vec<u32>,
    /// The processor time of the server meanwhile.
    pub cpu: Option<Duration>,
}

impl Stretch {
    pub fn operations_per_second(&self) -> f64 {
        self.operations as f64 / self.elapsed.as_secs_f64()
    }
}

/// Opens so many connections to a server.
pub async fn connect(address: SocketAddr, count: usize) -> Result<Vec<Connection>, String> {
    let mut connections = Vec::new();
    for _ in 0..count {
        let connection = Connection::open(address).await.map_err(|error| format!("cannot connect: {error}"))?;
        connections.push(connection);
    }
    Ok(connections)
}

/// Puts a server under load. A wrong answer ends it: a rate of wrong answers is worth nothing.
pub async fn drive(
    server: &Server,
    connections: &mut Vec<Connection>,
    load: &Load,
    until: Until,
) -> Result<Stretch, String> {
    let count = connections.len();
    let cpu_before = server.cpu_time();
    let began = now();
    let mut running = JoinSet::new();
    for (index, connection) in connections.drain(..).enumerate() {
        running.spawn(ask_on(connection, load.clone(), Keys::new(until, index, count), until, began));
    }
    let mut latencies_ns = Vec::new();
    while let Some(ended) = running.join_next().await {
        let (connection, seen) = ended.map_err(|error| format!("the load failed: {error}"))??;
        connections.push(connection);
        latencies_ns.extend(seen);
    }
    let elapsed = began.elapsed();
    let cpu = server.cpu_time().zip(cpu_before).map(|(after, before)| after.saturating_sub(before));
    Ok(Stretch { operations: latencies_ns.len(), elapsed, latencies_ns, cpu })
}

async fn ask_on(
    mut connection: Connection,
    load: Load,
    mut keys: Keys,
    until: Until,
    began: Instant,
) -> Result<(Connection, Vec<u32>), String> {
    let Load { mut template, pattern } = load;
    let mut latencies_ns = Vec::new();
    while let Some(key) = keys.next(template.count()) {
        let asked = now();
        if let Until::Elapsed(span) = until
            && asked.duration_since(began) >= span
        {
            break;
        }
        let answer = connection.ask(template.for_key(key, keys.invocation)).await?;
        if answer.status != 200 || !pattern.fits(answer.body, key) {
            let shown: String = String::from_utf8_lossy(answer.body).chars().take(400).collect();
            return Err(format!("a wrong answer for key {key}: {} {shown}", answer.status));
        }
        latencies_ns.push(u32::try_from(asked.elapsed().as_nanos()).unwrap_or(u32::MAX));
    }
    Ok((connection, latencies_ns))
}

#[allow(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
fn now() -> Instant {
    Instant::now()
}

/// The keys that one connection asks for.
struct Keys {
    in_order: bool,
    next: u64,
    step: u64,
    invocation: u64,
}

impl Keys {
    fn new(until: Until, index: usize, connections: usize) -> Self {
        let (index, step) = (index as u64, connections as u64);
        // Invocation ids of different connections must not meet.
        Self { in_order: matches!(until, Until::EachKeyOnce), next: index, step, invocation: index * 1_000_000_000 }
    }

    fn next(&mut self, count: u32) -> Option<u32> {
        self.invocation += 1;
        if self.in_order {
            let key = u32::try_from(self.next).ok().filter(|key| *key < count);
            self.next += self.step;
            return key;
        }
        // Knuth's MMIX generator: spreads over all keys, the same in every run.
        self.next = self.next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Some(((self.next >> 33) % u64::from(count)) as u32)
    }
}
