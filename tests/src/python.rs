//! The boto3 smoke test, where Python and boto3 are at hand.

use std::process::Command;

use rehearsal_emulator::Emulator;

/// An interpreter that can import boto3.
pub fn python() -> Option<&'static str> {
    let can = |name: &&str| {
        Command::new(name).args(["-c", "import boto3"]).output().is_ok_and(|output| output.status.success())
    };
    ["python3", "python"].into_iter().find(can)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn boto3_finds_all_services_as_on_aws() {
    let Some(python) = python() else {
        eprintln!("skipped: there is no Python with boto3 here; CONTRIBUTING.md says how to get one");
        return;
    };
    let emulator = Emulator::start().await;
    emulator.bedrock().load_yaml(include_str!("../python/script.yaml")).expect("the script is well formed");
    let server = emulator.serve_anywhere().await.expect("the loopback interface has a free port");
    let url = server.url();
    let smoke = concat!(env!("CARGO_MANIFEST_DIR"), "/python/smoke.py");
    let run = move || Command::new(python).arg(smoke).env("AWS_ENDPOINT_URL", url).output();
    let output = tokio::task::spawn_blocking(run).await.expect("no panic").expect("python starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
}
