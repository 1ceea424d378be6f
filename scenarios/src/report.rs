//! Verdicts and timelines for people: colour on a terminal, plain elsewhere.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use crate::runner::Verdict;
use crate::scenario::Scenario;

/// Whether to use colour on standard output.
pub fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes text in styles, or without.
#[derive(Clone, Copy)]
pub struct Paint {
    pub colour: bool,
}

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        if self.colour { format!("{}{text}{}", style.render(), style.render_reset()) } else { text.to_owned() }
    }

    pub fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default().bold(), text)
    }

    pub fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    pub fn faint(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// A timeline's line: what failed in red, what the emulator did by itself faint.
    pub fn line(self, line: &str) -> String {
        if line.contains("  > ") {
            return self.with(AnsiColor::Red.on_default(), line);
        }
        let service = line.split_whitespace().nth(2).unwrap_or_default().trim_start_matches('+');
        let style = match service {
            "kinesis" => AnsiColor::Cyan.on_default(),
            "dynamodb" => AnsiColor::Blue.on_default(),
            "events" => AnsiColor::Magenta.on_default(),
            "bedrock" => AnsiColor::Yellow.on_default(),
            _ => Style::new(),
        };
        self.with(style, line)
    }
}

/// One scenario's verdict and timeline.
pub fn scenario(out: &mut impl Write, scenario: &Scenario, verdict: &Verdict, paint: Paint) -> std::io::Result<()> {
    let mark = if verdict.passed() { paint.good("pass") } else { paint.bad("FAIL") };
    writeln!(out, "{mark} {}  {}", paint.strong(&scenario.title()), scenario.name)?;
    for failure in &verdict.failures {
        let separator = if failure.place.is_some() { ":" } else { ": " };
        writeln!(out, "  {}{separator}{}", scenario.file.display(), paint.bad(&failure.to_string()))?;
    }
    for skipped in &verdict.skipped {
        writeln!(out, "  {}", paint.faint(skipped))?;
    }
    for line in verdict.timeline.lines() {
        writeln!(out, "  {}", paint.line(line))?;
    }
    writeln!(out)
}

/// The last line of a run.
pub fn summary(out: &mut impl Write, passed: usize, failed: usize, paint: Paint) -> std::io::Result<()> {
    let counts = format!("{passed} passed, {failed} failed");
    writeln!(out, "{}", if failed == 0 { paint.good(&counts) } else { paint.bad(&counts) })
}
