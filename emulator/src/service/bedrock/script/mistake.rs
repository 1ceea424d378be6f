//! A mistake in a YAML file, told so that it can be mended: place, what is wrong, and what was meant.

use std::borrow::Cow;
use std::fmt;

use serde_saphyr::{DefaultMessageFormatter, Error, Location, MessageFormatter};

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line and column from 1, where it is about one place.
    pub place: Option<(u64, u64)>,
    pub why: String,
    /// The line of the text with a mark under the place; empty without a place.
    excerpt: String,
}

impl Mistake {
    /// A mistake that the reader of YAML found in `text`.
    pub fn found(error: &Error, text: &str) -> Self {
        let error = error.without_snippet();
        let why = Words.format_message(error).into_owned();
        match error.location() {
            Some(location) => Self::at(location, text, why),
            None => Self::nowhere(why),
        }
    }

    /// A mistake that is about no one place.
    pub fn nowhere(why: impl Into<String>) -> Self {
        Self { place: None, why: why.into(), excerpt: String::new() }
    }

    /// A mistake at a place of `text`.
    pub fn at(location: Location, text: &str, why: impl Into<String>) -> Self {
        let (line, column) = (location.line(), location.column());
        let shown = usize::try_from(line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?));
        let excerpt = shown.map_or_else(String::new, |shown| {
            let blanks = usize::try_from(column.saturating_sub(1)).unwrap_or(0).min(shown.len());
            format!("\n  {line:>4} | {shown}\n       | {}^", " ".repeat(blanks))
        });
        Self { place: (line > 0).then_some((line, column)), why: why.into(), excerpt }
    }

    /// For whoever knows the file: `script.yaml:3:5: ...`
    pub fn of_file(&self, file: impl fmt::Display) -> String {
        let separator = if self.place.is_some() { "" } else { " " };
        format!("{file}:{separator}{self}")
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}: ")?;
        }
        write!(f, "{}{}", self.why, self.excerpt)
    }
}

impl std::error::Error for Mistake {}

/// The reader's messages, with what was probably meant.
struct Words;

impl MessageFormatter for Words {
    fn format_message<'a>(&self, error: &'a Error) -> Cow<'a, str> {
        match error {
            Error::SerdeUnknownField { field, expected, .. } => unknown("field", field, expected).into(),
            Error::SerdeUnknownVariant { variant, expected, .. } => unknown("value", variant, expected).into(),
            Error::DuplicateMappingKey { key: Some(key), .. } => format!("`{key}` is given twice").into(),
            _ => match DefaultMessageFormatter.format_message(error) {
                words if words == "expected mapping start" => "expected a map of `name: value` here".into(),
                words if words == "expected sequence start" => "expected a list of `- item` here".into(),
                words => words,
            },
        }
    }
}

/// `unknown field `reply`, did you mean `replies`? There are name, when, replies`
pub fn unknown(what: &str, written: &str, known: &[&str]) -> String {
    let meant = did_you_mean(written, known);
    let separator = if meant.is_empty() { ":" } else { "" };
    let verb = if known.len() == 1 { "is" } else { "are" };
    format!("unknown {what} `{written}`{meant}{separator} there {verb} {}", known.join(", "))
}

/// `, did you mean `replies`?` if one of the known words was probably meant.
pub fn did_you_mean(written: &str, known: &[&str]) -> String {
    nearest(written, known).map_or_else(String::new, |meant| format!(", did you mean `{meant}`?"))
}

/// The known word that was probably meant: less than half of its letters differ.
fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let by_distance = known.iter().map(|word| (distance(written, word), *word));
    let (distance, word) = by_distance.min()?;
    (distance * 2 <= written.chars().count().max(word.chars().count())).then_some(word)
}

/// How many letters to add, drop or change to get from one word to the other.
pub(super) fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (index, letter) in from.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (at, other) in to.to_lowercase().chars().enumerate().take(row.len() - 1) {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_told_what_was_meant() {
        let known = ["name", "when", "times", "expect", "replies", "exhaust"];
        for (written, meant) in [
            ("reply", Some("replies")),
            ("time", Some("times")),
            ("Name", Some("name")),
            ("wehn", Some("when")),
            ("x", None),
            ("temperature", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, &known), meant, "{written}");
        }
        assert_eq!(
            unknown("field", "reply", &known[3..5]),
            "unknown field `reply`, did you mean `replies`? there are expect, replies"
        );
        assert_eq!(unknown("value", "x", &["recommendations"]), "unknown value `x`: there is recommendations");
    }
}
