//! How text becomes tokens, and tokens time.
//!
//! A token is estimated as four characters, rounded up. That is no tokenizer's
//! truth, but the same on every machine and for every model; a reply's `usage`
//! overrides it.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use super::chance::Chance;
use crate::kernel::duration;

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

/// How much gaps vary, by the seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Jitter {
    /// Up to this share of each gap, more or less.
    Share(f64),
    /// Up to this long, more or less.
    Time(Duration),
}

impl Jitter {
    /// The gap as it falls out. Never less than nothing.
    pub fn vary(self, gap: Duration, random: &mut fastrand::Rng) -> Duration {
        let gap_ms = u64::try_from(gap.as_millis()).unwrap_or(u64::MAX);
        let most = match self {
            Self::Share(share) => (gap_ms as f64 * share) as u64,
            Self::Time(time) => u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
        };
        let (least, most) = (gap_ms.saturating_sub(most), gap_ms.saturating_add(most));
        Duration::from_millis(random.u64(least..=most))
    }
}

impl<'de> Deserialize<'de> for Jitter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct JitterVisitor;

        impl Visitor<'_> for JitterVisitor {
            type Value = Jitter;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a share of each gap such as `0.2`, or a duration such as `50ms`")
            }

            fn visit_f64<E: Error>(self, share: f64) -> Result<Jitter, E> {
                if !(0.0..=1.0).contains(&share) {
                    return Err(E::custom(format!("`{share}` is no share of a gap: those are from 0 to 1")));
                }
                Ok(Jitter::Share(share))
            }

            fn visit_u64<E: Error>(self, share: u64) -> Result<Jitter, E> {
                self.visit_f64(share as f64)
            }

            fn visit_i64<E: Error>(self, share: i64) -> Result<Jitter, E> {
                self.visit_f64(share as f64)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Jitter, E> {
                duration::parse(text).map(Jitter::Time).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(JitterVisitor)
    }
}

/// The time at which tokens come. To the millisecond, as the clock is, and without drift.
#[derive(Debug)]
pub struct Pace {
    per_second: Option<NonZeroU32>,
    /// Gaps given by hand, which take the place of the pace.
    gaps: VecDeque<Duration>,
    jitter: Option<Jitter>,
    tokens: u64,
    started: bool,
}

impl Pace {
    pub fn new(per_second: Option<NonZeroU32>, gaps: &[Duration], jitter: Option<Jitter>) -> Self {
        Self { per_second, gaps: gaps.to_vec().into(), jitter, tokens: 0, started: false }
    }

    /// How long after the piece before it this one leaves, if that is not said by `given`. The first leaves at once.
    pub fn after(&mut self, piece: &str, given: Option<Duration>, chance: &mut Chance<'_>) -> Duration {
        let by_pace = self.by_pace(piece);
        if !std::mem::replace(&mut self.started, true) {
            return given.unwrap_or_default();
        }
        let by_hand = self.gaps.pop_front();
        let gap = given.or(by_hand).unwrap_or(by_pace);
        match self.jitter {
            Some(jitter) if given.is_none() && (!gap.is_zero() || by_hand.is_some()) => {
                jitter.vary(gap, chance.random())
            }
            _ => gap,
        }
    }

    /// Whether all that comes from here on comes at once.
    pub fn is_instant(&self) -> bool {
        self.per_second.is_none() && self.gaps.is_empty()
    }

    fn by_pace(&mut self, piece: &str) -> Duration {
        let Some(per_second) = self.per_second.filter(|_| self.started) else { return Duration::ZERO };
        let at = |tokens: u64| tokens * 1000 / u64::from(per_second.get());
        let before = at(self.tokens);
        self.tokens += u64::from(tokens(piece.chars().count()));
        Duration::from_millis(at(self.tokens) - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Ids;

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

    fn gaps(mut pace: Pace, count: usize) -> Vec<u128> {
        let ids = Ids::seeded(7);
        let mut chance = Chance::seeded(7, "rule", "", 1, &ids);
        (0..count).map(|_| pace.after("word", None, &mut chance).as_millis()).collect()
    }

    #[test]
    fn tokens_come_at_their_pace_without_drift() {
        assert_eq!(gaps(Pace::new(NonZeroU32::new(60), &[], None), 7), [0, 16, 17, 17, 16, 17, 17]);
        assert_eq!(gaps(Pace::new(None, &[], None), 2), [0, 0]);
        assert_eq!((tokens(0), tokens(1), tokens(4), tokens(5)), (0, 1, 1, 2));
    }

    #[test]
    fn gaps_by_hand_come_first_and_vary_by_the_seed() {
        let millis = Duration::from_millis;
        let by_hand = [millis(200), millis(5)];
        assert_eq!(gaps(Pace::new(NonZeroU32::new(100), &by_hand, None), 4), [0, 200, 5, 10]);
        let varied = gaps(Pace::new(NonZeroU32::new(10), &[], Some(Jitter::Share(0.5))), 20);
        assert!(varied[1..].iter().all(|gap| (50..=150).contains(gap)), "{varied:?}");
        assert!(varied[1..].iter().any(|gap| *gap != varied[1]), "{varied:?}");
        assert_eq!(varied, gaps(Pace::new(NonZeroU32::new(10), &[], Some(Jitter::Share(0.5))), 20));
        let varied = gaps(Pace::new(NonZeroU32::new(100), &[], Some(Jitter::Time(millis(30)))), 20);
        assert!(varied[1..].iter().all(|gap| (0..=40).contains(gap)), "{varied:?}");
        for (yaml, expected) in [
            ("0.2", Some(Jitter::Share(0.2))),
            ("0", Some(Jitter::Share(0.0))),
            ("50ms", Some(Jitter::Time(millis(50)))),
            ("2", None),
            ("-0.5", None),
            ("soon", None),
        ] {
            assert_eq!(serde_saphyr::from_str(yaml).ok(), expected, "{yaml}");
        }
    }
}
