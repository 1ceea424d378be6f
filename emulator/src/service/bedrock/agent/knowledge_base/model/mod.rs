//! AWS's model of these requests, as data.

pub mod data_source;
pub mod document;
pub mod knowledge_base;
pub mod reference;
