//! The invariants of ARCHITECTURE.md that are kept by reading the sources.

use std::collections::BTreeSet;

use rehearsal_emulator::service::{self, Settings};

use super::{root, sources};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

/// Files and functions that may be longer, each with the reason.
const LONGER: &[(&str, &str)] =
    &[("emulator/src/service/dynamodb/expression/reserved.rs", "AWS's list of reserved words")];

/// What is pure, languages and their values: it knows only std, `serde_json` and its like.
const PURE: &[&str] = &[
    "kernel/timestamp.rs",
    "schedule/",
    "service/bedrock/knowledge/bm25.rs",
    "service/bedrock/knowledge/chunking.rs",
    "service/bedrock/knowledge/citation.rs",
    "service/bedrock/knowledge/filter.rs",
    "service/bedrock/knowledge/sentence.rs",
    "service/dynamodb/expression/",
    "service/dynamodb/number.rs",
    "service/dynamodb/partiql/",
    "service/dynamodb/value.rs",
    "service/events/pattern/",
    "service/logs/filter/",
];

fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The text before the tests beside the code.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text)
}

fn complain(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_service_never_imports_another() {
    let mut complaints = Vec::new();
    for (file, text) in sources("emulator/src/service") {
        let Some((own, _)) = file.trim_start_matches("emulator/src/service/").split_once('/') else { continue };
        for (number, line) in code(&text) {
            for (at, _) in line.match_indices("service::") {
                let other: String =
                    line[at + 9..].chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect();
                if other != own && !other.is_empty() {
                    complaints.push(format!("{file}:{number}: {own} imports {other}; what crosses goes over the bus"));
                }
            }
        }
    }
    complain(&complaints);
}

#[test]
fn lower_layers_do_not_know_upper_ones() {
    let rules: &[(&str, &[&str])] = &[
        ("emulator/src/wire", &["crate::service", "crate::gateway", "crate::emulator"]),
        (
            "emulator/src/kernel",
            &["crate::service", "crate::gateway", "crate::emulator", "crate::outbound", "http::", "hyper", "axum"],
        ),
        ("emulator/src/outbound", &["crate::"]),
        ("emulator/src/schedule", &["crate::service", "crate::gateway", "crate::emulator", "crate::wire"]),
        ("emulator/src/service", &["crate::emulator", "hyper::"]),
    ];
    let mut complaints = Vec::new();
    for (folder, banned) in rules {
        for (file, text) in sources(folder) {
            for (number, line) in code(&text) {
                if let Some(name) = banned.iter().find(|name| line.contains(**name)) {
                    complaints.push(format!("{file}:{number}: {folder} must not know `{name}`"));
                }
            }
        }
    }
    complain(&complaints);
}

#[test]
fn pure_languages_know_only_std() {
    let mut complaints = Vec::new();
    for (file, text) in sources("emulator/src") {
        if !PURE.iter().any(|pure| file.contains(pure)) {
            continue;
        }
        for (number, line) in code(without_tests(&text)) {
            let imported = line.trim_start().strip_prefix("use ").or(line.trim_start().strip_prefix("pub use "));
            let Some(imported) = imported else { continue };
            if !is_pure(imported) {
                complaints.push(format!("{file}:{number}: a pure language must not need `{imported}`"));
            }
        }
    }
    complain(&complaints);
}

/// Whether an import leads to std, `serde_json`, or something pure.
fn is_pure(imported: &str) -> bool {
    let inside = |path: &str| PURE.iter().any(|pure| path.starts_with(pure.trim_end_matches(".rs")));
    match imported.strip_prefix("crate::") {
        Some(path) => inside(&path.replace("::", "/")),
        None => !["kernel", "http", "axum", "tokio", "bytes"].iter().any(|root| imported.starts_with(root)),
    }
}

#[test]
fn one_operation_one_file() {
    let (services, _) = service::all(Settings::default());
    let mut complaints = Vec::new();
    for service in services {
        let description = service.description();
        let names: Vec<&str> = service.operations().iter().map(|(name, _)| *name).collect();
        let mut unique = BTreeSet::new();
        for name in names.iter().chain(description.not_implemented) {
            if !unique.insert(*name) {
                complaints.push(format!("{}: {name} is listed twice", description.name));
            }
        }
        let all: String = sources("emulator/src/service")
            .into_iter()
            .filter(|(file, _)| file.ends_with(".rs"))
            .map(|(file, _)| file + "\n")
            .collect();
        for name in names {
            let file = format!("/{}.rs\n", snake(name));
            if !all.contains(&file) {
                complaints.push(format!("{}: {name} has no file {file}", description.name));
            }
        }
    }
    complain(&complaints);
}

/// `put_item` of `PutItem`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[test]
fn files_and_functions_fit_a_reader() {
    let mut complaints = Vec::new();
    for folder in ["emulator/src", "pipeline/src", "scenarios/src"] {
        for (file, text) in sources(folder) {
            if LONGER.iter().any(|(longer, _)| *longer == file) {
                continue;
            }
            let text = without_tests(&text);
            let lines = text.lines().count();
            if lines > FILE_LINES_MAX {
                complaints.push(format!("{file}: {lines} lines, at most {FILE_LINES_MAX}"));
            }
            complaints.extend(long_functions(&file, text));
        }
    }
    complain(&complaints);
}

/// rustfmt closes a function at the indentation where it opened it.
fn long_functions(file: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut open: Option<(usize, usize, &str)> = None;
    for (index, line) in text.lines().enumerate() {
        let indentation = line.len() - line.trim_start().len();
        let opens = line.trim_start().starts_with("fn ") || line.contains(" fn ");
        if open.is_none() && opens && !line.trim_start().starts_with("//") && !line.trim_end().ends_with(['}', ';']) {
            open = Some((index, indentation, line.trim()));
        }
        if let Some((start, at, name)) = open
            && indentation == at
            && line.trim() == "}"
        {
            let lines = index - start + 1;
            if lines > FUNCTION_LINES_MAX {
                complaints.push(format!("{file}:{}: {lines} lines, at most {FUNCTION_LINES_MAX}: {name}", start + 1));
            }
            open = None;
        }
    }
    complaints
}

#[test]
fn no_file_is_a_drawer_for_everything() {
    let mut complaints = Vec::new();
    for folder in ["emulator/src", "pipeline/src", "scenarios/src", "tests/src"] {
        for (file, _) in sources(folder) {
            let drawer = file
                .split(['/', '.'])
                .any(|part| ["helper", "helpers", "util", "utils", "common", "misc"].contains(&part));
            if drawer {
                complaints.push(format!("{file}: name it after what it holds"));
            }
        }
    }
    complain(&complaints);
}

#[test]
fn time_in_the_emulator_comes_from_its_clock() {
    let mut complaints = Vec::new();
    for (file, text) in sources("emulator/src") {
        // What is outside takes real time, and so do sockets.
        let is_real = file.contains("src/outbound/");
        if is_real || file.ends_with("kernel/clock.rs") || file.ends_with("gateway/pace.rs") {
            continue;
        }
        for (number, line) in code(&text) {
            if line.contains("tokio::time::") || line.contains("Instant::now") || line.contains("SystemTime::now") {
                complaints.push(format!("{file}:{number}: ask kernel::clock"));
            }
        }
    }
    complain(&complaints);
}

#[test]
fn every_known_difference_is_in_the_services_doc() {
    let (services, _) = service::all(Settings::default());
    for service in services {
        let description = service.description();
        // A second API on another service's state lives in that service's folder.
        let folder = match description.name {
            "dynamodbstreams" => "dynamodb/streams",
            "bedrock-agent" => "bedrock/agent",
            "bedrock-agent-runtime" => "bedrock/agent_runtime",
            name => name,
        };
        let module = root().join(format!("emulator/src/service/{folder}/mod.rs"));
        let text = std::fs::read_to_string(&module).expect("a service's folder has its name");
        let has_section = text.contains("//! # Differences");
        assert!(
            description.differences.is_empty() || has_section,
            "{}: differences without a `# Differences` section in its doc",
            description.name
        );
    }
}
