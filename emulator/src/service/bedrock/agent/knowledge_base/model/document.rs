//! Requests about documents and ingestion jobs, in the words of AWS's model.

use crate::service::bedrock::shape::{ANY_NUMBER, Shape, UNBOUNDED, optional, required};

pub const STOP_INGESTION_JOB: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    required("ingestionJobId", &ID),
]);

pub const LIST_INGESTION_JOBS: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    optional("filters", &Shape::List(&INGESTION_JOB_FILTER, 1, 1)),
    optional("sortBy", &INGESTION_JOB_SORT_BY),
    optional("maxResults", &Shape::Integer(1, 1000)),
    optional("nextToken", &NEXT_TOKEN),
]);

const INGESTION_JOB_SORT_BY: Shape = Shape::Structure(&[
    required("attribute", &Shape::OneOf(&["STATUS", "STARTED_AT"])),
    required("order", &Shape::OneOf(&["ASCENDING", "DESCENDING"])),
]);

const INGESTION_JOB_FILTER: Shape = Shape::Structure(&[
    required("attribute", &Shape::OneOf(&["STATUS"])),
    required("operator", &Shape::OneOf(&["EQ"])),
    required("values", &Shape::List(&Shape::Text(0, 100), 0, 10)),
]);

pub const GET_INGESTION_JOB: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    required("ingestionJobId", &ID),
]);

pub const START_INGESTION_JOB: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    optional("clientToken", &CLIENT_TOKEN),
    optional("description", &Shape::Text(1, 200)),
]);

pub const DELETE_KNOWLEDGE_BASE_DOCUMENTS: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    optional("clientToken", &CLIENT_TOKEN),
    required("documentIdentifiers", &DOCUMENT_IDENTIFIERS),
]);

pub const LIST_KNOWLEDGE_BASE_DOCUMENTS: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    optional("maxResults", &Shape::Integer(1, 1000)),
    optional("nextToken", &NEXT_TOKEN),
]);

const NEXT_TOKEN: Shape = Shape::Matching(r"\S*", 1, 2048);

pub const GET_KNOWLEDGE_BASE_DOCUMENTS: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    required("documentIdentifiers", &DOCUMENT_IDENTIFIERS),
]);

const DOCUMENT_IDENTIFIERS: Shape = Shape::List(&DOCUMENT_IDENTIFIER, 1, 10);

const DOCUMENT_IDENTIFIER: Shape = Shape::Structure(&[
    required("dataSourceType", &CONTENT_DATA_SOURCE_TYPE),
    optional("s3", &S3_LOCATION),
    optional("custom", &CUSTOM_DOCUMENT_IDENTIFIER),
]);

pub const INGEST_KNOWLEDGE_BASE_DOCUMENTS: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    optional("clientToken", &CLIENT_TOKEN),
    required("documents", &Shape::List(&KNOWLEDGE_BASE_DOCUMENT, 1, 10)),
]);

const KNOWLEDGE_BASE_DOCUMENT: Shape =
    Shape::Structure(&[optional("metadata", &DOCUMENT_METADATA), required("content", &DOCUMENT_CONTENT)]);

const DOCUMENT_CONTENT: Shape = Shape::Structure(&[
    required("dataSourceType", &CONTENT_DATA_SOURCE_TYPE),
    optional("custom", &CUSTOM_CONTENT),
    optional("s3", &S3_CONTENT),
]);

const S3_CONTENT: Shape = Shape::Structure(&[required("s3Location", &S3_LOCATION)]);

const S3_LOCATION: Shape = Shape::Structure(&[required("uri", &Shape::Matching(r"s3://.{1,128}", 1, 2048))]);

const CUSTOM_CONTENT: Shape = Shape::Structure(&[
    required("customDocumentIdentifier", &CUSTOM_DOCUMENT_IDENTIFIER),
    required("sourceType", &Shape::OneOf(&["IN_LINE", "S3_LOCATION"])),
    optional("s3Location", &CUSTOM_S3_LOCATION),
    optional("inlineContent", &INLINE_CONTENT),
]);

const INLINE_CONTENT: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["BYTE", "TEXT"])),
    optional("byteContent", &BYTE_CONTENT_DOC),
    optional("textContent", &TEXT_CONTENT_DOC),
]);

const TEXT_CONTENT_DOC: Shape = Shape::Structure(&[required("data", &Shape::Text(1, 5242880))]);

const BYTE_CONTENT_DOC: Shape = Shape::Structure(&[
    required("mimeType", &Shape::Matching(r".*[a-z]{1,20}/.{1,20}.*", 0, UNBOUNDED)),
    required("data", &Shape::Blob(1, 5242880)),
]);

const CUSTOM_DOCUMENT_IDENTIFIER: Shape = Shape::Structure(&[required("id", &Shape::Text(1, 2048))]);

const CONTENT_DATA_SOURCE_TYPE: Shape = Shape::OneOf(&["CUSTOM", "S3"]);

const DOCUMENT_METADATA: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["IN_LINE_ATTRIBUTE", "S3_LOCATION"])),
    optional("inlineAttributes", &Shape::List(&METADATA_ATTRIBUTE, 1, 50)),
    optional("s3Location", &CUSTOM_S3_LOCATION),
    optional("accessControlList", &Shape::List(&DOCUMENT_ACCESS_CONTROL_ENTRY, 1, UNBOUNDED)),
]);

const DOCUMENT_ACCESS_CONTROL_ENTRY: Shape = Shape::Structure(&[
    required("name", &Shape::Text(1, 256)),
    required("type", &Shape::OneOf(&["USER"])),
    required("access", &Shape::OneOf(&["ALLOW", "DENY"])),
]);

const CUSTOM_S3_LOCATION: Shape = Shape::Structure(&[
    required("uri", &Shape::Matching(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.{1,1024}", 1, 1024)),
    optional("bucketOwnerAccountId", &Shape::Matching(r"[0-9]{12}", 12, 12)),
]);

const METADATA_ATTRIBUTE: Shape =
    Shape::Structure(&[required("key", &Shape::Text(1, 200)), required("value", &METADATA_ATTRIBUTE_VALUE)]);

const METADATA_ATTRIBUTE_VALUE: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["BOOLEAN", "NUMBER", "STRING", "STRING_LIST"])),
    optional("numberValue", &ANY_NUMBER),
    optional("booleanValue", &Shape::Boolean),
    optional("stringValue", &STRING_VALUE),
    optional("stringListValue", &Shape::List(&STRING_VALUE, 1, 10)),
]);

const STRING_VALUE: Shape = Shape::Text(1, 2048);

const CLIENT_TOKEN: Shape = Shape::Matching(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}", 33, 256);

const ID: Shape = Shape::Matching(r"[0-9a-zA-Z]{10}", 0, UNBOUNDED);
