//! The language of filter patterns: which log events are wanted.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>
//!
//! A pattern in braces asks the properties of a JSON message (`json.rs`), one in brackets the fields of a message with
//! spaces between them (`fields.rs`), one between percent signs is a regular expression (`regex.rs`), and every other
//! is a list of terms (`terms.rs`). It knows no service: texts go in, verdicts come out.
//!
//! # Differences
//!
//! - AWS documents the messages for a malformed pattern nowhere. Those here are from public reports; where there is
//!   none, the message is `Invalid filter pattern` (assumed).
//! - A property that is not there satisfies `NOT EXISTS` and nothing else, `!=` included (assumed).
//! - Fields beyond the last one of the pattern belong to the last one (assumed from AWS's examples).

mod comparison;
mod cursor;
mod fields;
mod json;
mod regex;
mod selector;
mod terms;
#[cfg(test)]
mod tests;

use std::fmt;

use self::fields::Fields;
use self::regex::Regex;
use self::terms::Terms;

/// A pattern, compiled.
#[derive(Debug)]
pub enum Filter {
    Everything,
    Terms(Terms),
    Regex(Regex),
    Json(json::Expression),
    Fields(Fields),
}

/// Why a pattern is none, in AWS's words.
#[derive(Debug, PartialEq, Eq)]
pub struct FilterError(String);

/// AWS: "There is a limit of 2 regex for each filter pattern when creating a delimited or JSON filter pattern".
const REGEXES_MAX: usize = 2;

impl Filter {
    pub fn compile(pattern: &str) -> Result<Self, FilterError> {
        let pattern = pattern.trim();
        if pattern.is_empty() {
            return Ok(Self::Everything);
        }
        if let Some(rest) = pattern.strip_prefix('{') {
            let inside = rest.strip_suffix('}').ok_or_else(|| FilterError::unclosed('{', '}'))?;
            return json::Expression::parse(inside).map(Self::Json);
        }
        if let Some(rest) = pattern.strip_prefix('[') {
            let inside = rest.strip_suffix(']').ok_or_else(|| FilterError::unclosed('[', ']'))?;
            return Fields::parse(inside).map(Self::Fields);
        }
        let regex = pattern.strip_prefix('%').and_then(|rest| rest.strip_suffix('%'));
        match regex.filter(|regex| !regex.is_empty()) {
            Some(regex) => Regex::parse(regex).map(Self::Regex),
            None => Terms::parse(pattern).map(Self::Terms),
        }
    }

    pub fn matches(&self, message: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Terms(terms) => terms.match_in(message),
            Self::Regex(regex) => regex.is_in(message),
            Self::Json(expression) => expression.holds_for(message),
            Self::Fields(fields) => fields.values(message).is_some(),
        }
    }

    /// What the pattern takes out of a message that it matches. AWS: "If you are not using a space-delimited filter,
    /// this will be empty."
    pub fn extract(&self, message: &str) -> Option<Vec<(String, String)>> {
        match self {
            Self::Fields(fields) => fields.values(message),
            _ => self.matches(message).then(Vec::new),
        }
    }
}

impl FilterError {
    fn invalid() -> Self {
        Self("Invalid filter pattern".to_owned())
    }

    fn characters(these: &str) -> Self {
        Self(format!("Invalid character(s) in term '{these}'"))
    }

    fn unclosed(opening: char, closing: char) -> Self {
        Self(format!("If a filter pattern starts with '{opening}' it must end with '{closing}'"))
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
