//! The constraints of AWS's model for names, tokens and the like.

use crate::kernel::Violations;

const GROUP_PATTERN: &str = r"[\.\-_/#A-Za-z0-9]+";
const STREAM_PATTERN: &str = "[^:*]*";
const IDENTIFIER_PATTERN: &str = r"[\w#+=/:,.@-]*";
const RESOURCE_ARN_PATTERN: &str = r"[\w+=/:,.@-]*";

pub fn check_group(violations: &mut Violations, member: &str, name: &str) {
    violations.length(member, name, 1, 512);
    if !name.is_empty() {
        violations.pattern(member, name, GROUP_PATTERN, is_group_letter);
    }
}

/// A name that must be given.
pub fn check_required_group(violations: &mut Violations, name: Option<&str>) {
    match name {
        Some(name) => check_group(violations, "logGroupName", name),
        None => violations.missing("logGroupName"),
    }
}

/// What a name of a group must contain, which may be nothing.
pub fn check_group_pattern(violations: &mut Violations, member: &str, text: &str) {
    violations.length(member, text, 0, 512);
    violations.pattern(member, text, r"[\.\-_/#A-Za-z0-9]*", is_group_letter);
}

pub fn check_stream(violations: &mut Violations, member: &str, name: &str) {
    violations.length(member, name, 1, 512);
    violations.pattern(member, name, STREAM_PATTERN, |letter| !matches!(letter, ':' | '*'));
}

pub fn check_required_stream(violations: &mut Violations, name: Option<&str>) {
    match name {
        Some(name) => check_stream(violations, "logStreamName", name),
        None => violations.missing("logStreamName"),
    }
}

pub fn check_identifier(violations: &mut Violations, member: &str, text: &str) {
    violations.length(member, text, 1, 2048);
    violations.pattern(member, text, IDENTIFIER_PATTERN, |letter| is_arn_letter(letter) || letter == '#');
}

pub fn check_resource_arn(violations: &mut Violations, text: Option<&str>) {
    match text {
        Some(text) => {
            violations.length("resourceArn", text, 1, 1011);
            violations.pattern("resourceArn", text, RESOURCE_ARN_PATTERN, is_arn_letter);
        }
        None => violations.missing("resourceArn"),
    }
}

pub fn check_token(violations: &mut Violations, token: Option<&str>) {
    if let Some("") = token {
        violations.length("nextToken", "", 1, usize::MAX);
    }
}

/// How many things a page may have at most.
pub fn check_limit(violations: &mut Violations, limit: Option<i64>, max: i64) {
    if let Some(limit) = limit {
        violations.range("limit", limit, 1, max);
    }
}

/// Milliseconds since 1970.
pub fn check_time(violations: &mut Violations, member: &str, millis: Option<i64>) {
    if let Some(millis) = millis {
        violations.range(member, millis, 0, i64::MAX);
    }
}

fn is_group_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '/' | '#')
}

fn is_arn_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_+=/:,.@-".contains(letter)
}
