//! Hours in minutes: every service at once, as fast as answers come, and the memory that is resident meanwhile.
//!
//! The clock is moved on all the time, so that what AWS forgets is forgotten: what stays is what leaks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use super::connection::Connection;
use super::drive::connect;
use super::machine::Machine;
use super::measure::{median, now};
use super::mix::{self, Mix};
use super::process::{Program, Server, pin_the_load};
use super::request::bare;

/// How often memory is looked at, and the clock moved.
const EVERY: Duration = Duration::from_secs(5);
/// What the clock is moved by: two of these are more than any retention here.
const STEP: &str = r#"{"by":"13h","quiet":true}"#;
/// Growth that counts as none: over what was resident after the first quarter.
const GROWTH_MAX: f64 = 1.05;
/// What the timeline is to keep: so few that it is full early, and grows no more when memory is looked at.
const TIMELINE_EVENTS: usize = 10_000;

/// Puts the emulator under mixed load for so many minutes. An answer that is wrong, memory that grows, or a timeline
/// beyond its bound is an error.
pub async fn run(minutes: f64, connections: usize, program: &Program) -> Result<(), String> {
    let server = Server::emulator_with_timeline(program, TIMELINE_EVENTS)?;
    let machine = Machine::own();
    let pinned = pin_the_load();
    let mix = Arc::new(mix::prepare(&server, connections).await?);
    println!("{machine}{}", if pinned { "" } else { "; not pinned to cores" });
    println!("{minutes} minutes on {connections} connections: {}", mix::NAMES);

    let (asked, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut workers = JoinSet::new();
    for (number, connection) in connect(server.address(), connections).await?.into_iter().enumerate() {
        let (mix, asked, ended) = (Arc::clone(&mix), Arc::clone(&asked), Arc::clone(&ended));
        workers.spawn(async move { work(&mix, connection, number as u64, &asked, &ended).await });
    }
    let began = now();
    let span = Duration::from_secs_f64(minutes * 60.0);
    let mut control = connect(server.address(), 1).await?.remove(0);
    let mut resident = Vec::new();
    while began.elapsed() < span {
        tokio::select! {
            () = pause(EVERY) => {}
            Some(failed) = workers.join_next() => return failed.map_err(|error| error.to_string())?,
        }
        let answer = control.ask(&bare("POST", "/_rehearsal/clock/advance", STEP)).await?;
        if answer.status != 200 {
            return Err(format!("the clock answered {}", answer.status));
        }
        resident.extend(server.resident_bytes());
        tell(began.elapsed(), asked.load(Ordering::Relaxed), resident.last().copied());
    }
    let elapsed = began.elapsed();
    ended.store(true, Ordering::Relaxed);
    while let Some(worker) = workers.join_next().await {
        worker.map_err(|error| error.to_string())??;
    }
    let kept = events_kept(&mut control).await?;
    conclude(asked.load(Ordering::Relaxed), elapsed, &resident, kept)
}

async fn work(
    mix: &Mix,
    mut connection: Connection,
    number: u64,
    asked: &AtomicU64,
    ended: &AtomicBool,
) -> Result<(), String> {
    let mut worker = mix.worker(number);
    while !ended.load(Ordering::Relaxed) {
        let requests = worker.round(&mut connection).await?;
        asked.fetch_add(requests, Ordering::Relaxed);
    }
    Ok(())
}

async fn events_kept(control: &mut Connection) -> Result<usize, String> {
    let answer = control.ask(&bare("GET", "/_rehearsal/timeline", "")).await?;
    let events: Vec<serde::de::IgnoredAny> =
        serde_json::from_slice(answer.body).map_err(|error| format!("the timeline is no JSON: {error}"))?;
    Ok(events.len())
}

fn conclude(asked: u64, elapsed: Duration, resident: &[u64], kept: usize) -> Result<(), String> {
    let megabytes: Vec<f64> = resident.iter().map(|bytes| *bytes as f64 / 1e6).collect();
    let quarter = megabytes.len() / 4;
    let (early, late) = (median(&megabytes[quarter..2 * quarter]), median(&megabytes[megabytes.len() - quarter..]));
    let highest = megabytes.iter().copied().fold(0.0, f64::max);
    let rate = asked as f64 / elapsed.as_secs_f64();
    println!("{asked} requests, {rate:.0} a second, each answered as it must be");
    println!("resident: {early:.1} MB in the second quarter, {late:.1} MB in the last, {highest:.1} MB at most");
    println!("timeline: {kept} events");
    if kept > TIMELINE_EVENTS {
        return Err(format!("the timeline keeps {kept} events, more than {TIMELINE_EVENTS}"));
    }
    if quarter > 0 && late > early * GROWTH_MAX {
        return Err(format!("memory has grown by {:.0} %", (late / early - 1.0) * 100.0));
    }
    Ok(())
}

/// Progress, for who waits.
fn tell(elapsed: Duration, asked: u64, resident: Option<u64>) {
    let megabytes = resident.unwrap_or_default() as f64 / 1e6;
    eprintln!("{:>5} s  {asked:>11} requests  {megabytes:>7.1} MB", elapsed.as_secs());
}

#[allow(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}
