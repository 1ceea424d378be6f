//! Knowledge bases: documents, cut into chunks, that are found by what they say.
//!
//! The vectors live here, whatever store a knowledge base names. They are computed
//! by [`embedding`](super::embedding), in which texts that share words are near
//! each other; a search compares the question with every chunk.
//!
//! What takes AWS minutes takes seconds here, on the clock ([`work`]).

mod bm25;
pub mod chunking;
pub mod citation;
mod client_token;
pub mod data_source;
pub mod document;
mod filter;
pub mod ingestion_job;
pub mod knowledge_base;
mod ranking;
pub mod refusal;
pub mod retrieval;
mod sentence;
pub mod work;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::client_token::ClientTokens;
use self::knowledge_base::KnowledgeBase;
use self::retrieval::Retrieval;
use self::work::Agenda;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Ids};

/// The knowledge bases of one account and region.
#[derive(Debug, Default)]
pub struct KnowledgeBases {
    /// By id.
    bases: Kept<String, KnowledgeBase>,
    pub agenda: Agenda,
    pub tokens: ClientTokens,
}

/// One chunk that a search has found.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Found {
    /// What the chunk says; of hierarchical chunks, what the parent says.
    pub content: String,
    /// In the shape of AWS's `RetrievalResultLocation`.
    pub location: Value,
    /// From 0 to 1. Not kept: it is told when the chunk is found.
    #[serde(skip)]
    pub score: f64,
    /// The document's own attributes, and AWS's (`x-amz-bedrock-kb-...`).
    pub metadata: Map<String, Value>,
}

impl KnowledgeBases {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("knowledge_base", &mut self.bases, KnowledgeBase::keep);
        self.agenda.keep(book);
    }

    /// What of a knowledge base fits a text, best first. `config` is a `KnowledgeBaseRetrievalConfiguration` as it
    /// stands in a request, or null.
    pub fn search(&self, knowledge_base_id: &str, text: &str, config: &Value) -> Result<Vec<Found>, ApiError> {
        Ok(retrieval::retrieve(self.get(knowledge_base_id)?, text, &Retrieval::read(config)?, 0)?.found)
    }

    pub fn get(&self, id: &str) -> Result<&KnowledgeBase, ApiError> {
        self.bases.get(id).ok_or_else(|| refusal::no_knowledge_base(id))
    }

    pub fn get_mut(&mut self, id: &str) -> Result<&mut KnowledgeBase, ApiError> {
        self.bases.get_mut(id).ok_or_else(|| refusal::no_knowledge_base(id))
    }

    pub fn all(&self) -> impl Iterator<Item = &KnowledgeBase> {
        self.bases.values()
    }

    pub fn insert(&mut self, base: KnowledgeBase) {
        self.bases.insert(base.id.clone(), base);
    }
}

/// Ten upper-case letters and digits.
pub fn new_id(ids: &Ids) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    ids.draw(|random| (0..10).map(|_| char::from(LETTERS[random.usize(..LETTERS.len())])).collect())
}
