//! Okapi BM25: how well texts fit a question by the words that they share.
//!
//! Written out here, in fewer lines than its configuration elsewhere would take:
//! the texts are few, and the words those of [`embedding`](super::super::embedding).

use std::collections::BTreeMap;

use super::super::embedding::{is_common, words};

/// How soon more of the same word stops to count.
const K1: f64 = 1.2;
/// How much a long text has to say a word more often.
const B: f64 = 0.75;

/// The words of one text, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    counts: BTreeMap<String, u32>,
    length: u32,
}

impl Counted {
    pub fn new(text: &str) -> Self {
        let mut counted = Self::default();
        for word in words(text) {
            *counted.counts.entry(word).or_default() += 1;
            counted.length += 1;
        }
        counted
    }
}

/// The score of each text for a question: 0 where they share no word. A word that few texts have counts more, and one
/// that is in every text nothing.
pub fn scores<'a>(question: &str, texts: impl Iterator<Item = &'a Counted> + Clone) -> Vec<f64> {
    let number = texts.clone().count() as f64;
    let length: f64 = texts.clone().map(|text| f64::from(text.length)).sum();
    let average = (length / number.max(1.0)).max(1.0);
    let asked: BTreeMap<String, f64> = Counted::new(question)
        .counts
        .into_keys()
        .filter(|word| !is_common(word))
        .map(|word| {
            let having = texts.clone().filter(|text| text.counts.contains_key(&word)).count() as f64;
            let rarity = (1.0 + (number - having + 0.5) / (having + 0.5)).ln();
            (word, rarity)
        })
        .collect();
    let score = |text: &Counted| {
        let longer = 1.0 - B + B * f64::from(text.length) / average;
        let words = asked.iter().filter_map(|(word, rarity)| Some((text.counts.get(word)?, rarity)));
        words
            .map(|(count, rarity)| {
                let count = f64::from(*count);
                rarity * count * (K1 + 1.0) / (count + K1 * longer)
            })
            .sum()
    };
    texts.map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(question: &str, texts: &[&str]) -> Vec<usize> {
        let counted: Vec<Counted> = texts.iter().map(|text| Counted::new(text)).collect();
        let scores = scores(question, counted.iter());
        let mut places: Vec<usize> = (0..texts.len()).filter(|place| scores[*place] > 0.0).collect();
        places.sort_by(|one, other| scores[*other].total_cmp(&scores[*one]));
        places
    }

    #[test]
    fn rare_words_short_texts_and_repetition_count() {
        for (question, texts, expected) in [
            ("What is ERR-4711?", vec!["What is an error?", "ERR-4711: the disk is full"], vec![1]),
            ("cat", vec!["cat", "the cat is on the mat and so on", "dog"], vec![0, 1]),
            ("cat", vec!["a cat here now", "cat cat here now"], vec![1, 0]),
            ("CAT!", vec!["cat"], vec![0]),
            ("bird", vec!["cat", "dog"], vec![]),
            ("", vec!["cat", ""], vec![]),
            ("cat", vec![], vec![]),
            ("the cat", vec!["the", "the dog"], vec![]),
        ] {
            assert_eq!(best(question, &texts), expected, "{question}");
        }
    }
}
