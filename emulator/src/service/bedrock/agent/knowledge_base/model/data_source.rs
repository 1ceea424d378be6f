//! What a data source may be made of, in the words of AWS's model.

use crate::service::bedrock::shape::{INTEGER_MAX, Shape, UNBOUNDED, optional, required};

pub const UPDATE_DATA_SOURCE: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    required("dataSourceId", &ID),
    required("name", &NAME),
    optional("description", &DESCRIPTION),
    required("dataSourceConfiguration", &DATA_SOURCE_CONFIGURATION),
    optional("dataDeletionPolicy", &DATA_DELETION_POLICY),
    optional("serverSideEncryptionConfiguration", &SERVER_SIDE_ENCRYPTION_CONFIGURATION),
    optional("vectorIngestionConfiguration", &VECTOR_INGESTION_CONFIGURATION),
]);

pub const CREATE_DATA_SOURCE: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    optional("clientToken", &Shape::Matching(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}", 33, 256)),
    required("name", &NAME),
    optional("description", &DESCRIPTION),
    required("dataSourceConfiguration", &DATA_SOURCE_CONFIGURATION),
    optional("dataDeletionPolicy", &DATA_DELETION_POLICY),
    optional("serverSideEncryptionConfiguration", &SERVER_SIDE_ENCRYPTION_CONFIGURATION),
    optional("vectorIngestionConfiguration", &VECTOR_INGESTION_CONFIGURATION),
]);

const VECTOR_INGESTION_CONFIGURATION: Shape = Shape::Structure(&[
    optional("chunkingConfiguration", &CHUNKING_CONFIGURATION),
    optional("customTransformationConfiguration", &CUSTOM_TRANSFORMATION_CONFIGURATION),
    optional("parsingConfiguration", &PARSING_CONFIGURATION),
    optional("contextEnrichmentConfiguration", &CONTEXT_ENRICHMENT_CONFIGURATION),
]);

const CONTEXT_ENRICHMENT_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["BEDROCK_FOUNDATION_MODEL"])),
    optional("bedrockFoundationModelConfiguration", &BEDROCK_FOUNDATION_MODEL_CONTEXT_ENRICHMENT_CONFIGURATION),
]);

const BEDROCK_FOUNDATION_MODEL_CONTEXT_ENRICHMENT_CONFIGURATION: Shape = Shape::Structure(&[
    required("enrichmentStrategyConfiguration", &ENRICHMENT_STRATEGY_CONFIGURATION),
    required("modelArn", &BEDROCK_MODEL_ARN),
]);

const ENRICHMENT_STRATEGY_CONFIGURATION: Shape =
    Shape::Structure(&[required("method", &Shape::OneOf(&["CHUNK_ENTITY_EXTRACTION"]))]);

const PARSING_CONFIGURATION: Shape = Shape::Structure(&[
    required(
        "parsingStrategy",
        &Shape::OneOf(&[
            "BEDROCK_FOUNDATION_MODEL",
            "BEDROCK_DATA_AUTOMATION",
            "SMART_PARSING",
            "MULTI_MODAL_EMBEDDINGS",
        ]),
    ),
    optional("bedrockFoundationModelConfiguration", &BEDROCK_FOUNDATION_MODEL_CONFIGURATION),
    optional("bedrockDataAutomationConfiguration", &BEDROCK_DATA_AUTOMATION_CONFIGURATION),
]);

const BEDROCK_DATA_AUTOMATION_CONFIGURATION: Shape =
    Shape::Structure(&[optional("parsingModality", &PARSING_MODALITY)]);

const BEDROCK_FOUNDATION_MODEL_CONFIGURATION: Shape = Shape::Structure(&[
    required("modelArn", &BEDROCK_MODEL_ARN),
    optional("parsingPrompt", &PARSING_PROMPT),
    optional("parsingModality", &PARSING_MODALITY),
]);

const PARSING_MODALITY: Shape = Shape::OneOf(&["MULTIMODAL"]);

const PARSING_PROMPT: Shape = Shape::Structure(&[required("parsingPromptText", &Shape::Text(1, 10000))]);

const BEDROCK_MODEL_ARN: Shape = Shape::Matching(
    r"(arn:aws(-[^:]{1,12})?:(bedrock):[a-z0-9-]{1,20}:([0-9]{12})?:([a-z-]+/)?)?([a-zA-Z0-9.-]{1,63}){0,2}(([:][a-z0-9-]{1,63}){0,2})?(/[a-z0-9]{1,12})?",
    1,
    2048,
);

