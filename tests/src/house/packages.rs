//! Which package may know which: read from cargo, not from our good intentions.

use std::collections::BTreeSet;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use super::{root, sources};

fn metadata() -> Metadata {
    // Only for this platform: what others need may never have been fetched here.
    let options = ["--offline", "--locked", "--filter-platform", &host()].map(str::to_owned);
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).other_options(options);
    command.exec().expect("cargo describes the workspace offline")
}

/// The platform that we run on, as cargo names it.
fn host() -> String {
    let output = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo tells its version");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).expect("and its host");
    host.to_owned()
}

/// Everything that `package` needs to be built, directly or not, without what only its tests need.
fn needs(metadata: &Metadata, package: &str) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().expect("cargo resolves the workspace");
    let id = |name: &str| &metadata.packages.iter().find(|known| *known.name == name).expect(name).id;
    let mut open = vec![id(package)];
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        let node = resolve.nodes.iter().find(|node| node.id == *next).expect("every package is resolved");
        for dependency in &node.deps {
            let built = dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
            if built && seen.insert(metadata[&dependency.pkg].name.to_string()) {
                open.push(&dependency.pkg);
            }
        }
    }
    seen
}

#[test]
fn the_pipeline_has_no_arrow_to_any_crate_of_ours() {
    let needed = needs(&metadata(), "rehearsal-pipeline");
    let ours: Vec<&String> = needed.iter().filter(|name| name.starts_with("rehearsal")).collect();
    assert!(ours.is_empty(), "the pipeline must run against AWS as it is, but it needs {ours:?}");
    assert!(needed.contains("aws-sdk-kinesis"), "this test looks at the right package");
}

#[test]
fn the_pipeline_names_no_emulator_port_or_host() {
    for (file, text) in sources("pipeline/src") {
        for banned in ["emulator", "localstack", "4566", "localhost", "127.0.0.1"] {
            let line = text.lines().position(|line| line.contains(banned));
            assert_eq!(line, None, "{file}, line index {line:?}: the pipeline must not know `{banned}`");
        }
    }
}

#[test]
fn the_emulator_needs_no_aws_sdk() {
    let needed = needs(&metadata(), "rehearsal-emulator");
    let sdks: Vec<&String> = needed.iter().filter(|name| name.starts_with("aws-sdk-")).collect();
    assert!(sdks.is_empty(), "SDK crates are most of the build time: {sdks:?}");
}

#[test]
fn unsafe_code_is_forbidden_in_every_package() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("the manifest is there");
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
    for package in ["emulator", "pipeline", "scenarios", "tests"] {
        let manifest = read(&format!("{package}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true\n"), "{package} has lints of its own");
    }
}
