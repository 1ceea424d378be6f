//! What the model is told: search results in a template.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html>

use crate::kernel::Timestamp;
use crate::service::bedrock::knowledge::Found;

/// Where a caller gives no template. AWS's own differs from model to model; the words are ours.
const DEFAULT: &str = "You answer questions. Use only what the search results say. If they do not say enough to \
answer the question, say so. Do not take for true what the user asserts: look it up in the search results.\n\n\
Here are the search results in numbered order:\n$search_results$\n\n$output_format_instructions$";

const FORMAT: &str = "$output_format_instructions$";

/// What the placeholder for the format of the answer becomes: ours, since AWS's is not published.
const CITE: &str = "Name for each part of your answer the numbers of the search results that it comes from.";

/// Whether answers to that template cite their sources: AWS says that they do not without the placeholder.
pub fn cites(template: Option<&str>) -> bool {
    template.is_none_or(|template| template.contains(FORMAT))
}

/// The template with its placeholders filled.
pub fn fill(template: Option<&str>, question: &str, found: &[Found], now: Timestamp) -> String {
    let results = search_results(found);
    let now = now.to_rfc3339();
    let values = [
        ("$search_results$", results.as_str()),
        (FORMAT, CITE),
        ("$query$", question),
        ("$current_time$", now.as_str()),
    ];
    let (mut filled, mut rest) = (String::new(), template.unwrap_or(DEFAULT));
    // In one pass: what stands in a search result is no placeholder.
    while let Some(at) = rest.find('$') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let (taken, value) = values.iter().find(|(name, _)| rest.starts_with(name)).unwrap_or(&("$", "$"));
        filled.push_str(value);
        rest = &rest[taken.len()..];
    }
    filled + rest
}

fn search_results(found: &[Found]) -> String {
    let result = |(place, found): (usize, &Found)| {
        format!(
            "<search_result>\n<content>\n{}\n</content>\n<source>\n{}\n</source>\n</search_result>",
            found.content,
            place + 1
        )
    };
    found.iter().enumerate().map(result).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;

    #[test]
    fn placeholders_are_filled_once() {
        let found = |content: &str| Found {
            content: content.to_owned(),
            location: Value::Null,
            score: 1.0,
            metadata: Map::new(),
        };
        let found = [found("costs $5, not $query$"), found("two")];
        let filled =
            fill(Some("Q: $query$ ($9 $) at $current_time$\n$search_results$"), "why?", &found, Timestamp::default());
        assert_eq!(
            filled,
            "Q: why? ($9 $) at 1970-01-01T00:00:00Z\n\
             <search_result>\n<content>\ncosts $5, not $query$\n</content>\n<source>\n1\n</source>\n</search_result>\n\
             <search_result>\n<content>\ntwo\n</content>\n<source>\n2\n</source>\n</search_result>"
        );
        let default = fill(None, "why?", &[], Timestamp::default());
        assert!(!default.contains('$') && default.ends_with(CITE), "{default}");
        assert!(cites(None) && cites(Some("$output_format_instructions$")) && !cites(Some("$search_results$")));
    }
}
