//! How a document is cut into chunks.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/kb-chunking.html>
//!
//! Tokens are estimated as four characters each, as everywhere in this service.
//! Which strategy cuts where exactly is AWS's secret; ours keeps the promises of
//! its guide: no chunk above its maximum, whole sentences where they fit, and as
//! much overlap as was asked for. Semantic chunking compares neighbouring
//! sentences as AWS does, by our own vectors.

use serde::Deserialize;

use super::super::embedding::{cosine, embed};
use super::super::script::cadence;
use super::sentence;

/// Default chunks are of about so many tokens, in whole sentences.
const DEFAULT_TOKENS: usize = 300;
/// Dimensions in which sentences are compared.
const COMPARED_DIMENSIONS: usize = 1024;

/// `ChunkingConfiguration`, as it stands in a valid request.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chunking {
    pub chunking_strategy: Strategy,
    pub fixed_size_chunking_configuration: Option<FixedSize>,
    pub hierarchical_chunking_configuration: Option<Hierarchical>,
    pub semantic_chunking_configuration: Option<Semantic>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Strategy {
    FixedSize,
    None,
    Hierarchical,
    Semantic,
    /// Where a data source says nothing.
    #[default]
    Default,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FixedSize {
    pub max_tokens: usize,
    pub overlap_percentage: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hierarchical {
    /// Of the parents, then of their children.
    pub level_configurations: Vec<Level>,
    pub overlap_tokens: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Level {
    pub max_tokens: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Semantic {
    pub max_tokens: usize,
    pub buffer_size: usize,
    pub breakpoint_percentile_threshold: usize,
}

/// What is searched, and what is found where that is more.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cut {
    pub chunks: Vec<Chunk>,
    pub parents: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    pub text: String,
    /// Its place among the parents.
    pub parent: Option<usize>,
}

impl Chunking {
    /// Why the configuration cannot be, beyond the constraints of AWS's model. assumed: the wording.
    pub fn problem(&self) -> Option<String> {
        let missing = |member: &str| Some(format!("{member} is required for this chunking strategy."));
        match self.chunking_strategy {
            Strategy::FixedSize if self.fixed_size_chunking_configuration.is_none() => {
                missing("fixedSizeChunkingConfiguration")
            }
            Strategy::Semantic if self.semantic_chunking_configuration.is_none() => {
                missing("semanticChunkingConfiguration")
            }
            Strategy::Hierarchical => match &self.hierarchical_chunking_configuration {
                None => missing("hierarchicalChunkingConfiguration"),
                Some(Hierarchical { level_configurations, overlap_tokens }) => match level_configurations.as_slice() {
                    [parent, child] if child.max_tokens >= parent.max_tokens => {
                        Some("The maxTokens of child chunks must be less than that of parent chunks.".to_owned())
                    }
                    [_, child] if *overlap_tokens >= child.max_tokens => {
                        Some("overlapTokens must be less than the maxTokens of child chunks.".to_owned())
                    }
                    _ => None,
                },
            },
            _ => None,
        }
    }

    pub fn cut(&self, text: &str) -> Cut {
        let Self { fixed_size_chunking_configuration, semantic_chunking_configuration, .. } = self;
        let flat = |texts: Vec<String>| Cut {
            chunks: texts.into_iter().map(|text| Chunk { text, parent: None }).collect(),
            parents: Vec::new(),
        };
        match (self.chunking_strategy, fixed_size_chunking_configuration, semantic_chunking_configuration) {
            (Strategy::None, ..) => flat(whole(text)),
            (Strategy::FixedSize, Some(FixedSize { max_tokens, overlap_percentage }), _) => {
                flat(pack(&words(text), *max_tokens, max_tokens * overlap_percentage / 100))
            }
            (Strategy::Semantic, _, Some(semantic)) => flat(semantic.cut(text)),
            (Strategy::Hierarchical, ..) => {
                self.hierarchical_chunking_configuration.as_ref().map_or_else(|| flat(whole(text)), |it| it.cut(text))
            }
            _ => flat(pack(&sentence::split(text), DEFAULT_TOKENS, 0)),
        }
    }
}

impl Hierarchical {
    fn cut(&self, text: &str) -> Cut {
        let [parent, child] = self.level_configurations.as_slice() else { return Cut::default() };
        let parents = pack(&sentence::split(text), parent.max_tokens, self.overlap_tokens);
        let children = parents.iter().enumerate().flat_map(|(place, parent)| {
            let children = pack(&sentence::split(parent), child.max_tokens, self.overlap_tokens);
            children.into_iter().map(move |text| Chunk { text, parent: Some(place) })
        });
        Cut { chunks: children.collect(), parents }
    }
}

impl Semantic {
    /// Cuts between the sentences that are least alike: of a hundred pairs and a threshold of 90, between ten.
    fn cut(&self, text: &str) -> Vec<String> {
        let sentences = sentence::split(text);
        let vector = |at: usize| {
            let (from, to) = (at.saturating_sub(self.buffer_size), (at + self.buffer_size + 1).min(sentences.len()));
            embed(&sentences[from..to].concat(), COMPARED_DIMENSIONS)
        };
        let (mut pairs, mut before): (Vec<(usize, f64)>, Option<Vec<f32>>) = (Vec::new(), None);
        for at in 0..sentences.len() {
            let vector = vector(at);
            pairs.extend(before.map(|before| (at, cosine(&before, &vector))));
            before = Some(vector);
        }
        pairs.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        let cuts = pairs.len() * (100 - self.breakpoint_percentile_threshold.min(100)) / 100;
        let mut cuts: Vec<usize> = pairs.into_iter().take(cuts).map(|(at, _)| at).collect();
        cuts.sort_unstable();
        cuts.push(sentences.len());
        let (mut chunks, mut from) = (Vec::new(), 0);
        for to in cuts {
            chunks.extend(pack(&sentences[from..to], self.max_tokens, 0));
            from = to;
        }
        chunks
    }
}

fn tokens(text: &str) -> usize {
    estimate(text.trim_end().chars().count())
}

fn estimate(characters: usize) -> usize {
    usize::try_from(cadence::tokens(characters)).unwrap_or(usize::MAX)
}

fn whole(text: &str) -> Vec<String> {
    if text.trim().is_empty() { Vec::new() } else { vec![text.trim().to_owned()] }
}

/// The words of a text, each with the white space after it.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

/// Puts units together as long as they fit, and begins each chunk with the last units of the one before, as far as
/// they fit the overlap.
fn pack(units: &[&str], max_tokens: usize, overlap_tokens: usize) -> Vec<String> {
    let units: Vec<&str> = units.iter().flat_map(|unit| parts(unit, max_tokens)).collect();
    let ends = ends(&units);
    // What begins with the unit at `from` and ends before the one at `to`.
    let tokens_of = |from: usize, to: usize| {
        let before = if from == 0 { 0 } else { ends[from - 1].0 };
        estimate(ends[to - 1].1.saturating_sub(before))
    };
    let (mut chunks, mut from) = (Vec::new(), 0);
    for to in 1..=units.len() {
        let is_last = to == units.len();
        if !is_last && tokens_of(from, to + 1) <= max_tokens {
            continue;
        }
        chunks.extend(whole(&units[from..to].concat()));
        if is_last {
            break;
        }
        let least = from + 1;
        from = to;
        while from > least && tokens_of(from - 1, to) <= overlap_tokens && tokens_of(from - 1, to + 1) <= max_tokens {
            from -= 1;
        }
    }
    chunks
}

/// Where each unit ends, in characters of all: with the white space after it, and without.
fn ends(units: &[&str]) -> Vec<(usize, usize)> {
    let mut end = 0;
    let ends = units.iter().map(|unit| {
        let start = end;
        end += unit.chars().count();
        (end, start + unit.trim_end().chars().count())
    });
    ends.collect()
}

/// A unit that is too large for a chunk in words, and a word that is in pieces.
fn parts(unit: &str, max_tokens: usize) -> Vec<&str> {
    if tokens(unit) <= max_tokens {
        return vec![unit];
    }
    let characters_max = (max_tokens * 4).max(1);
    let mut parts = Vec::new();
    for word in words(unit) {
        let mut rest = word;
        while let Some((at, _)) = rest.char_indices().nth(characters_max).filter(|_| tokens(rest) > max_tokens) {
            parts.push(&rest[..at]);
            rest = &rest[at..];
        }
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn cut(configuration: Value, text: &str) -> Vec<String> {
        let chunking: Chunking = serde_json::from_value(configuration).unwrap();
        assert_eq!(chunking.problem(), None);
        chunking.cut(text).chunks.into_iter().map(|chunk| chunk.text).collect()
    }

    fn fixed(max_tokens: usize, overlap_percentage: usize) -> Value {
        json!({"chunkingStrategy": "FIXED_SIZE", "fixedSizeChunkingConfiguration":
            {"maxTokens": max_tokens, "overlapPercentage": overlap_percentage}})
    }

    #[test]
    fn fixed_chunks_are_full_and_overlap() {
        for (max_tokens, overlap, text, expected) in [
            (100, 20, "one two three", vec!["one two three"]),
            (2, 1, "aaa bbb ccc ddd", vec!["aaa bbb", "ccc ddd"]),
            (3, 34, "aaa bbb ccc ddd eee", vec!["aaa bbb ccc", "ccc ddd eee"]),
            (1, 1, "abcdefghij k", vec!["abcd", "efgh", "ij k"]),
            (2, 50, "   ", vec![]),
            (2, 50, "", vec![]),
        ] {
            assert_eq!(cut(fixed(max_tokens, overlap), text), expected, "{text}");
        }
    }

    #[test]
    fn default_chunks_keep_sentences_whole() {
        let text = "A sentence of some length, which is said again and again. ".repeat(60);
        let chunks: Vec<Chunk> = Chunking::default().cut(&text).chunks;
        assert!(chunks.len() > 1, "{}", chunks.len());
        for Chunk { text, .. } in &chunks {
            assert!(text.starts_with("A sentence") && text.ends_with("again."), "{text}");
            assert!(tokens(text) <= DEFAULT_TOKENS, "{}", tokens(text));
        }
        assert_eq!(cut(json!({"chunkingStrategy": "NONE"}), &text), [text.trim()]);
    }

    #[test]
    fn children_know_their_parents() {
        let text = "Apples are red. Pears are green. Plums are blue. Limes are sour.";
        let chunking: Chunking = serde_json::from_value(json!({
            "chunkingStrategy": "HIERARCHICAL",
            "hierarchicalChunkingConfiguration":
                {"levelConfigurations": [{"maxTokens": 9}, {"maxTokens": 5}], "overlapTokens": 1},
        }))
        .unwrap();
        let Cut { chunks, parents } = chunking.cut(text);
        assert_eq!(parents, ["Apples are red. Pears are green.", "Plums are blue. Limes are sour."]);
        let children: Vec<(&str, Option<usize>)> =
            chunks.iter().map(|chunk| (chunk.text.as_str(), chunk.parent)).collect();
        assert_eq!(
            children,
            [
                ("Apples are red.", Some(0)),
                ("Pears are green.", Some(0)),
                ("Plums are blue.", Some(1)),
                ("Limes are sour.", Some(1)),
            ]
        );
    }

    #[test]
    fn semantic_chunks_part_where_the_subject_changes() {
        let text = "Orders are shipped daily. Orders are shipped by train. Orders are shipped in boxes. \
                    The office closes at five. The office closes on Sundays.";
        let semantic = json!({"chunkingStrategy": "SEMANTIC", "semanticChunkingConfiguration":
            {"maxTokens": 100, "bufferSize": 0, "breakpointPercentileThreshold": 75}});
        assert_eq!(
            cut(semantic, text),
            [
                "Orders are shipped daily. Orders are shipped by train. Orders are shipped in boxes.",
                "The office closes at five. The office closes on Sundays."
            ]
        );
    }

    #[test]
    fn what_does_not_go_together_is_told() {
        let hierarchical = |parent: usize, child: usize, overlap: usize| {
            json!({"chunkingStrategy": "HIERARCHICAL", "hierarchicalChunkingConfiguration":
                {"levelConfigurations": [{"maxTokens": parent}, {"maxTokens": child}], "overlapTokens": overlap}})
        };
        for (configuration, expected) in [
            (json!({"chunkingStrategy": "FIXED_SIZE"}), "fixedSizeChunkingConfiguration is required"),
            (json!({"chunkingStrategy": "SEMANTIC"}), "semanticChunkingConfiguration is required"),
            (json!({"chunkingStrategy": "HIERARCHICAL"}), "hierarchicalChunkingConfiguration is required"),
            (hierarchical(10, 10, 1), "must be less than that of parent"),
            (hierarchical(10, 5, 5), "overlapTokens must be less"),
        ] {
            let chunking: Chunking = serde_json::from_value(configuration.clone()).unwrap();
            let problem = chunking.problem().expect("it is refused");
            assert!(problem.contains(expected), "{configuration}: {problem}");
        }
    }
}
