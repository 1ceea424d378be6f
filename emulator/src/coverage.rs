//! COVERAGE.md, from the operation tables: what cannot drift apart from them.

use crate::kernel::AnyService;
use crate::service::{self, Settings};

/// Every operation of every service: implemented, or the error it answers; and what differs from AWS.
pub fn markdown() -> String {
    let (services, _) = service::all(Settings::default());
    let mut text = String::from(
        "# Coverage\n\nGenerated from the operation tables by `cargo run -- coverage > COVERAGE.md`; a test keeps it true.\n\
         An operation that is not implemented answers HTTP 501 `NotImplemented`, and so does a parameter that is not.\n",
    );
    for service in &services {
        text.push_str(&section(&**service));
    }
    text
}

fn section(service: &dyn AnyService) -> String {
    let description = service.description();
    let done: Vec<&str> = service.operations().iter().map(|(name, _)| *name).collect();
    let missing: Vec<&str> = description.missing().collect();
    let mut text = format!(
        "\n## {} (`{}`)\n\n{} of {} operations.\n\n| operation | state |\n|---|---|\n",
        description.title,
        description.name,
        done.len(),
        done.len() + missing.len()
    );
    let mut rows: Vec<(&str, &str)> = done.iter().map(|name| (*name, "implemented")).collect();
    rows.extend(missing.iter().map(|name| (*name, "`NotImplemented`")));
    rows.sort_unstable();
    for (name, state) in rows {
        text.push_str(&format!("| {name} | {state} |\n"));
    }
    if !description.differences.is_empty() {
        text.push_str("\nKnown to differ from AWS:\n\n");
        for difference in description.differences {
            text.push_str(&format!("- {difference}\n"));
        }
    }
    text
}
