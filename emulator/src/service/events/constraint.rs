//! The constraints of EventBridge's model that several operations share.

use regex::Regex;

use crate::kernel::Violations;

/// How most things are named in AWS's model.
const NAME: &str = r"[\.\-_A-Za-z0-9]+";
const KMS_KEY: &str = r"^[a-zA-Z0-9_\-/:]*$";
const RESOURCE_ARN: &str = r"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:.+\/.+$";

pub const HEADER_KEY: &str = "^[!#$%&'*+-.^_`|~0-9a-zA-Z]+$";
pub const HEADER_VALUE: &str = r"^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$";
pub const QUERY_KEY: &str = r"[^\x00-\x1F\x7F]+";
pub const QUERY_VALUE: &str = r"[^\x00-\x09\x0B\x0C\x0E-\x1F\x7F]+";

/// A text that must fit one of the model's patterns. An empty one is told by its length.
pub fn pattern(violations: &mut Violations, member: &str, value: &str, pattern: &str) {
    let regex = Regex::new(&format!("^(?:{pattern})$")).expect("the patterns of AWS's model are regular");
    if !value.is_empty() && !regex.is_match(value) {
        violations.add(value, member, format_args!("satisfy regular expression pattern: {pattern}"));
    }
}

/// The same for a value that no message shows.
pub fn secret_pattern(violations: &mut Violations, member: &str, value: &str, pattern: &str) {
    let regex = Regex::new(&format!("^(?:{pattern})$")).expect("the patterns of AWS's model are regular");
    if !value.is_empty() && !regex.is_match(value) {
        violations.add_unprinted(member, format_args!("satisfy regular expression pattern: {pattern}"));
    }
}

pub fn name(violations: &mut Violations, member: &str, name: Option<&str>, max: usize) {
    let Some(name) = name else { return };
    violations.length(member, name, 1, max);
    pattern(violations, member, name, NAME);
}

/// The same for a name that must be given.
pub fn required_name(violations: &mut Violations, member: &str, given: Option<&str>, max: usize) {
    match given {
        Some(given) => name(violations, member, Some(given), max),
        None => violations.missing(member),
    }
}

pub fn length(violations: &mut Violations, member: &str, text: Option<&str>, min: usize, max: usize) {
    if let Some(text) = text {
        violations.length(member, text, min, max);
    }
}

/// A description of an archive, replay, connection or API destination: one line.
pub fn description(violations: &mut Violations, text: Option<&str>) {
    let Some(text) = text else { return };
    violations.length("description", text, 0, 512);
    violations.pattern("description", text, ".*", |letter| letter != '\n');
}

pub fn kms_key(violations: &mut Violations, key: Option<&str>) {
    let Some(key) = key else { return };
    violations.length("kmsKeyIdentifier", key, 0, 2048);
    pattern(violations, "kmsKeyIdentifier", key, KMS_KEY);
}

/// The ARN of an archive or event bus.
pub fn resource_arn(violations: &mut Violations, member: &str, arn: Option<&str>) {
    let Some(arn) = arn else { return };
    violations.length(member, arn, 1, 1600);
    pattern(violations, member, arn, RESOURCE_ARN);
}

pub fn one_of(violations: &mut Violations, member: &str, value: Option<&str>, values: &[&str]) {
    if let Some(value) = value {
        violations.one_of(member, value, values);
    }
}

pub fn at_least(violations: &mut Violations, member: &str, value: Option<i64>, min: i64) {
    if let Some(value) = value {
        violations.range(member, value, min, i64::from(i32::MAX));
    }
}
