//! Knowledge bases: documents, cut into chunks, that are found by what they say.

/// The knowledge bases of one account and region.
#[derive(Debug, Default)]
pub struct KnowledgeBases {}
