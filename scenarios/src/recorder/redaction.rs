//! What must not be in a script that was recorded.

use std::borrow::Cow;

use regex::Regex;

/// What stands in place of what was taken out.
pub const REDACTED: &str = "[redacted]";
/// What looks like the id of an AWS key, whatever the rules say.
const KEY_ID: &str = r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b";

/// What is taken out of texts.
#[derive(Clone, Debug)]
pub struct Redaction {
    rules: Vec<Regex>,
}

impl Redaction {
    /// With rules of one's own, as regular expressions.
    pub fn new(rules: &[String]) -> Result<Self, String> {
        let all = [KEY_ID.to_owned()].into_iter().chain(rules.iter().cloned());
        let read =
            |rule: String| Regex::new(&rule).map_err(|error| format!("`{rule}` is not a regular expression: {error}"));
        Ok(Self { rules: all.map(read).collect::<Result<_, _>>()? })
    }

    pub fn of<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut redacted = Cow::Borrowed(text);
        for rule in &self.rules {
            if let Cow::Owned(changed) = rule.replace_all(&redacted, REDACTED) {
                redacted = Cow::Owned(changed);
            }
        }
        redacted
    }

    /// The same for a text that comes in pieces: what begins in one may end in another.
    pub fn of_pieces(&self, pieces: &[&str]) -> Vec<String> {
        let whole = pieces.concat();
        let mut found: Vec<(usize, usize)> = Vec::new();
        for rule in &self.rules {
            found.extend(rule.find_iter(&whole).map(|found| (found.start(), found.end())));
        }
        found.sort_unstable();
        let mut begin = 0;
        let mut redacted = Vec::with_capacity(pieces.len());
        for piece in pieces {
            redacted.push(part(&whole, begin, begin + piece.len(), &found));
            begin += piece.len();
        }
        redacted
    }
}

/// The text from `begin` to `end` without what was found; the mark stands where it began.
fn part(whole: &str, begin: usize, end: usize, found: &[(usize, usize)]) -> String {
    let mut kept = String::new();
    let mut at = begin;
    for (from, to) in found.iter().filter(|(from, to)| *from < end && *to > begin) {
        kept.push_str(whole.get(at..(*from).clamp(at, end)).unwrap_or_default());
        if *from >= begin && *from >= at {
            kept.push_str(REDACTED);
        }
        at = at.max((*to).min(end));
    }
    kept.push_str(whole.get(at..end).unwrap_or_default());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spans_several_pieces_is_taken_out_of_all_of_them() {
        let redaction = Redaction::new(&[r"\d{3}-\d{4}".to_owned()]).unwrap();
        assert_eq!(redaction.of("call 555-1234 now"), "call [redacted] now");
        assert_eq!(redaction.of("AKIAIOSFODNN7EXAMPLE"), REDACTED);
        for (pieces, expected) in [
            (&["call 55", "5-12", "34 now"][..], &["call [redacted]", "", " now"][..]),
            (&["nothing ", "here"], &["nothing ", "here"]),
            (&["555-1234", " and 555-1234"], &["[redacted]", " and [redacted]"]),
        ] {
            assert_eq!(redaction.of_pieces(pieces), expected);
        }
        assert!(Redaction::new(&["(".to_owned()]).is_err());
    }
}
