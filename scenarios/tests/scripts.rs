//! The scenarios of this repository: each holds, is fast, and plays the same every time.

use std::path::{Path, PathBuf};

use rehearsal::runner::{rehearse, rehearse_remotely};
use rehearsal::scenario::{Scenario, find, load};
use rehearsal_emulator::Emulator;

fn all() -> Vec<Scenario> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let files = find(&[folder]).expect("there are scenarios");
    files.iter().map(|file| load(file).unwrap_or_else(|error| panic!("{error}"))).collect()
}

#[test]
fn every_scenario_holds_and_its_timeline_is_the_recorded_one() {
    let scenarios = all();
    for expected in ["cold_start", "model_timeout", "malformed_json", "throttled_model", "expired_cache", "redelivery"]
    {
        assert!(scenarios.iter().any(|scenario| scenario.title() == expected), "{expected} is missing");
    }
    let failures: Vec<String> = scenarios
        .iter()
        .flat_map(|scenario| {
            let verdict = rehearse(scenario, true);
            verdict.failures.into_iter().map(|failure| format!("{}: {failure}", scenario.file.display()))
        })
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn the_whole_set_played_twice_gives_the_same_timelines_byte_for_byte() {
    let play = || all().iter().map(|scenario| rehearse(scenario, false).timeline).collect::<Vec<_>>();
    let (first, second) = (play(), play());
    let idle = first.iter().find(|timeline| timeline.lines().count() < 3);
    assert_eq!(idle, None, "every scenario does something");
    assert_eq!(first, second);
}

#[test]
fn the_same_files_hold_over_sockets() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for scenario in all() {
        let emulator = runtime.block_on(Emulator::start());
        let server = runtime.block_on(emulator.serve_anywhere()).unwrap();
        let verdict = rehearse_remotely(&scenario, &server.url());
        emulator.bedrock().forgive();
        let failures: Vec<String> = verdict.failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}: {}\n{}", scenario.title(), failures.join("\n"), verdict.timeline);
        runtime.block_on(server.stop());
        runtime.block_on(async { drop(emulator) });
    }
}
