//! MODEL_FAILURES.md: a table with a column for each SDK.

use std::path::PathBuf;

use super::{Finding, rows};

pub enum Column {
    Rust,
    /// As that version of it has it.
    Boto3(String),
}

const HEAD: &str = "# What SDKs make of a model that fails\n\n\
Every row was measured against this emulator by a test, which fails when the page is no longer true; `x3` counts the \
attempts that reached the model. The Rust SDK is aws-sdk-bedrockruntime with its default retries and no timeouts of \
one's own; boto3 has its standard retries and a short read timeout in place of its default of 60 s. Versions differ: \
older boto3 takes a body that is too short for a broken connection.\n\n\
What to learn from it: set an operation timeout and a timeout between events, since the Rust SDK has none by default; \
never take a stream for whole that has not brought `messageStop`; do not trust a boto3 answer that lacks `output`; and \
know which failures are sent again, since each attempt is paid for.\n\n\
";
/// Where the table begins, with the version of boto3 in it.
const TABLE: &str = "| failure | operation | Rust SDK | boto3 ";

/// What a column says where nobody has looked.
const UNKNOWN: &str = "?";

/// Holds a column of the page against what was found; writes it if that is asked for.
pub fn hold(column: &Column, found: &[Finding]) {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/MODEL_FAILURES.md"));
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let page = page(column, found, &written);
    if std::env::var_os("REHEARSAL_BLESS").is_some() {
        std::fs::write(&file, &page).expect("the page can be written");
        return;
    }
    if let Column::Boto3(version) = column
        && version != version_on(&written)
    {
        eprintln!("not compared: this is boto3 {version}, and the page has {}", version_on(&written));
        return;
    }
    let lines = written.lines().zip(page.lines());
    let different: Vec<String> =
        lines.filter(|(old, new)| old != new).map(|(old, new)| format!("- {old}\n+ {new}")).collect();
    assert!(
        written == page,
        "scenarios/MODEL_FAILURES.md is no longer true; write it anew with REHEARSAL_BLESS=1 cargo test the_page_says -- --test-threads=1\n{}",
        different.join("\n")
    );
}

/// The page with one column as found, and the other as it is written.
fn page(column: &Column, found: &[Finding], written: &str) -> String {
    let version = match column {
        Column::Rust => version_on(written),
        Column::Boto3(version) => version,
    };
    let mut text = format!("{HEAD}{TABLE}{version} |\n|---|---|---|---|\n");
    let mut findings = found.iter();
    for row in rows() {
        for operation in row.operations() {
            let finding = findings.next().expect("every row was looked at");
            assert_eq!((&*finding.title, &*finding.operation), (&*row.title, operation));
            let attempts = if finding.attempts > 1 { format!(", x{}", finding.attempts) } else { String::new() };
            let cell = format!("{}{attempts}", finding.outcome);
            let start = format!("| {} | {operation} |", row.title);
            let old = written.lines().find(|line| line.starts_with(&start));
            let old = |place: usize| old.and_then(|line| line.split('|').nth(place)).map_or(UNKNOWN, str::trim);
            let (rust, boto3) = match column {
                Column::Rust => (cell.as_str(), old(4)),
                Column::Boto3(_) => (old(3), cell.as_str()),
            };
            text.push_str(&format!("{start} {rust} | {boto3} |\n"));
        }
    }
    text
}

/// The version of boto3 that the page was written with.
fn version_on(written: &str) -> &str {
    let line = written.lines().find_map(|line| line.strip_prefix(TABLE));
    line.and_then(|rest| rest.strip_suffix(" |")).unwrap_or(UNKNOWN)
}
