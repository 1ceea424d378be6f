//! Words without meaning, for demos in which the script has no answer.

use fastrand::Rng;

use super::cadence;

const WORDS: &[&str] = &[
    "lorem",
    "ipsum",
    "dolor",
    "sit",
    "amet",
    "consectetur",
    "adipiscing",
    "elit",
    "sed",
    "do",
    "eiusmod",
    "tempor",
    "incididunt",
    "ut",
    "labore",
    "et",
    "dolore",
    "magna",
    "aliqua",
    "enim",
    "ad",
    "minim",
    "veniam",
    "quis",
    "nostrud",
    "exercitation",
    "ullamco",
    "laboris",
    "nisi",
    "aliquip",
    "ex",
    "ea",
    "commodo",
    "consequat",
];

/// How many tokens are said where the caller allows more.
const TOKENS_MAX: u32 = 60;

/// About as many tokens as the caller allows, but never more than a paragraph.
pub fn ipsum(max_tokens: Option<u32>, random: &mut Rng) -> String {
    let most = max_tokens.unwrap_or(TOKENS_MAX).clamp(1, TOKENS_MAX);
    let mut text = String::from("Lorem");
    loop {
        let word = WORDS[random.usize(..WORDS.len())];
        // Two letters: the space, and the full stop in the end.
        if cadence::tokens(text.len() + word.len() + 2) > most {
            break;
        }
        text.push(' ');
        text.push_str(word);
    }
    text.push('.');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_long_as_the_caller_allows_and_repeats_with_the_seed() {
        for (max_tokens, expected) in [(None, 58..=60), (Some(10), 7..=10), (Some(1), 1..=2), (Some(9999), 58..=60)] {
            let text = ipsum(max_tokens, &mut Rng::with_seed(7));
            assert!(expected.contains(&cadence::tokens(text.len())), "{max_tokens:?} {text}");
            assert_eq!(text, ipsum(max_tokens, &mut Rng::with_seed(7)));
        }
    }
}
