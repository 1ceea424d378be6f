//! Requests to retrieve and to generate, in the words of AWS's model.

use crate::service::bedrock::shape::{Shape, UNBOUNDED, optional, required};

pub const RETRIEVE_AND_GENERATE: Shape = Shape::Structure(&[
    required("input", &RETRIEVE_AND_GENERATE_INPUT),
    optional("retrieveAndGenerateConfiguration", &RETRIEVE_AND_GENERATE_CONFIGURATION),
    optional("sessionConfiguration", &RETRIEVE_AND_GENERATE_SESSION_CONFIGURATION),
    optional("sessionId", &Shape::Matching(r"^[0-9a-zA-Z._:-]+$", 2, 100)),
    optional("userContext", &USER_CONTEXT),
]);

const RETRIEVE_AND_GENERATE_SESSION_CONFIGURATION: Shape = Shape::Structure(&[required(
    "kmsKeyArn",
    &Shape::Matching(r"^arn:aws(|-cn|-us-gov):kms:[a-zA-Z0-9-]*:[0-9]{12}:key/[a-zA-Z0-9-]{36}$", 1, 2048),
)]);

const RETRIEVE_AND_GENERATE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("externalSourcesConfiguration", &EXTERNAL_SOURCES_RETRIEVE_AND_GENERATE_CONFIGURATION),
    optional("knowledgeBaseConfiguration", &KNOWLEDGE_BASE_RETRIEVE_AND_GENERATE_CONFIGURATION),
    required("type", &Shape::OneOf(&["KNOWLEDGE_BASE", "EXTERNAL_SOURCES"])),
]);

const KNOWLEDGE_BASE_RETRIEVE_AND_GENERATE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("generationConfiguration", &GENERATION_CONFIGURATION),
    required("knowledgeBaseId", &Shape::Matching(r"^[0-9a-zA-Z]+$", 0, 10)),
    required("modelArn", &BEDROCK_MODEL_ARN),
    optional("orchestrationConfiguration", &ORCHESTRATION_CONFIGURATION),
    optional("retrievalConfiguration", &KNOWLEDGE_BASE_RETRIEVAL_CONFIGURATION),
]);

const ORCHESTRATION_CONFIGURATION: Shape = Shape::Structure(&[
    optional("additionalModelRequestFields", &ADDITIONAL_MODEL_REQUEST_FIELDS),
    optional("inferenceConfig", &INFERENCE_CONFIG),
    optional("performanceConfig", &PERFORMANCE_CONFIGURATION),
    optional("promptTemplate", &PROMPT_TEMPLATE),
    optional("queryTransformationConfiguration", &QUERY_TRANSFORMATION_CONFIGURATION),
]);

const QUERY_TRANSFORMATION_CONFIGURATION: Shape =
    Shape::Structure(&[required("type", &Shape::OneOf(&["QUERY_DECOMPOSITION"]))]);

const GENERATION_CONFIGURATION: Shape = Shape::Structure(&[
    optional("additionalModelRequestFields", &ADDITIONAL_MODEL_REQUEST_FIELDS),
    optional("guardrailConfiguration", &GUARDRAIL_CONFIGURATION),
    optional("inferenceConfig", &INFERENCE_CONFIG),
    optional("performanceConfig", &PERFORMANCE_CONFIGURATION),
    optional("promptTemplate", &PROMPT_TEMPLATE),
]);

const EXTERNAL_SOURCES_RETRIEVE_AND_GENERATE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("generationConfiguration", &EXTERNAL_SOURCES_GENERATION_CONFIGURATION),
    required("modelArn", &BEDROCK_MODEL_ARN),
    required("sources", &Shape::List(&EXTERNAL_SOURCE, 1, 1)),
]);

const EXTERNAL_SOURCE: Shape = Shape::Structure(&[
    optional("byteContent", &BYTE_CONTENT_DOC),
    optional("s3Location", &S3_OBJECT_DOC),
    required("sourceType", &Shape::OneOf(&["S3", "BYTE_CONTENT"])),
]);

