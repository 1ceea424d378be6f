//! How well chunks fit a question.

use super::super::embedding::{cosine, embed};
use super::bm25;
use super::document::Chunk;

/// How a question is compared with chunks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchType {
    /// By the vectors alone. AWS decides where a caller does not; this is our decision.
    #[default]
    Semantic,
    /// By the vectors and by the words.
    Hybrid,
}

/// The score of each chunk, from 0 to 1.
///
/// SEMANTIC is the cosine between the vectors of question and chunk, and 0 where that is less. HYBRID is the mean of
/// that and of the chunk's share of the best BM25 score that any chunk has.
pub fn scores(question: &str, chunks: &[&Chunk], search: SearchType, dimensions: usize) -> Vec<f64> {
    let asked = embed(question, dimensions);
    let semantic: Vec<f64> = chunks.iter().map(|chunk| cosine(&asked, &chunk.vector).clamp(0.0, 1.0)).collect();
    if search == SearchType::Semantic {
        return semantic;
    }
    let by_words = bm25::scores(question, chunks.iter().map(|chunk| &chunk.words));
    let best = by_words.iter().copied().fold(0.0, f64::max);
    let share = |score: f64| if best > 0.0 { score / best } else { 0.0 };
    semantic.into_iter().zip(by_words).map(|(semantic, by_words)| f64::midpoint(semantic, share(by_words))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::embedding::normalize;
    use super::super::bm25::Counted;
    use super::*;

    const CORPUS: [&str; 6] = [
        "Orders can be returned within 30 days of delivery. The return is free, and the money comes back in a week.",
        "Our office in Berlin is open from Monday to Friday, nine to five, but closed on public holidays.",
        "Parcels are shipped by train and arrive after two to four working days. Express parcels arrive tomorrow.",
        "What an error means: ERR-4712 means that the device is too hot.",
        "Table of codes for technicians: ERR-4711 stands for a clogged filter in the second stage of the pump, which \
         is cleaned with warm water, dried, oiled, put back into its place and closed with four screws.",
        "Customers who pay by invoice get a reminder after 14 days and a second one after 28.",
    ];

    fn best(question: &str, search: SearchType) -> (usize, Vec<f64>) {
        let chunks: Vec<Chunk> = CORPUS
            .iter()
            .map(|text| {
                let mut vector = embed(text, 1024);
                normalize(&mut vector);
                let words = Counted::new(text);
                Chunk { id: String::new(), text: (*text).to_owned(), vector, words, parent: None }
            })
            .collect();
        let scores = scores(question, &chunks.iter().collect::<Vec<_>>(), search, 1024);
        let best = (0..scores.len()).max_by(|one, other| scores[*one].total_cmp(&scores[*other])).unwrap();
        (best, scores)
    }

    #[test]
    fn questions_find_the_chunk_that_answers_them() {
        for (question, expected) in [
            ("Can I return an order?", 0),
            ("How long do I have for returning my orders?", 0),
            ("When is the Berlin office closed?", 1),
            ("Is the office open on holidays", 1),
            ("When will my parcel arrive?", 2),
            ("Do you have express shipping?", 2),
            ("Which pump filter must be cleaned?", 4),
            ("When do I get a reminder for an invoice?", 5),
        ] {
            for search in [SearchType::Semantic, SearchType::Hybrid] {
                let (best, scores) = best(question, search);
                assert_eq!(best, expected, "{question} {search:?} {scores:?}");
                assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)), "{scores:?}");
            }
        }
    }

    #[test]
    fn only_its_words_find_an_exact_code() {
        for question in ["ERR-4711", "What does ERR-4711 mean?"] {
            assert_eq!(best(question, SearchType::Semantic).0, 3, "{question}");
            assert_eq!(best(question, SearchType::Hybrid).0, 4, "{question}");
        }
    }
}
