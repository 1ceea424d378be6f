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
