//! What SDKs make of every way in which a model fails: the page MODEL_FAILURES.md, row by row.
//!
//! `REHEARSAL_BLESS=1 cargo test the_page_says -- --test-threads=1` writes the page anew. What boto3 makes of a failure
//! differs from version to version: its column is held only by the version that is named on the page.

mod page;
mod rust;

use std::process::Command;

use rehearsal_emulator::Emulator;
use serde::Deserialize;
use serde_json::Value;

use crate::python::python;

/// One way to fail.
#[derive(Debug, Deserialize)]
struct Row {
    title: String,
    /// `Converse`, `ConverseStream` or `any`: both.
    of: String,
    reply: Value,
}

/// What an SDK makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Finding {
    title: String,
    operation: String,
    outcome: String,
    attempts: u64,
}

fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("rows.json")).expect("the rows are well formed")
}

impl Row {
    fn operations(&self) -> Vec<&str> {
        match self.of.as_str() {
            "any" => vec!["Converse", "ConverseStream"],
            one => vec![one],
        }
    }

    /// The script in which the model does nothing else. JSON is YAML.
    fn script(&self, operation: &str) -> String {
        serde_json::json!([{"when": {"op": operation}, "replies": [self.reply]}]).to_string()
    }
}

#[test]
fn the_page_says_what_the_rust_sdk_makes_of_each_failure() {
    let found: Vec<Finding> = rows().iter().flat_map(rust::findings).collect();
    page::hold(&page::Column::Rust, &found);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_page_says_what_boto3_makes_of_each_failure() {
    let Some(python) = python() else {
        eprintln!("skipped: there is no Python with boto3 here; CONTRIBUTING.md says how to get one");
        return;
    };
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.expect("the loopback interface has a free port");
    let url = server.url();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/python/failures.py");
    let rows = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bedrock/failures/rows.json");
    let run = move || Command::new(python).args([script, &url, rows]).output();
    let output = tokio::task::spawn_blocking(run).await.expect("no panic").expect("python starts");
    emulator.bedrock().forgive();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    let mut lines: Vec<&str> = out.lines().collect();
    let version: Value = serde_json::from_str(lines.pop().unwrap_or_default()).expect("the last line is the version");
    let version = version["boto3"].as_str().expect("it names the version").to_owned();
    let found = lines.iter().map(|line| serde_json::from_str(line).expect("a finding a line"));
    page::hold(&page::Column::Boto3(version), &found.collect::<Vec<Finding>>());
}
