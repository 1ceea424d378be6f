//! AWS's model of these requests, as data.

pub mod data_source;
pub mod document;
pub mod knowledge_base;
pub mod reference;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_model_is_a_regular_expression() {
        for shape in [
            data_source::CREATE_DATA_SOURCE,
            data_source::UPDATE_DATA_SOURCE,
            document::DELETE_KNOWLEDGE_BASE_DOCUMENTS,
            document::GET_INGESTION_JOB,
            document::INGEST_KNOWLEDGE_BASE_DOCUMENTS,
            document::LIST_INGESTION_JOBS,
            document::START_INGESTION_JOB,
            knowledge_base::CREATE_KNOWLEDGE_BASE,
            knowledge_base::UPDATE_KNOWLEDGE_BASE,
            reference::LIST_DATA_SOURCES,
            reference::TAG_RESOURCE,
        ] {
            shape.compile_patterns();
        }
    }
}
