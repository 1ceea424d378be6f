//! Texts that AWS's model describes by patterns.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use crate::kernel::Violations;

/// A pattern, as AWS's messages write it.
pub struct Pattern {
    text: &'static str,
    regex: LazyLock<Regex>,
}

macro_rules! pattern {
    ($name:ident, $text:literal) => {
        pub static $name: Pattern = Pattern { text: $text, regex: LazyLock::new(|| compile($text)) };
    };
}

/// Of schedules, groups and prefixes of their names.
pub static NAME: Pattern = Pattern { text: "^[0-9a-zA-Z-_.]+$", regex: LazyLock::new(|| compile("^[0-9a-zA-Z_.-]+$")) };
pub static CLIENT_TOKEN: Pattern =
    Pattern { text: "^[a-zA-Z0-9-_]+$", regex: LazyLock::new(|| compile("^[a-zA-Z0-9_-]+$")) };
pub static KMS_KEY_ARN: Pattern = Pattern {
    text: r"^arn:aws(-[a-z]+)?:kms:[a-z0-9\-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*$",
    regex: LazyLock::new(|| compile(r"^arn:aws(-[a-z]+)?:kms:[a-z0-9\-]+:\d{12}:(key|alias)/[0-9a-zA-Z_-]*$")),
};
pub static GROUP_ARN: Pattern = Pattern {
    text: r"^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$",
    regex: LazyLock::new(|| {
        compile(r"^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\-]+:\d{12}:schedule-group/[0-9a-zA-Z_.-]+$")
    }),
};
pattern!(ROLE_ARN, r"^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+$");
pattern!(QUEUE_ARN, r"^arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$");
pattern!(PIPELINE_PARAMETER_NAME, r"^[A-Za-z0-9\-_]*$");

/// What a source is: no source of AWS's, or a path. It looks ahead, which our patterns cannot.
const SOURCE: &str = r"^(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$";

fn compile(text: &str) -> Regex {
    let mut builder = RegexBuilder::new(text);
    builder.unicode(false).build().expect("AWS's pattern is a regular expression")
}

impl Pattern {
    /// A text of that length and pattern, if there is one.
    pub fn check(&self, violations: &mut Violations, member: &str, value: Option<&str>, min: usize, max: usize) {
        let Some(value) = value else { return };
        violations.length(member, value, min, max);
        if !self.regex.is_match(value) {
            violations.add(value, member, format_args!("satisfy regular expression pattern: {}", self.text));
        }
    }
}

/// The source of events for an event bus.
pub fn check_source(violations: &mut Violations, member: &str, value: &str) {
    violations.length(member, value, 1, 256);
    let begins_well = value.starts_with(|first: char| first.is_ascii_alphanumeric() || "/.-_$".contains(first));
    if !begins_well || value.starts_with("aws.") {
        violations.add(value, member, format_args!("satisfy regular expression pattern: {SOURCE}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_the_model() {
        let fits = |pattern: &Pattern, value: &str| {
            let mut violations = Violations::new();
            pattern.check(&mut violations, "it", Some(value), 1, 2048);
            violations.finish().is_ok()
        };
        for (pattern, value, expected) in [
            (&NAME, "a-B_9.x", true),
            (&NAME, "a b", false),
            (&NAME, "ü", false),
            (&NAME, "", false),
            (&CLIENT_TOKEN, "a.b", false),
            (&KMS_KEY_ARN, "arn:aws:kms:us-east-1:000000000000:key/1234-ab", true),
            (&KMS_KEY_ARN, "arn:aws:kms:us-east-1:000000000000:grant/1", false),
            (&GROUP_ARN, "arn:aws:scheduler:us-east-1:000000000000:schedule-group/a.b", true),
            (&GROUP_ARN, "arn:aws:scheduler:us-east-1:000000000000:schedule/default/a", false),
            (&ROLE_ARN, "arn:aws:iam::000000000000:role/service/name+=,.@-_", true),
            (&ROLE_ARN, "arn:aws-cn:iam::000000000000:role/a", true),
            (&ROLE_ARN, "arn:aws:iam::0:role/a", false),
            (&QUEUE_ARN, "arn:aws:sqs:us-east-1:000000000000:dead_letters-1", true),
            (&QUEUE_ARN, "arn:aws:sqs:us-east-1:000000000000:dead.fifo", false),
        ] {
            assert_eq!(fits(pattern, value), expected, "{value}");
        }
        for (value, expected) in [("shop", true), ("aws.shop", false), ("awsome", true), ("$.a", true), ("#", false)] {
            let mut violations = Violations::new();
            check_source(&mut violations, "it", value);
            assert_eq!(violations.finish().is_ok(), expected, "{value}");
        }
    }
}
