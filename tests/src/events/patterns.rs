//! The pattern language as data: `tests/patterns/*.json`, one case a line. A pattern with an event and the verdict, or a
//! text that is no pattern with what AWS says of it and, where `at` is given, the line and the column.
//!
//! Each goes through TestEventPattern, with the event's fields on top of an envelope, and those with a verdict through
//! an index of all patterns of their file.

use rehearsal_emulator::service::events::pattern::{Index, Pattern};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::house::root;
use crate::raw::post_json;
use crate::stage::{Stage, in_virtual_time};

const ENVELOPE: &str = r#""version":"0","id":"e-1","detail-type":"order","source":"shop","account":"000000000000","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{}"#;

/// What a line may say. Patterns and events are kept as they are written: `3.0e2` is not `300`.
enum Case {
    Verdict { pattern: Box<RawValue>, event: Box<RawValue>, matches: bool },
    Refusal { text: String, error: String, at: Option<(usize, usize)> },
    About { about: String },
}

/// A case and where it stands.
struct Placed {
    place: String,
    case: Case,
}

/// The files by name, each with its cases.
fn files() -> Vec<(String, Vec<Placed>)> {
    let folder = root().join("tests/patterns");
    let entries = std::fs::read_dir(&folder).expect("the folder of pattern cases is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let lines = text.lines().enumerate().filter(|(_, line)| !matches!(*line, "[" | "]"));
            let cases = lines.map(|(index, line)| {
                let place = format!("tests/patterns/{name}:{}", index + 1);
                let case = read(line.trim_end_matches(',')).unwrap_or_else(|error| panic!("{place}: {error}"));
                Placed { place, case }
            });
            (name.clone(), cases.collect())
        })
        .collect()
}

fn read(line: &str) -> Result<Case, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        pattern: Option<Box<RawValue>>,
        event: Option<Box<RawValue>>,
        matches: Option<bool>,
        text: Option<String>,
        error: Option<String>,
        at: Option<(usize, usize)>,
        about: Option<String>,
    }
    let line: Line = serde_json::from_str(line)?;
    match (line.pattern, line.event, line.matches, line.text, line.error, line.about) {
        (Some(pattern), Some(event), Some(matches), None, None, None) => Ok(Case::Verdict { pattern, event, matches }),
        (None, None, None, Some(text), Some(error), None) => Ok(Case::Refusal { text, error, at: line.at }),
        (None, None, None, None, None, Some(about)) => Ok(Case::About { about }),
        _ => Err(serde::de::Error::custom("neither a verdict nor a refusal")),
    }
}

/// The event in its envelope. Of two fields with one name, the later counts.
fn in_envelope(event: &str) -> String {
    let fields = event.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).expect("an event is an object");
    let separator = if fields.trim().is_empty() { "" } else { "," };
    format!("{{{ENVELOPE}{separator}{fields}}}")
}

/// What TestEventPattern says: a verdict, or a refusal's message.
async fn ask(stage: &Stage, pattern: &str, event: &str) -> Result<bool, String> {
    let body = serde_json::json!({"EventPattern": pattern, "Event": event}).to_string();
    let (status, answer) = post_json(&stage.emulator, "AWSEvents.TestEventPattern", body).await;
    match (status, answer["Result"].as_bool()) {
        (200, Some(result)) => Ok(result),
        _ => Err(answer["message"].as_str().unwrap_or_default().to_owned()),
    }
}

/// What AWS's message is to be, up to the place where none is given.
fn fits(message: &str, text: &str, error: &str, at: Option<(usize, usize)>) -> bool {
    let reason = format!("Event pattern is not valid. Reason: {error}");
    match at {
        Some((line, column)) => {
            message == format!("{reason}\n at [Source: (String)\"{text}\"; line: {line}, column: {column}]")
        }
        None => message == reason || message.starts_with(&format!("{reason}\n at [Source: (String)\"{text}\"")),
    }
}

#[test]
fn every_case_ends_as_its_line_says() {
    in_virtual_time(async |stage| {
        let (mut failures, mut asked) = (Vec::new(), 0);
        for Placed { place, case } in files().into_iter().flat_map(|(_, cases)| cases) {
            asked += 1;
            match case {
                Case::Verdict { pattern, event, matches } => {
                    let answer = ask(&stage, pattern.get(), &in_envelope(event.get())).await;
                    if answer != Ok(matches) {
                        failures.push(format!("{place}: {pattern} on {event}: {answer:?}"));
                    }
                }
                Case::Refusal { text, error, at } => match ask(&stage, &text, &in_envelope("{}")).await {
                    Err(message) if fits(&message, &text, &error, at) => {}
                    answer => failures.push(format!("{place}: {text}: {answer:?}")),
                },
                Case::About { about } => assert!(about.ends_with('.'), "{place}"),
            }
        }
        assert!(asked >= 320, "only {asked} cases");
        assert!(failures.is_empty(), "{} of {asked}:\n{}", failures.len(), failures.join("\n"));
    });
}

#[test]
fn an_index_of_all_patterns_of_a_file_finds_those_that_match() {
    for (_, cases) in files() {
        let mut index = Index::default();
        let verdicts: Vec<_> = cases
            .iter()
            .filter_map(|placed| match &placed.case {
                Case::Verdict { pattern, event, matches } => Some((&placed.place, pattern, event, *matches)),
                _ => None,
            })
            .collect();
        for (place, pattern, ..) in &verdicts {
            let compiled = Pattern::compile(pattern.get()).unwrap_or_else(|error| panic!("{place}: {error}"));
            index.insert((*place).clone(), &compiled);
        }
        for (place, pattern, event, matches) in &verdicts {
            let event: Value = serde_json::from_str(&in_envelope(event.get())).expect("an event is JSON");
            assert_eq!(index.matching(&event).contains(place), *matches, "{place}: {pattern} on {event}");
        }
    }
}