const CUSTOM_TRANSFORMATION_CONFIGURATION: Shape = Shape::Structure(&[
    required("intermediateStorage", &INTERMEDIATE_STORAGE),
    required("transformations", &Shape::List(&TRANSFORMATION, 1, 1)),
]);

const TRANSFORMATION: Shape = Shape::Structure(&[
    required("transformationFunction", &TRANSFORMATION_FUNCTION),
    required("stepToApply", &Shape::OneOf(&["POST_CHUNKING"])),
]);

const TRANSFORMATION_FUNCTION: Shape =
    Shape::Structure(&[required("transformationLambdaConfiguration", &TRANSFORMATION_LAMBDA_CONFIGURATION)]);

const TRANSFORMATION_LAMBDA_CONFIGURATION: Shape = Shape::Structure(&[required(
    "lambdaArn",
    &Shape::Matching(
        r"arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:function:[a-zA-Z0-9-_\.]+(:(\$LATEST|[a-zA-Z0-9-_]+))?",
        0,
        2048,
    ),
)]);

const INTERMEDIATE_STORAGE: Shape = Shape::Structure(&[required("s3Location", &S3_LOCATION)]);

const S3_LOCATION: Shape = Shape::Structure(&[required("uri", &Shape::Matching(r"s3://.{1,128}", 1, 2048))]);

const CHUNKING_CONFIGURATION: Shape = Shape::Structure(&[
    required("chunkingStrategy", &Shape::OneOf(&["FIXED_SIZE", "NONE", "HIERARCHICAL", "SEMANTIC"])),
    optional("fixedSizeChunkingConfiguration", &FIXED_SIZE_CHUNKING_CONFIGURATION),
    optional("hierarchicalChunkingConfiguration", &HIERARCHICAL_CHUNKING_CONFIGURATION),
    optional("semanticChunkingConfiguration", &SEMANTIC_CHUNKING_CONFIGURATION),
]);

const SEMANTIC_CHUNKING_CONFIGURATION: Shape = Shape::Structure(&[
    required("maxTokens", &Shape::Integer(1, 8192)),
    required("bufferSize", &Shape::Integer(0, 1)),
    required("breakpointPercentileThreshold", &Shape::Integer(50, 99)),
]);

const HIERARCHICAL_CHUNKING_CONFIGURATION: Shape = Shape::Structure(&[
    required("levelConfigurations", &Shape::List(&HIERARCHICAL_CHUNKING_LEVEL_CONFIGURATION, 2, 2)),
    required("overlapTokens", &Shape::Integer(1, INTEGER_MAX)),
]);

const HIERARCHICAL_CHUNKING_LEVEL_CONFIGURATION: Shape =
    Shape::Structure(&[required("maxTokens", &Shape::Integer(1, 8192))]);

const FIXED_SIZE_CHUNKING_CONFIGURATION: Shape = Shape::Structure(&[
    required("maxTokens", &Shape::Integer(1, 8192)),
    required("overlapPercentage", &Shape::Integer(1, 99)),
]);

const SERVER_SIDE_ENCRYPTION_CONFIGURATION: Shape = Shape::Structure(&[optional(
    "kmsKeyArn",
    &Shape::Matching(r"arn:aws(|-cn|-us-gov):kms:[a-zA-Z0-9-]*:[0-9]{12}:key/[a-zA-Z0-9-]{36}", 1, 2048),
)]);

const DATA_DELETION_POLICY: Shape = Shape::OneOf(&["RETAIN", "DELETE"]);

const DATA_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required(
        "type",
        &Shape::OneOf(&[
            "S3",
            "WEB",
            "CONFLUENCE",
            "SALESFORCE",
            "SHAREPOINT",
            "CUSTOM",
            "REDSHIFT_METADATA",
            "MANAGED_KNOWLEDGE_BASE_CONNECTOR",
        ]),
    ),
    optional("managedKnowledgeBaseConnectorConfiguration", &MANAGED_KNOWLEDGE_BASE_CONNECTOR_CONFIGURATION),
    optional("s3Configuration", &S3_DATA_SOURCE_CONFIGURATION),
    optional("webConfiguration", &WEB_DATA_SOURCE_CONFIGURATION),
    optional("confluenceConfiguration", &CONFLUENCE_DATA_SOURCE_CONFIGURATION),
    optional("salesforceConfiguration", &SALESFORCE_DATA_SOURCE_CONFIGURATION),
    optional("sharePointConfiguration", &SHARE_POINT_DATA_SOURCE_CONFIGURATION),
]);

