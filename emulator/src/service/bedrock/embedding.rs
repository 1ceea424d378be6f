//! Vectors for texts, in which texts that share words are near each other.
//!
//! A scripted model has learned nothing, but a knowledge base over it must still
//! find what fits a question. So every word, and with less weight every run of
//! three letters in it, draws a few places of the vector and their signs from its
//! hash; a text is the sum over its words. Words that every text has count little.
//! The same text has the same vector everywhere, and for every model of the same
//! number of dimensions.

/// Places that a feature of a text touches.
const PLACES: u64 = 16;
/// How much a run of three letters counts beside a whole word: `order` and `orders` are near each other.
const TRIGRAM: f32 = 0.25;
/// How much a word counts that is in every text.
const COMMON: f32 = 0.1;
const COMMON_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "does", "for", "from", "has", "have", "how",
    "i", "if", "in", "is", "it", "its", "me", "my", "not", "of", "on", "or", "our", "so", "that", "the", "their",
    "this", "to", "was", "we", "what", "when", "which", "who", "will", "with", "you", "your",
];

/// The vector of a text, not normalised.
pub fn embed(text: &str, dimensions: usize) -> Vec<f32> {
    let mut vector = vec![0.0; dimensions];
    let mut empty = true;
    for word in words(text) {
        empty = false;
        let weight = if is_common(&word) { COMMON } else { 1.0 };
        add(&mut vector, &word, weight);
        let letters: Vec<char> = format!("^{word}$").chars().collect();
        for run in letters.windows(3) {
            add(&mut vector, &run.iter().collect::<String>(), weight * TRIGRAM);
        }
    }
    if empty {
        // A text without words has a direction, too: cosine is not defined on nothing.
        add(&mut vector, text, 1.0);
    }
    vector
}

/// To length 1.
pub fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    if length > 0.0 {
        for value in vector {
            *value = (f64::from(*value) / length) as f32;
        }
    }
}

/// From -1 to 1; 0 for vectors that cannot be compared.
pub fn cosine(one: &[f32], other: &[f32]) -> f64 {
    if one.len() != other.len() {
        return 0.0;
    }
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let lengths = (dot(one, one) * dot(other, other)).sqrt();
    if lengths > 0.0 { dot(one, other) / lengths } else { 0.0 }
}

/// The words of a text, in lower case.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Whether a word in lower case is in every text.
pub fn is_common(word: &str) -> bool {
    COMMON_WORDS.contains(&word)
}

fn add(vector: &mut [f32], feature: &str, weight: f32) {
    if vector.is_empty() {
        return;
    }
    let mut state = hash(feature);
    for _ in 0..PLACES {
        state = mix(state);
        let place = (state >> 1) % vector.len() as u64;
        let sign = if state & 1 == 0 { 1.0 } else { -1.0 };
        vector[usize::try_from(place).unwrap_or_default()] += sign * weight;
    }
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The step of splitmix64.
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: &str, other: &str) -> f64 {
        cosine(&embed(one, 1024), &embed(other, 1024))
    }

    #[test]
    fn texts_that_share_words_are_near_each_other() {
        let question = "How do I return an order?";
        let answer = "Orders can be returned within 30 days; the return is free.";
        let other = "Our office in Berlin is closed on public holidays.";
        assert!(near(question, answer) > 0.3, "{}", near(question, answer));
        assert!(near(question, other) < 0.2, "{}", near(question, other));
        assert!((near(question, question) - 1.0).abs() < 1e-6);
        assert!(near("the of and", "a text about nothing") < 0.4);
    }

    #[test]
    fn a_normalised_vector_has_length_one_whatever_the_text() {
        for text in ["hello", "?!", "", "Grüße aus Köln"] {
            for dimensions in [256, 512, 1024] {
                let mut vector = embed(text, dimensions);
                normalize(&mut vector);
                let length: f32 = vector.iter().map(|value| value * value).sum();
                assert!((length - 1.0).abs() < 1e-3, "{text} {dimensions} {length}");
            }
        }
        assert!(embed("x", 0).is_empty());
    }
}
