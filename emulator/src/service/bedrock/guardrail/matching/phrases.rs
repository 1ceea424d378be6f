//! Words and phrases in a text, whole and in any case.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-content-filters.html>
//!
//! AWS promises an exact match of words and phrases. assumed: case does not
//! matter, any white space separates the words of a phrase, and what is found is
//! told as it stands in the text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::stands_alone;

/// Phrases, ready to be found.
#[derive(Debug, Default)]
pub struct Phrases {
    /// By their first letter: the letters in lower case, and which phrase it is.
    by_first: BTreeMap<char, Vec<(Vec<char>, usize)>>,
}

impl Phrases {
    pub fn new<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_first: BTreeMap<char, Vec<(Vec<char>, usize)>> = BTreeMap::new();
        for (index, phrase) in phrases.into_iter().enumerate() {
            let words: Vec<&str> = phrase.split_whitespace().collect();
            let letters: Vec<char> = words.join(" ").chars().flat_map(char::to_lowercase).collect();
            if let Some(first) = letters.first().copied() {
                by_first.entry(first).or_default().push((letters, index));
            }
        }
        Self { by_first }
    }

    /// Where each phrase stands, in the order of the text.
    pub fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut found = Vec::new();
        if self.by_first.is_empty() {
            return found;
        }
        for (start, letter) in text.char_indices() {
            let Some(first) = letter.to_lowercase().next() else { continue };
            for (phrase, index) in self.by_first.get(&first).into_iter().flatten() {
                let Some(length) = length_at(&text[start..], phrase) else { continue };
                let place = start..start + length;
                if stands_alone(text, &place) {
                    found.push((place, *index));
                }
            }
        }
        found
    }
}

/// How many bytes of the text's beginning the phrase is, if it begins with it.
fn length_at(text: &str, phrase: &[char]) -> Option<usize> {
    let mut letters = text.char_indices().peekable();
    let mut wanted = phrase.iter().copied().peekable();
    while let Some(next) = wanted.peek().copied() {
        let (_, letter) = letters.next()?;
        if next == ' ' {
            if !letter.is_whitespace() {
                return None;
            }
            wanted.next();
            while letters.peek().is_some_and(|(_, letter)| letter.is_whitespace()) {
                letters.next();
            }
            continue;
        }
        for lower in letter.to_lowercase() {
            if wanted.next() != Some(lower) {
                return None;
            }
        }
    }
    Some(letters.peek().map_or(text.len(), |(at, _)| *at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_phrases_are_found_in_any_case() {
        for (phrases, text, expected) in [
            (&["stock"][..], "Stock tips? STOCK! stocks, livestock, stock", &["Stock", "STOCK", "stock"][..]),
            (&["very bad word"], "a Very  bad\nword.", &["Very  bad\nword"]),
            (&["very bad word"], "very bad", &[]),
            (&["very bad"], "very badly, a verybad, very, bad", &[]),
            (&["c++", "c"], "C++ and C", &["C++", "C", "C"]),
            (&["straße"], "STRASSE Straße", &["Straße"]),
            (&["über"], "Über uns", &["Über"]),
            (&["", "  "], "anything", &[]),
            (&["a b"], "a", &[]),
            (&["日本"], "日本", &["日本"]),
        ] {
            let found = Phrases::new(phrases.iter().copied()).find(text);
            let found: Vec<&str> = found.into_iter().map(|(place, _)| &text[place]).collect();
            assert_eq!(found, expected, "{phrases:?} in {text}");
        }
    }
}
