//! The random padding that Bedrock gives the events of a stream, so that their
//! length does not tell what is in them: `"p":"abcdefghijkl"`.
//!
//! As seen: the beginning of the alphabet, of a random length. SDKs ignore it.

use serde::Serialize;

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The lengths for one stream. They repeat with its seed.
#[derive(Clone, Debug)]
pub struct Padding(u64);

impl Padding {
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// An event's payload with the next padding.
    pub fn pad<T: Serialize>(&mut self, payload: T) -> Padded<T> {
        // The step of splitmix64: whatever is drawn in the world, a stream draws for itself.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let length = usize::try_from((mixed ^ (mixed >> 31)) % LETTERS.len() as u64).unwrap_or_default() + 1;
        Padded { payload, p: &LETTERS[..length] }
    }
}

/// An object with a padding as its last member.
#[derive(Debug, Serialize)]
pub struct Padded<T> {
    #[serde(flatten)]
    payload: T,
    p: &'static str,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn padding_is_a_beginning_of_the_alphabet_and_repeats_with_its_seed() {
        let lengths = |seed: u64| -> Vec<usize> {
            let mut padding = Padding::seeded(seed);
            (0..50).map(|_| padding.pad(json!({})).p.len()).collect()
        };
        assert_eq!(lengths(7), lengths(7));
        assert_ne!(lengths(7), lengths(8));
        assert!(lengths(7).iter().all(|length| (1..=LETTERS.len()).contains(length)));
        let padded = json!(Padding::seeded(1).pad(json!({"text": "hi"})));
        assert!(padded["p"].as_str().is_some_and(|p| p.starts_with('a')) && padded["text"] == "hi", "{padded}");
    }
}
