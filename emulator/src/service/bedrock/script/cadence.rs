//! How text becomes tokens, and tokens time.
//!
//! A token is estimated as four characters, rounded up. That is no tokenizer's
//! truth, but the same on every machine and for every model; a reply's `usage`
//! overrides it.

use std::num::NonZeroU32;
use std::time::Duration;

/// The estimate for so many characters.
pub fn tokens(characters: usize) -> u32 {
    u32::try_from(characters.div_ceil(4)).unwrap_or(u32::MAX)
}

/// Cuts a text as models stream it: about a word at a time, with the space before the next.
pub fn words(text: &str) -> Vec<String> {
    const LONGEST: usize = 16;
    let mut words = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    for letter in text.chars() {
        let ends_a_space = word.ends_with(char::is_whitespace) && !letter.is_whitespace();
        if ends_a_space || length == LONGEST {
            words.push(std::mem::take(&mut word));
            length = 0;
        }
        word.push(letter);
        length += 1;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Cuts a text into `count` pieces of about the same length; fewer if it is shorter than that.
pub fn pieces(text: &str, count: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let length = letters.len().div_ceil(count.max(1)).max(1);
    letters.chunks(length).map(|piece| piece.iter().collect()).collect()
}

/// The time at which tokens come. To the millisecond, as the clock is, and without drift.
#[derive(Debug)]
pub struct Pace {
    per_second: Option<NonZeroU32>,
    tokens: u64,
    started: bool,
}

impl Pace {
    pub fn new(per_second: Option<NonZeroU32>) -> Self {
        Self { per_second, tokens: 0, started: false }
    }

    /// How long after the piece before it this one leaves. The first leaves at once.
    pub fn after(&mut self, piece: &str) -> Duration {
        let Some(per_second) = self.per_second else { return Duration::ZERO };
        if !self.started {
            self.started = true;
            return Duration::ZERO;
        }
        let at = |tokens: u64| tokens * 1000 / u64::from(per_second.get());
        let before = at(self.tokens);
        self.tokens += u64::from(tokens(piece.chars().count()));
        Duration::from_millis(at(self.tokens) - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_in_words_and_nothing_is_lost() {
        for (text, expected) in [
            ("", &[][..]),
            ("one", &["one"]),
            ("one two  three\n", &["one ", "two  ", "three\n"]),
            ("{\"item_id\":\"prod_thriller_007\"}", &["{\"item_id\":\"prod", "_thriller_007\"}"]),
            ("  é", &["  ", "é"]),
        ] {
            assert_eq!(words(text), expected);
            assert_eq!(words(text).concat(), text);
        }
        assert_eq!(pieces("{\"a\":1}", 3), ["{\"a", "\":1", "}"]);
        assert_eq!(pieces("ab", 5), ["a", "b"]);
        assert_eq!(pieces("", 5), [""; 0]);
    }

    #[test]
    fn tokens_come_at_their_pace_without_drift() {
        let mut pace = Pace::new(NonZeroU32::new(60));
        let gaps: Vec<u128> = (0..7).map(|_| pace.after("word").as_millis()).collect();
        assert_eq!(gaps, [0, 16, 17, 17, 16, 17, 17]);
        assert_eq!(Pace::new(None).after("word"), Duration::ZERO);
        assert_eq!((tokens(0), tokens(1), tokens(4), tokens(5)), (0, 1, 1, 2));
    }
}