const S3_OBJECT_DOC: Shape = Shape::Structure(&[required(
    "uri",
    &Shape::Matching(r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.{1,1024}$", 1, 1024),
)]);

const BYTE_CONTENT_DOC: Shape = Shape::Structure(&[
    required("contentType", &Shape::Matching(r"[a-z]{1,20}/.{1,20}", 0, UNBOUNDED)),
    required("data", &Shape::Blob(1, 10485760)),
    required("identifier", &Shape::Text(1, 1024)),
]);

const EXTERNAL_SOURCES_GENERATION_CONFIGURATION: Shape = Shape::Structure(&[
    optional("additionalModelRequestFields", &ADDITIONAL_MODEL_REQUEST_FIELDS),
    optional("guardrailConfiguration", &GUARDRAIL_CONFIGURATION),
    optional("inferenceConfig", &INFERENCE_CONFIG),
    optional("performanceConfig", &PERFORMANCE_CONFIGURATION),
    optional("promptTemplate", &PROMPT_TEMPLATE),
]);

const PROMPT_TEMPLATE: Shape = Shape::Structure(&[optional("textPromptTemplate", &Shape::Text(1, 4000))]);

pub const PERFORMANCE_CONFIGURATION: Shape =
    Shape::Structure(&[optional("latency", &Shape::OneOf(&["standard", "optimized"]))]);

const INFERENCE_CONFIG: Shape = Shape::Structure(&[optional("textInferenceConfig", &TEXT_INFERENCE_CONFIG)]);

const TEXT_INFERENCE_CONFIG: Shape = Shape::Structure(&[
    optional("maxTokens", &Shape::Integer(0, 65536)),
    optional("stopSequences", &Shape::List(&Shape::Text(1, 1000), 0, 4)),
    optional("temperature", &Shape::Number(0.0, 1.0)),
    optional("topP", &Shape::Number(0.0, 1.0)),
]);

const RETRIEVE_AND_GENERATE_INPUT: Shape = Shape::Structure(&[required("text", &Shape::Text(0, 1000))]);

pub const RETRIEVE: Shape = Shape::Structure(&[
    optional("guardrailConfiguration", &GUARDRAIL_CONFIGURATION),
    required(
        "knowledgeBaseId",
        &Shape::Matching(
            r"^[0-9a-zA-Z]{10}$|^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:knowledge-base/[0-9a-zA-Z]{10}$",
            10,
            2048,
        ),
    ),
    optional("nextToken", &Shape::Matching(r"^\S*$", 1, 2048)),
    optional("retrievalConfiguration", &KNOWLEDGE_BASE_RETRIEVAL_CONFIGURATION),
    required("retrievalQuery", &KNOWLEDGE_BASE_QUERY),
    optional("userContext", &USER_CONTEXT),
]);

const USER_CONTEXT: Shape = Shape::Structure(&[required("userId", &Shape::Text(0, UNBOUNDED))]);

const KNOWLEDGE_BASE_QUERY: Shape = Shape::Structure(&[
    optional("image", &INPUT_IMAGE),
    optional("text", &Shape::Text(0, 20000)),
    optional("type", &Shape::OneOf(&["TEXT", "IMAGE"])),
]);

const INPUT_IMAGE: Shape = Shape::Structure(&[
    required("format", &Shape::OneOf(&["png", "jpeg", "gif", "webp"])),
    required("inlineContent", &Shape::Blob(1, 5242880)),
]);

pub const KNOWLEDGE_BASE_RETRIEVAL_CONFIGURATION: Shape = Shape::Structure(&[
    optional("managedSearchConfiguration", &MANAGED_SEARCH_CONFIGURATION),
    optional("vectorSearchConfiguration", &KNOWLEDGE_BASE_VECTOR_SEARCH_CONFIGURATION),
]);

pub const KNOWLEDGE_BASE_VECTOR_SEARCH_CONFIGURATION: Shape = Shape::Structure(&[
    optional("filter", &RETRIEVAL_FILTER),
    optional("implicitFilterConfiguration", &IMPLICIT_FILTER_CONFIGURATION),
    optional("numberOfResults", &Shape::Integer(1, 100)),
    optional("overrideSearchType", &Shape::OneOf(&["HYBRID", "SEMANTIC"])),
    optional("rerankingConfiguration", &VECTOR_SEARCH_RERANKING_CONFIGURATION),
]);

const VECTOR_SEARCH_RERANKING_CONFIGURATION: Shape = Shape::Structure(&[
    optional("bedrockRerankingConfiguration", &VECTOR_SEARCH_BEDROCK_RERANKING_CONFIGURATION),
    required("type", &Shape::OneOf(&["BEDROCK_RERANKING_MODEL"])),
]);

const VECTOR_SEARCH_BEDROCK_RERANKING_CONFIGURATION: Shape = Shape::Structure(&[
    optional("metadataConfiguration", &METADATA_CONFIGURATION_FOR_RERANKING),
    required("modelConfiguration", &VECTOR_SEARCH_BEDROCK_RERANKING_MODEL_CONFIGURATION),
    optional("numberOfRerankedResults", &Shape::Integer(1, 100)),
]);

const VECTOR_SEARCH_BEDROCK_RERANKING_MODEL_CONFIGURATION: Shape = Shape::Structure(&[
    optional("additionalModelRequestFields", &ADDITIONAL_MODEL_REQUEST_FIELDS),
    required("modelArn", &BEDROCK_RERANKING_MODEL_ARN),
]);

const IMPLICIT_FILTER_CONFIGURATION: Shape = Shape::Structure(&[
    required("metadataAttributes", &Shape::List(&METADATA_ATTRIBUTE_SCHEMA, 1, 25)),
    required("modelArn", &BEDROCK_MODEL_ARN),
]);

const BEDROCK_MODEL_ARN: Shape = Shape::Matching(
    r"^(arn:aws(-[^:]+)?:(bedrock|sagemaker):[a-z0-9-]{1,20}:([0-9]{12})?:([a-z-]+/)?)?([a-z0-9.-]{1,63}){0,2}(([:][a-z0-9-]{1,63}){0,2})?(/[a-z0-9]{1,12})?$",
    1,
    2048,
);

const METADATA_ATTRIBUTE_SCHEMA: Shape = Shape::Structure(&[
    required("description", &Shape::Matching(r"^[\s\S]+$", 1, 1024)),
    required("key", &Shape::Matching(r"^[\s\S]+$", 1, 256)),
    required("type", &Shape::OneOf(&["STRING", "NUMBER", "BOOLEAN", "STRING_LIST"])),
]);

const MANAGED_SEARCH_CONFIGURATION: Shape = Shape::Structure(&[
    optional("filter", &RETRIEVAL_FILTER),
    optional("numberOfResults", &Shape::Integer(1, 100)),
    optional("rerankingConfiguration", &MANAGED_SEARCH_RERANKING_CONFIGURATION),
    optional("rerankingModelType", &Shape::OneOf(&["CUSTOM", "MANAGED", "NONE"])),
]);

const MANAGED_SEARCH_RERANKING_CONFIGURATION: Shape = Shape::Structure(&[
    optional("bedrockRerankingConfiguration", &MANAGED_SEARCH_BEDROCK_RERANKING_CONFIGURATION),
    required("type", &Shape::OneOf(&["BEDROCK_RERANKING_MODEL"])),
]);

const MANAGED_SEARCH_BEDROCK_RERANKING_CONFIGURATION: Shape = Shape::Structure(&[
    optional("metadataConfiguration", &METADATA_CONFIGURATION_FOR_RERANKING),
    required("modelConfiguration", &MANAGED_SEARCH_BEDROCK_RERANKING_MODEL_CONFIGURATION),
    optional("numberOfRerankedResults", &Shape::Integer(1, 100)),
]);

const MANAGED_SEARCH_BEDROCK_RERANKING_MODEL_CONFIGURATION: Shape = Shape::Structure(&[
    optional("additionalModelRequestFields", &ADDITIONAL_MODEL_REQUEST_FIELDS),
    required("modelArn", &BEDROCK_RERANKING_MODEL_ARN),
]);

const BEDROCK_RERANKING_MODEL_ARN: Shape =
    Shape::Matching(r"^(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}::foundation-model/(.*))?$", 1, 2048);

const ADDITIONAL_MODEL_REQUEST_FIELDS: Shape = Shape::Map(&Shape::Text(1, 100), &Shape::Document);

const METADATA_CONFIGURATION_FOR_RERANKING: Shape = Shape::Structure(&[
    required("selectionMode", &Shape::OneOf(&["SELECTIVE", "ALL"])),
    optional("selectiveModeConfiguration", &RERANKING_METADATA_SELECTIVE_MODE_CONFIGURATION),
]);

const RERANKING_METADATA_SELECTIVE_MODE_CONFIGURATION: Shape = Shape::Union(&[
    optional("fieldsToExclude", &FIELDS_FOR_RERANKING),
    optional("fieldsToInclude", &FIELDS_FOR_RERANKING),
]);

const FIELDS_FOR_RERANKING: Shape = Shape::List(&FIELD_FOR_RERANKING, 1, 100);

const FIELD_FOR_RERANKING: Shape = Shape::Structure(&[required("fieldName", &Shape::Text(1, 2000))]);

pub static RETRIEVAL_FILTER: Shape = Shape::Union(&[
    optional("andAll", &RETRIEVAL_FILTER_LIST),
    optional("equals", &FILTER_ATTRIBUTE),
    optional("greaterThan", &FILTER_ATTRIBUTE),
    optional("greaterThanOrEquals", &FILTER_ATTRIBUTE),
    optional("in", &FILTER_ATTRIBUTE),
    optional("lessThan", &FILTER_ATTRIBUTE),
    optional("lessThanOrEquals", &FILTER_ATTRIBUTE),
    optional("listContains", &FILTER_ATTRIBUTE),
    optional("notEquals", &FILTER_ATTRIBUTE),
    optional("notIn", &FILTER_ATTRIBUTE),
    optional("orAll", &RETRIEVAL_FILTER_LIST),
    optional("startsWith", &FILTER_ATTRIBUTE),
    optional("stringContains", &FILTER_ATTRIBUTE),
]);

const FILTER_ATTRIBUTE: Shape =
    Shape::Structure(&[required("key", &Shape::Text(1, 100)), required("value", &Shape::Document)]);

static RETRIEVAL_FILTER_LIST: Shape = Shape::List(&RETRIEVAL_FILTER, 2, UNBOUNDED);

const GUARDRAIL_CONFIGURATION: Shape = Shape::Structure(&[
    required("guardrailId", &Shape::Matching(r"^[a-z0-9]+$", 0, 64)),
    required("guardrailVersion", &Shape::Matching(r"^(([1-9][0-9]{0,7})|(DRAFT))$", 1, 5)),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_model_is_a_regular_expression() {
        RETRIEVE_AND_GENERATE_CONFIGURATION_PARTS.iter().for_each(Shape::compile_patterns);
    }

    /// Without filters, which hold filters.
    const RETRIEVE_AND_GENERATE_CONFIGURATION_PARTS: [Shape; 6] = [
        BEDROCK_MODEL_ARN,
        EXTERNAL_SOURCES_RETRIEVE_AND_GENERATE_CONFIGURATION,
        GUARDRAIL_CONFIGURATION,
        IMPLICIT_FILTER_CONFIGURATION,
        RETRIEVE_AND_GENERATE_SESSION_CONFIGURATION,
        VECTOR_SEARCH_RERANKING_CONFIGURATION,
    ];
}
