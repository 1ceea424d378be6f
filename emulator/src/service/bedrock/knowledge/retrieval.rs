//! A search in a knowledge base: what is asked for, and what is found.

use serde_json::{Map, Value, json};

use super::Found;
use super::data_source::DataSource;
use super::document::{CUSTOM, Chunk, Document};
use super::filter::Filter;
use super::knowledge_base::KnowledgeBase;
use super::ranking::{SearchType, scores};
use crate::kernel::ApiError;

/// Results where a caller asks for no number.
const RESULTS: usize = 5;

/// A `KnowledgeBaseRetrievalConfiguration`.
#[derive(Clone, Debug, PartialEq)]
pub struct Retrieval {
    pub results_max: usize,
    search: SearchType,
    filter: Option<Filter>,
    /// How many results a reranking leaves.
    reranked: Option<usize>,
}

/// What a search has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// Best first.
    pub found: Vec<Found>,
    /// How many chunks there are.
    pub chunks: usize,
    /// Where the next page begins, if there is one.
    pub next: Option<usize>,
}

impl Retrieval {
    /// Reads a configuration that fits AWS's model, or null.
    pub fn read(configuration: &Value) -> Result<Self, ApiError> {
        if !configuration["managedSearchConfiguration"].is_null() {
            return Err(ApiError::not_implemented("managedSearchConfiguration of a retrieval"));
        }
        let search = &configuration["vectorSearchConfiguration"];
        if !search["implicitFilterConfiguration"].is_null() {
            return Err(ApiError::not_implemented("implicitFilterConfiguration of a retrieval"));
        }
        let filter = &search["filter"];
        let filter = if filter.is_null() { None } else { Some(Filter::read(filter).map_err(ApiError::validation)?) };
        let results_max = number(&search["numberOfResults"]).unwrap_or(RESULTS);
        let reranking = &search["rerankingConfiguration"];
        let configured = &reranking["bedrockRerankingConfiguration"];
        let reranked = number(&configured["numberOfRerankedResults"]).unwrap_or(results_max);
        Ok(Self {
            results_max,
            search: if search["overrideSearchType"] == "HYBRID" { SearchType::Hybrid } else { SearchType::Semantic },
            filter,
            reranked: (!reranking.is_null()).then_some(reranked),
        })
    }
}

fn number(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| usize::try_from(number).ok())
}

/// A chunk in its document.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    source: &'a DataSource,
    document: &'a Document,
    chunk: &'a Chunk,
    score: f64,
}

/// Searches, and leaves out the first `from` chunks, which were found before.
pub fn retrieve(base: &KnowledgeBase, text: &str, retrieval: &Retrieval, from: usize) -> Result<Findings, ApiError> {
    base.must_be_active()?;
    if !base.is_vector() {
        return Err(ApiError::not_implemented("retrieval from a knowledge base that is not of type VECTOR"));
    }
    let all = base.data_sources.values().chain(base.retained.values());
    let documents = all.flat_map(|source| source.documents.values().map(move |document| (source, document)));
    let chunks = documents.clone().map(|(_, document)| document.indexed.chunks.len()).sum();
    let fits = |source: &DataSource, document: &Document| {
        retrieval.filter.as_ref().is_none_or(|filter| filter.fits(&metadata(source, document)))
    };
    let fitting = documents.filter(|(source, document)| fits(source, document));
    let mut candidates: Vec<Candidate<'_>> = fitting
        .flat_map(|(source, document)| {
            let chunks = document.indexed.chunks.iter();
            chunks.map(move |chunk| Candidate { source, document, chunk, score: 0.0 })
        })
        .collect();
    rank(&mut candidates, text, retrieval.search, base.dimensions());
    let end = from.saturating_add(retrieval.results_max).min(candidates.len());
    let next = (end < candidates.len()).then_some(end);
    let mut best = candidates.get(from..end).map(<[_]>::to_vec).unwrap_or_default();
    if let Some(reranked) = retrieval.reranked {
        rank(&mut best, text, SearchType::Hybrid, base.dimensions());
        best.truncate(reranked);
    }
    Ok(Findings { found: found(&best), chunks, next })
}

/// Best first. Of equally good ones, the first of the first document.
fn rank(candidates: &mut [Candidate<'_>], text: &str, search: SearchType, dimensions: usize) {
    let chunks: Vec<&Chunk> = candidates.iter().map(|candidate| candidate.chunk).collect();
    let scores = scores(text, &chunks, search, dimensions);
    for (candidate, score) in candidates.iter_mut().zip(scores) {
        candidate.score = score;
    }
    candidates.sort_by(|one, other| other.score.total_cmp(&one.score));
}

/// What callers get: chunks with the same parent are one, and that is the parent.
fn found(candidates: &[Candidate<'_>]) -> Vec<Found> {
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for Candidate { source, document, chunk, score } in candidates {
        let parent = chunk.parent.and_then(|parent| document.indexed.parents.get(parent));
        let (id, text) = parent.map_or((&chunk.id, &chunk.text), |(id, text)| (id, text));
        if seen.contains(&id.as_str()) {
            continue;
        }
        seen.push(id);
        let mut metadata = metadata(source, document);
        metadata.insert("x-amz-bedrock-kb-chunk-id".to_owned(), json!(id));
        let location = json!({"type": CUSTOM, "customDocumentLocation": {"id": document.id}});
        found.push(Found { content: text.clone(), location, score: *score, metadata });
    }
    found
}

/// A document's own attributes, and those that AWS adds to all of its chunks.
fn metadata(source: &DataSource, document: &Document) -> Map<String, Value> {
    let mut metadata = document.indexed.metadata.clone();
    metadata.insert("x-amz-bedrock-kb-source-uri".to_owned(), json!(document.id));
    metadata.insert("x-amz-bedrock-kb-data-source-id".to_owned(), json!(source.id));
    metadata
}
