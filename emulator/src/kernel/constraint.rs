//! The constraints of AWS's models, violated: collected and worded as AWS does.
//!
//! AWS checks every constraint of a request before the service sees it and
//! answers with all violations in one message:
//! `2 validation errors detected: Value '' at 'streamName' failed to satisfy
//! constraint: Member must have length greater than or equal to 1; Value ...`.

use std::fmt::Display;

use super::ApiError;

/// The violations of one request so far.
///
/// Members are named by whatever shows their place: most requests violate nothing, and then no name is written.
#[derive(Debug, Default)]
pub struct Violations {
    found: Vec<String>,
}

impl Violations {
    pub fn new() -> Self {
        Self::default()
    }

    /// `value` at `member` breaks `constraint` (what follows "Member must").
    pub fn add(&mut self, value: impl Display, member: impl Display, constraint: impl Display) {
        self.found
            .push(format!("Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"));
    }

    /// The same for a value that AWS leaves out of its message: a blob, a list.
    pub fn add_unprinted(&mut self, member: impl Display, constraint: impl Display) {
        self.found.push(format!("Value at '{member}' failed to satisfy constraint: Member must {constraint}"));
    }

    /// A violation in words of its own.
    pub fn sentence(&mut self, sentence: impl Display) {
        self.found.push(sentence.to_string());
    }

    /// A required member that is missing.
    pub fn missing(&mut self, member: impl Display) {
        self.found.push(format!("Value null at '{member}' failed to satisfy constraint: Member must not be null"));
    }

    pub fn required<T>(&mut self, member: impl Display, value: &Option<T>) {
        if value.is_none() {
            self.missing(member);
        }
    }

    /// The length of a text in characters.
    pub fn length(&mut self, member: impl Display, value: &str, min: usize, max: usize) {
        let length = value.chars().count();
        if length < min {
            self.add(value, &member, format_args!("have length greater than or equal to {min}"));
        }
        if length > max {
            self.add(value, member, format_args!("have length less than or equal to {max}"));
        }
    }

    pub fn range(&mut self, member: impl Display, value: i64, min: i64, max: i64) {
        if value < min {
            self.add(value, &member, format_args!("have value greater than or equal to {min}"));
        }
        if value > max {
            self.add(value, member, format_args!("have value less than or equal to {max}"));
        }
    }

    /// A text all of whose characters `allowed` accepts; `pattern` is how AWS's model writes that.
    pub fn pattern(&mut self, member: impl Display, value: &str, pattern: &str, allowed: impl Fn(char) -> bool) {
        if !value.chars().all(allowed) {
            self.add(value, member, format_args!("satisfy regular expression pattern: {pattern}"));
        }
    }

    pub fn one_of(&mut self, member: impl Display, value: &str, values: &[&str]) {
        if !values.contains(&value) {
            self.add(value, member, format_args!("satisfy enum value set: [{}]", values.join(", ")));
        }
    }

    /// AWS's one message for all of them, or nothing where there are none.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.found.is_empty() {
            return Ok(());
        }
        let (count, plural) = (self.found.len(), if self.found.len() == 1 { "" } else { "s" });
        Err(ApiError::validation(format!("{count} validation error{plural} detected: {}", self.found.join("; "))))
    }
}