const SHARE_POINT_DATA_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required("sourceConfiguration", &SHARE_POINT_SOURCE_CONFIGURATION),
    optional("crawlerConfiguration", &SHARE_POINT_CRAWLER_CONFIGURATION),
]);

const SHARE_POINT_CRAWLER_CONFIGURATION: Shape =
    Shape::Structure(&[optional("filterConfiguration", &CRAWL_FILTER_CONFIGURATION)]);

const SHARE_POINT_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("tenantId", &Shape::Matching(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", 36, 36)),
    required("domain", &Shape::Text(1, 50)),
    required("siteUrls", &Shape::List(&HTTPS_URL, 1, 100)),
    required("hostType", &Shape::OneOf(&["ONLINE"])),
    required(
        "authType",
        &Shape::OneOf(&["OAUTH2_CLIENT_CREDENTIALS", "OAUTH2_SHAREPOINT_APP_ONLY_CLIENT_CREDENTIALS"]),
    ),
    required("credentialsSecretArn", &SECRET_ARN),
]);

const SALESFORCE_DATA_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required("sourceConfiguration", &SALESFORCE_SOURCE_CONFIGURATION),
    optional("crawlerConfiguration", &SALESFORCE_CRAWLER_CONFIGURATION),
]);

const SALESFORCE_CRAWLER_CONFIGURATION: Shape =
    Shape::Structure(&[optional("filterConfiguration", &CRAWL_FILTER_CONFIGURATION)]);

const SALESFORCE_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required("hostUrl", &HTTPS_URL),
    required("authType", &Shape::OneOf(&["OAUTH2_CLIENT_CREDENTIALS"])),
    required("credentialsSecretArn", &SECRET_ARN),
]);

const CONFLUENCE_DATA_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required("sourceConfiguration", &CONFLUENCE_SOURCE_CONFIGURATION),
    optional("crawlerConfiguration", &CONFLUENCE_CRAWLER_CONFIGURATION),
]);

const CONFLUENCE_CRAWLER_CONFIGURATION: Shape =
    Shape::Structure(&[optional("filterConfiguration", &CRAWL_FILTER_CONFIGURATION)]);

const CRAWL_FILTER_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["PATTERN"])),
    optional("patternObjectFilter", &PATTERN_OBJECT_FILTER_CONFIGURATION),
]);

const PATTERN_OBJECT_FILTER_CONFIGURATION: Shape =
    Shape::Structure(&[required("filters", &Shape::List(&PATTERN_OBJECT_FILTER, 1, 25))]);

const PATTERN_OBJECT_FILTER: Shape = Shape::Structure(&[
    required("objectType", &Shape::Text(1, 50)),
    optional("inclusionFilters", &FILTER_LIST),
    optional("exclusionFilters", &FILTER_LIST),
]);

const CONFLUENCE_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required("hostUrl", &HTTPS_URL),
    required("hostType", &Shape::OneOf(&["SAAS"])),
    required("authType", &Shape::OneOf(&["BASIC", "OAUTH2_CLIENT_CREDENTIALS"])),
    required("credentialsSecretArn", &SECRET_ARN),
]);

const SECRET_ARN: Shape = Shape::Matching(
    r"arn:aws(|-cn|-us-gov):secretsmanager:[a-z0-9-]{1,20}:([0-9]{12}|):secret:[a-zA-Z0-9!/_+=.@-]{1,512}",
    0,
    UNBOUNDED,
);

const HTTPS_URL: Shape = Shape::Matching(r"https://[A-Za-z0-9][^\s]*", 0, UNBOUNDED);

const WEB_DATA_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required("sourceConfiguration", &WEB_SOURCE_CONFIGURATION),
    optional("crawlerConfiguration", &WEB_CRAWLER_CONFIGURATION),
]);

const WEB_CRAWLER_CONFIGURATION: Shape = Shape::Structure(&[
    optional("crawlerLimits", &WEB_CRAWLER_LIMITS),
    optional("inclusionFilters", &FILTER_LIST),
    optional("exclusionFilters", &FILTER_LIST),
    optional("scope", &Shape::OneOf(&["HOST_ONLY", "SUBDOMAINS"])),
    optional("userAgent", &Shape::Text(15, 40)),
    optional("userAgentHeader", &Shape::Text(61, 86)),
]);

