//! How many tokens a request is, as far as anybody can say without the model's tokenizer.
//!
//! One estimate for everything: what `usage` says, CountTokens, the context
//! window, and what a call costs. It is the same on every machine and for every
//! model: four characters are a token ([`cadence::tokens`]), rounded up over the
//! whole request. Texts of system, messages and tools count as they are, JSON as
//! it is written without spaces. An image, a video, a sound, or a document that
//! is no text counts as [`MEDIA_TOKENS`], whatever its size.
//!
//! A reply's `usage` overrides it.

use serde_json::Value;

use super::script::cadence;

/// About what Anthropic says of a picture as large as its models look at.
pub const MEDIA_TOKENS: usize = 1600;

/// What was counted so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Estimate {
    characters: usize,
    media: usize,
}

impl Estimate {
    /// Of one text alone.
    pub fn of(text: &str) -> u32 {
        let mut estimate = Self::default();
        estimate.text(Some(text));
        estimate.tokens()
    }

    pub fn text(&mut self, text: Option<&str>) {
        self.characters += text.map_or(0, |text| text.chars().count());
    }

    pub fn json(&mut self, value: Option<&Value>) {
        self.characters += value.map_or(0, |value| value.to_string().chars().count());
    }

    /// An image, a video, a sound or a document, if it is there.
    pub fn media(&mut self, is_there: bool) {
        self.media += usize::from(is_there);
    }

    pub fn tokens(self) -> u32 {
        let media = u32::try_from(self.media * MEDIA_TOKENS).unwrap_or(u32::MAX);
        cadence::tokens(self.characters).saturating_add(media)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn four_characters_are_a_token_over_the_whole_request() {
        let mut estimate = Estimate::default();
        estimate.text(Some("ab"));
        estimate.text(None);
        estimate.json(Some(&json!({"a": 1})));
        assert_eq!(estimate.tokens(), 3);
        estimate.media(true);
        estimate.media(false);
        assert_eq!(estimate.tokens(), 1603);
        assert_eq!(Estimate::of("Grüße"), 2);
    }
}
