//! `rehearsal run`, and what `rehearsal` does by itself.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::Outcome;
use crate::report::{self, Paint};
use crate::runner::{self, Verdict};
use crate::scenario::{self, Scenario};

/// Where scenarios are looked for if no path is given.
const DEFAULT_PATH: &str = "scenarios/scripts";

#[derive(Args, Default)]
pub struct Run {
    /// Scenario files, or folders of them. Otherwise scenarios/scripts/.
    paths: Vec<PathBuf>,
    /// Play over sockets against this endpoint, in real time, instead of in process. `aws` is AWS itself.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Rewrite the recorded timelines by what happened now.
    #[arg(long, conflicts_with = "endpoint")]
    bless: bool,
    /// Print one JSON object a scenario.
    #[arg(long)]
    json: bool,
}

pub fn run(command: &Run) -> Outcome {
    let paths = if command.paths.is_empty() { vec![PathBuf::from(DEFAULT_PATH)] } else { command.paths.clone() };
    let files = scenario::find(&paths).map_err(|error| error.to_string())?;
    let scenarios = load(&files)?;
    let progress = progress(scenarios.len() as u64);
    let paint = Paint { colour: report::colour() };
    let mut failed = 0;
    for scenario in &scenarios {
        progress.set_message(scenario.title());
        let verdict = rehearse(command, scenario)?;
        failed += usize::from(!verdict.passed());
        progress.inc(1);
        progress.suspend(|| print(command, scenario, &verdict, paint)).map_err(|error| error.to_string())?;
    }
    progress.finish_and_clear();
    if !command.json {
        let passed = scenarios.len() - failed;
        report::summary(&mut std::io::stdout(), passed, failed, paint).map_err(|error| error.to_string())?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All of them, or everything that is wrong with any.
fn load(files: &[PathBuf]) -> Result<Vec<Scenario>, String> {
    let (mut scenarios, mut mistakes) = (Vec::new(), Vec::new());
    for file in files {
        match scenario::load(file) {
            Ok(scenario) => scenarios.push(scenario),
            Err(mistake) => mistakes.push(mistake.to_string()),
        }
    }
    if mistakes.is_empty() { Ok(scenarios) } else { Err(mistakes.join("\n")) }
}

fn rehearse(command: &Run, scenario: &Scenario) -> Result<Verdict, String> {
    if let Some(url) = &command.endpoint {
        return Ok(runner::rehearse_remotely(scenario, url));
    }
    let verdict = runner::rehearse(scenario, !command.bless);
    if command.bless && verdict.passed() {
        let changed = scenario::bless(&scenario.file, &verdict.timeline);
        if changed.map_err(|error| format!("{}: {error}", scenario.file.display()))? {
            eprintln!("{}: timeline recorded", scenario.file.display());
        }
    }
    Ok(verdict)
}

fn print(command: &Run, scenario: &Scenario, verdict: &Verdict, paint: Paint) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if !command.json {
        return report::scenario(&mut out, scenario, verdict, paint);
    }
    let document = json!({
        "scenario": scenario.title(),
        "name": scenario.name,
        "file": scenario.file,
        "passed": verdict.passed(),
        "failures": verdict.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "skipped": verdict.skipped,
        "timeline": verdict.timeline.lines().collect::<Vec<_>>(),
    });
    writeln!(out, "{document}")
}

/// A line on the terminal that says what goes on; nothing where nobody watches.
fn progress(length: u64) -> ProgressBar {
    let watched = std::io::stderr().is_terminal();
    let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{pos}/{len} {msg} {elapsed}").expect("the template is well formed");
    ProgressBar::with_draw_target(Some(length), target).with_style(style)
}
