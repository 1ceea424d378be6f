//! The pages about the formats show only what can be read, and what they show holds.

use std::path::{Path, PathBuf};

use rehearsal::runner::rehearse;
use rehearsal::scenario::parse;
use rehearsal_emulator::Script;

/// The YAML blocks of a page.
fn blocks(page: &str) -> Vec<String> {
    let file: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = std::fs::read_to_string(file).expect("the page is there");
    let blocks = text.split("```yaml\n").skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_scenario_on_the_page_holds() {
    let blocks = blocks("README.md");
    assert!(blocks.len() >= 3, "the page has examples");
    for block in blocks {
        let scenario = parse(&block).unwrap_or_else(|mistake| panic!("{mistake}\nin\n{block}"));
        let verdict = rehearse(&scenario, false);
        let failures: Vec<String> = verdict.failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}\nin\n{block}", failures.join("\n"));
    }
}

#[test]
fn every_script_on_the_page_can_be_read() {
    let blocks = blocks("SCRIPT.md");
    assert!(blocks.len() >= 3, "the page has examples");
    for block in blocks {
        Script::from_yaml(&block).unwrap_or_else(|mistake| panic!("{mistake}\nin\n{block}"));
    }
}
