//! Finding and reading scenario files.

use std::fmt;
use std::path::{Path, PathBuf};

use rehearsal_emulator::service::bedrock::script::Mistake;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Scenario, check};

/// A file that is no scenario, and why, for people.
#[derive(Debug)]
pub struct BadScenario {
    pub file: PathBuf,
    pub mistake: Mistake,
}

impl fmt::Display for BadScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.mistake.of_file(self.file.display()))
    }
}

impl std::error::Error for BadScenario {}

/// Reads one file.
pub fn load(file: &Path) -> Result<Scenario, BadScenario> {
    let bad = |mistake| BadScenario { file: file.to_owned(), mistake };
    let unread = |error| bad(Mistake::nowhere(format!("cannot be read: {error}")));
    let text = std::fs::read_to_string(file).map_err(unread)?;
    let mut scenario = parse(&text).map_err(bad)?;
    scenario.file = file.to_owned();
    Ok(scenario)
}

/// Reads a scenario's text; the error has line, column and the lines around it.
pub fn parse(text: &str) -> Result<Scenario, Mistake> {
    let explain = |error: serde_saphyr::Error| Mistake::found(&error, text);
    let mut scenario: Scenario = serde_saphyr::from_str(text).map_err(explain)?;
    check::check(&scenario, text)?;
    // Once more as plain data: what goes to an emulator is what the file says.
    let Source { script, price, budget } = serde_saphyr::from_str(text).map_err(explain)?;
    scenario.script_source = json!({ "rules": script, "price": price, "budget": budget }).to_string();
    Ok(scenario)
}

#[derive(Deserialize)]
struct Source {
    #[serde(default)]
    script: Vec<Value>,
    #[serde(default)]
    price: Map<String, Value>,
    #[serde(default)]
    budget: Map<String, Value>,
}

/// The scenario files of `paths`: a file is itself, a folder is the `.yaml` files in it, by name.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, BadScenario> {
    let mut files = Vec::new();
    for path in paths {
        let bad = |why: String| BadScenario { file: path.clone(), mistake: Mistake::nowhere(why) };
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
            (
                "name: x\nsteps:\n- kinesis.PutRecord: {}\n  mtaches: {}\n",
                ["3:3", "`mtaches` is another, did you mean `matches`?"],
            ),
            ("name: x\nsteps:\n- kinesis.PutRecord: {}\n  advance: 1s\n", ["3:3", "move it to a step of its own"]),
            ("name: x\nsteps:\n- matches: {}\n", ["3", "does nothing"]),
            ("name: x\nsteps:\n- kinesis.ListStreams\n", ["3:3", "a map of `name: value`"]),
            ("name: x\nsteps:\n- dynamodb.PutItm: {}\n", ["3:3", "did you mean `PutItem`?"]),
            ("name: x\nlimits: enforce\nsteps: []\n", ["2:9", "did you mean `enforced`?"]),
            ("name: x\npipeline: recomendations\nsteps: []\n", ["2:11", "did you mean `recommendations`?"]),
            ("name: x\nscript:\n- reply: []\nsteps: []\n", ["3:3", "did you mean `replies`?"]),
            ("name: x\nscript:\n- replies: [{text: '{{m.who}}'}]\nsteps: []\n", ["3:14", "`m.who` is no group"]),
            ("name: x\nsettings: {POLL: '1'}\nsteps: []\n", ["2:", "settings are a pipeline's"]),
            (
                "name: x\npipeline: recommendations\nsettings: {POLL_INTERVALL_MS: '1'}\nsteps: []\n",
                ["3:31", "did you mean `POLL_INTERVAL_MS`?"],
            ),
            (
                "name: x\npipeline: recommendations\nsettings: {POLL_INTERVAL_MS: soon}\nsteps: []\n",
                ["3:30", "expected a whole number of milliseconds"],
            ),
            (
                "name: x\nfaults:\n- {service: dynamo, fault: throttle}\nsteps: []\n",
                ["3:3", "did you mean `dynamodb`?"],
            ),
            ("name: x\nsteps:\n- fault: {operation: PutItm, fault: hang}\n", ["3:3", "did you mean `PutItem`?"]),
            ("name: x\nfaults:\n- {fault: throtle}\nsteps: []\n", ["3:11", "did you mean `throttle`?"]),
            ("name: x\nsteps:\n- http.GET: /\n", ["3:3", "name it with `pipeline: recommendations`"]),
            (
                "name: x\nsteps:\n- kinesis.ListStreams: {}\n  matches: {a: {$lenght: 0}}\n",
                ["3:3", "did you mean `$length`?"],
            ),
            (
                "name: x\nsteps:\n- kinesis.ListStreams: {}\n  matches: {a: {$length: x}}\n",
                ["3:3", "is a whole number"],
            ),
            ("name: x\nsteps:\n- kinesis.DescribeStream: {StreamName: '${s}'}\n", ["3:3", "nothing is saved as `s`"]),
            ("name: x\nsteps:\n- kinesis.ListStreams: {}\n  save: {s: a.b}\n", ["3:3", "write for example `/a/b`"]),
            ("name: x\nsteps: []\nsteps: []\n", ["3:1", "`steps` is given twice"]),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(line) && error.contains(named), "{text}\n{error}");
        }
    }
}
