//! Finding and reading scenario files.

use std::fmt;
use std::path::{Path, PathBuf};

use rehearsal_emulator::service::bedrock::script::Script;
use serde::Deserialize;
use serde_json::Value;

use super::Scenario;

/// A file that is no scenario, and why, for people.
#[derive(Debug)]
pub struct BadScenario {
    pub file: PathBuf,
    pub why: String,
}

impl fmt::Display for BadScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.why)
    }
}

impl std::error::Error for BadScenario {}

/// Reads one file.
pub fn load(file: &Path) -> Result<Scenario, BadScenario> {
    let bad = |why: String| BadScenario { file: file.to_owned(), why };
    let text = std::fs::read_to_string(file).map_err(|error| bad(format!("cannot be read: {error}")))?;
    let mut scenario = parse(&text).map_err(bad)?;
    scenario.file = file.to_owned();
    Ok(scenario)
}

/// Reads a scenario's text; the error has line, column and the lines around it.
pub fn parse(text: &str) -> Result<Scenario, String> {
    let explain = |error: serde_saphyr::Error| error.render();
    let mut scenario: Scenario = serde_saphyr::from_str(text).map_err(explain)?;
    let script = Script { rules: scenario.script.clone(), ..Script::default() };
    script.check()?;
    // Once more as plain data: what goes to an emulator is what the file says.
    let Source { script } = serde_saphyr::from_str(text).map_err(explain)?;
    scenario.script_source = script.to_string();
    Ok(scenario)
}

#[derive(Deserialize)]
struct Source {
    #[serde(default)]
    script: Value,
}

/// The scenario files of `paths`: a file is itself, a folder is the `.yaml` files in it, by name.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, BadScenario> {
    let mut files = Vec::new();
    for path in paths {
        let bad = |why: String| BadScenario { file: path.clone(), why };
        if path.is_file() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        let mut found: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|file| is_yaml(file)).collect();
        if found.is_empty() {
            return Err(bad("holds no .yaml file".to_owned()));
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

fn is_yaml(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn what_is_wrong_is_named_with_line_and_column() {
        for (text, [line, named]) in [
            ("name: x\nsteps: []\nsede: 7\n", ["3", "sede"]),
            ("name: x\nseed: seven\nsteps: []\n", ["2", "seven"]),
            ("name: x\nsteps:\n- advance: soon\n", ["3", "not a duration"]),
            ("name: x\nsteps:\n- kinesiss.PutRecord: {}\n", ["3", "kinesiss"]),
            ("name: x\nsteps:\n- kinesis.PutRecord: {}\n  mtaches: {}\n", ["4", "mtaches"]),
            ("name: x\nsteps:\n- kinesis.PutRecord: {}\n  advance: 1s\n", ["4", "one thing"]),
            ("name: x\nsteps:\n- matches: {}\n", ["3", "does nothing"]),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(line) && error.contains(named), "{text}\n{error}");
        }
    }
}