const FILTER_LIST: Shape = Shape::List(&Shape::Text(1, 1000), 1, 25);

const WEB_CRAWLER_LIMITS: Shape = Shape::Structure(&[
    optional("rateLimit", &Shape::Integer(1, 300)),
    optional("maxPages", &Shape::Integer(1, INTEGER_MAX)),
]);

const WEB_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[required("urlConfiguration", &URL_CONFIGURATION)]);

const URL_CONFIGURATION: Shape = Shape::Structure(&[optional("seedUrls", &Shape::List(&SEED_URL, 1, 100))]);

const SEED_URL: Shape =
    Shape::Structure(&[optional("url", &Shape::Matching(r"https?://[A-Za-z0-9][^\s]*", 0, UNBOUNDED))]);

const S3_DATA_SOURCE_CONFIGURATION: Shape = Shape::Structure(&[
    required("bucketArn", &Shape::Matching(r"arn:aws(|-cn|-us-gov):s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", 1, 2048)),
    optional("inclusionPrefixes", &Shape::List(&Shape::Text(1, 300), 1, 1)),
    optional("bucketOwnerAccountId", &Shape::Matching(r"[0-9]{12}", 12, 12)),
]);

const MANAGED_KNOWLEDGE_BASE_CONNECTOR_CONFIGURATION: Shape = Shape::Structure(&[
    optional("deletionProtectionConfiguration", &DELETION_PROTECTION_CONFIGURATION),
    optional("mediaExtractionConfiguration", &MEDIA_EXTRACTION_CONFIGURATION),
    optional("connectorParameters", &Shape::Document),
    optional("syncSchedule", &SYNC_SCHEDULE),
]);

const SYNC_SCHEDULE: Shape = Shape::Union(&[
    optional("daily", &DAILY_SCHEDULE),
    optional("weekly", &WEEKLY_SCHEDULE),
    optional("monthly", &MONTHLY_SCHEDULE),
]);

const MONTHLY_SCHEDULE: Shape = Shape::Structure(&[required("dayOfMonth", &DAY_OF_MONTH)]);

const DAY_OF_MONTH: Shape =
    Shape::Union(&[optional("dayNumber", &Shape::Integer(1, 28)), optional("lastDayOfMonth", &LAST_DAY_OF_MONTH)]);

const LAST_DAY_OF_MONTH: Shape = Shape::Structure(&[]);

const WEEKLY_SCHEDULE: Shape = Shape::Structure(&[required(
    "dayOfWeek",
    &Shape::OneOf(&["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"]),
)]);

const DAILY_SCHEDULE: Shape = Shape::Structure(&[]);

const MEDIA_EXTRACTION_CONFIGURATION: Shape = Shape::Structure(&[
    optional("imageExtractionConfiguration", &IMAGE_EXTRACTION_CONFIGURATION),
    optional("audioExtractionConfiguration", &AUDIO_EXTRACTION_CONFIGURATION),
    optional("videoExtractionConfiguration", &VIDEO_EXTRACTION_CONFIGURATION),
]);

const VIDEO_EXTRACTION_CONFIGURATION: Shape =
    Shape::Structure(&[required("videoExtractionStatus", &ENABLED_OR_DISABLED_STATE)]);

const AUDIO_EXTRACTION_CONFIGURATION: Shape =
    Shape::Structure(&[required("audioExtractionStatus", &ENABLED_OR_DISABLED_STATE)]);

const IMAGE_EXTRACTION_CONFIGURATION: Shape =
    Shape::Structure(&[required("imageExtractionStatus", &ENABLED_OR_DISABLED_STATE)]);

const DELETION_PROTECTION_CONFIGURATION: Shape = Shape::Structure(&[
    required("deletionProtectionStatus", &ENABLED_OR_DISABLED_STATE),
    optional("deletionProtectionThreshold", &Shape::Integer(0, 100)),
]);

const ENABLED_OR_DISABLED_STATE: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);

const DESCRIPTION: Shape = Shape::Text(1, 200);

const NAME: Shape = Shape::Matching(r"([0-9a-zA-Z][_-]?){1,100}", 0, UNBOUNDED);

const ID: Shape = Shape::Matching(r"[0-9a-zA-Z]{10}", 0, UNBOUNDED);
