//! Figures for people, for `BENCHMARKS.md` and for programs.

use std::fmt::Write;

use serde::Serialize;

use super::machine::Machine;

/// An operation against the floor.
#[derive(Serialize)]
pub struct Rate {
    pub case: &'static str,
    pub about: &'static str,
    pub answer_bytes: usize,
    pub operations_per_second: f64,
    pub p50_us: f64,
    pub p99_us: f64,
    pub floor_operations_per_second: f64,
    pub ratio: f64,
    pub ratio_lowest: f64,
    pub ratio_highest: f64,
    pub target: f64,
    /// Processor time of the server for one operation.
    pub cpu_us: Option<f64>,
    pub floor_cpu_us: Option<f64>,
    /// The share of the time in which the server was busy: much below 1, the load was the bottleneck.
    pub busy: Option<f64>,
    pub floor_busy: Option<f64>,
}

/// The same operation on a small table or stream and on a large one.
#[derive(Serialize)]
pub struct Growth {
    pub case: String,
    pub few: u32,
    pub many: u32,
    pub few_per_second: f64,
    pub many_per_second: f64,
    pub ratio: f64,
    pub target: f64,
    pub few_cpu_us: Option<f64>,
    pub many_cpu_us: Option<f64>,
}

/// One number that is to stay below its target.
#[derive(Serialize)]
pub struct Figure {
    pub name: &'static str,
    pub about: String,
    pub value: f64,
    pub unit: &'static str,
    pub target: f64,
}

/// All that one run found.
#[derive(Serialize)]
pub struct Report {
    pub machine: Machine,
    pub connections: usize,
    pub rounds: usize,
    pub seconds: f64,
    /// Whether server and load had a core each.
    pub pinned: bool,
    pub rates: Vec<Rate>,
    pub growth: Vec<Growth>,
    pub figures: Vec<Figure>,
    /// What was not measured, and why.
    pub left_out: Vec<String>,
}

impl Report {
    /// Tables as Markdown, which is plain text, too.
    pub fn tables(&self) -> String {
        let mut text = String::new();
        let Self { machine, connections, rounds, seconds, .. } = self;
        let cores = if self.pinned { "server and load on a core each" } else { "server and load on any core" };
        line(&mut text, format_args!("Machine: {machine}; {cores}."));
        line(
            &mut text,
            format_args!("{connections} connections, medians of {rounds} rounds of {seconds} s each, in turns."),
        );
        if !self.rates.is_empty() {
            self.rates_table(&mut text);
        }
        if !self.growth.is_empty() {
            self.growth_table(&mut text);
        }
        if !self.figures.is_empty() {
            self.figures_table(&mut text);
        }
        for left_out in &self.left_out {
            line(&mut text, format_args!("\nNot measured: {left_out}."));
        }
        text
    }

    fn rates_table(&self, text: &mut String) {
        let title = "| operation | ops/s | p50 | p99 | floor ops/s | ratio (rounds) | target | CPU an operation (floor, ratio) |";
        line(text, format_args!("\n{title}\n|---|--:|--:|--:|--:|--:|--:|--:|"));
        for rate in &self.rates {
            let Rate { case, about, operations_per_second, p50_us, p99_us, floor_operations_per_second, .. } = rate;
            let Rate { ratio, ratio_lowest, ratio_highest, target, cpu_us, floor_cpu_us, .. } = rate;
            let idle = [rate.busy, rate.floor_busy].into_iter().flatten().any(|share| share < BUSY_SHARE_MIN);
            let mark = if idle { "not known" } else { mark(ratio >= target) };
            line(
                text,
                format_args!(
                    "| {case}, {about} | {operations_per_second:.0} | {p50_us:.0} µs | {p99_us:.0} µs | \
                     {floor_operations_per_second:.0} | **{ratio:.2}** ({ratio_lowest:.2} to {ratio_highest:.2}) | \
                     {target:.2} {mark} | {} ({}, {}) |",
                    micros(*cpu_us),
                    micros(*floor_cpu_us),
                    cpu_us.zip(*floor_cpu_us).map_or("?".to_owned(), |(own, floor)| format!("{:.2}", floor / own)),
                ),
            );
        }
        let shares = self.rates.iter().flat_map(|rate| [rate.busy, rate.floor_busy]).flatten();
        let least = shares.fold(1.0, f64::min);
        if least < BUSY_SHARE_MIN {
            let percent = least * 100.0;
            line(
                text,
                format_args!(
                    "\nA server ran for only {percent:.0} % of its time: other programs held the cores, or the load was \
                     too slow. Only the ratio of processor times means something then."
                ),
            );
        }
    }

    fn growth_table(&self, text: &mut String) {
        let title = "| growth | items | ops/s | items | ops/s | ratio | target | CPU an operation |";
        line(text, format_args!("\n{title}\n|---|--:|--:|--:|--:|--:|--:|--:|"));
        for Growth { case, few, many, few_per_second, many_per_second, ratio, target, few_cpu_us, many_cpu_us } in
            &self.growth
        {
            let mark = mark(ratio >= target);
            line(
                text,
                format_args!(
                    "| {case} | {few} | {few_per_second:.0} | {many} | {many_per_second:.0} | **{ratio:.2}** | \
                     {target:.2} {mark} | {} and {} |",
                    micros(*few_cpu_us),
                    micros(*many_cpu_us),
                ),
            );
        }
    }

    fn figures_table(&self, text: &mut String) {
        line(text, format_args!("\n| figure | | target |\n|---|--:|--:|"));
        for Figure { name, about, value, unit, target } in &self.figures {
            let mark = mark(value < target);
            line(text, format_args!("| {name}: {about} | **{value:.2}** {unit} | below {target} {mark} |"));
        }
    }
}

/// A server under load that runs less than this share of the time is not what limits the rate.
const BUSY_SHARE_MIN: f64 = 0.9;

/// The file between whose markers the tables go.
const BEGIN: &str = "<!-- figures: written by the command above -->";
const END: &str = "<!-- end of figures -->";

/// Puts the tables between the markers of a file.
pub fn write_into(file: &std::path::Path, tables: &str) -> Result<(), String> {
    let explain = |error: std::io::Error| format!("{}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(explain)?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("{} has no lines `{BEGIN}` and `{END}`", file.display()))?;
    std::fs::write(file, format!("{before}{BEGIN}\n\n{tables}\n{END}{after}")).map_err(explain)
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}

fn mark(reached: bool) -> &'static str {
    if reached { "reached" } else { "missed" }
}

fn micros(value: Option<f64>) -> String {
    value.map_or_else(|| "?".to_owned(), |value| format!("{value:.1} µs"))
}
