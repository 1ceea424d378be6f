//! The operations of knowledge bases, their data sources, documents and tags.

pub mod create_data_source;
pub mod create_knowledge_base;
pub mod delete_data_source;
pub mod delete_knowledge_base;
pub mod delete_knowledge_base_documents;
pub mod get_data_source;
pub mod get_ingestion_job;
pub mod get_knowledge_base;
pub mod get_knowledge_base_documents;
pub mod ingest_knowledge_base_documents;
pub mod list_data_sources;
pub mod list_ingestion_jobs;
pub mod list_knowledge_base_documents;
pub mod list_knowledge_bases;
pub mod list_tags_for_resource;
mod model;
pub mod start_ingestion_job;
pub mod stop_ingestion_job;
pub mod tag_resource;
pub mod untag_resource;
pub mod update_data_source;
pub mod update_knowledge_base;
