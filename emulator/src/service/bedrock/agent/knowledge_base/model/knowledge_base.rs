//! What a knowledge base may be made of, in the words of AWS's model.

use crate::service::bedrock::shape::{Shape, UNBOUNDED, optional, required};

pub const UPDATE_KNOWLEDGE_BASE: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &Shape::Matching(r"[0-9a-zA-Z]{10}", 0, UNBOUNDED)),
    required("name", &NAME),
    optional("description", &DESCRIPTION),
    required("roleArn", &KNOWLEDGE_BASE_ROLE_ARN),
    required("knowledgeBaseConfiguration", &KNOWLEDGE_BASE_CONFIGURATION),
    optional("storageConfiguration", &STORAGE_CONFIGURATION),
    optional("metadataConfigurations", &Shape::List(&METADATA_CONFIGURATION, 0, 30)),
]);

const METADATA_CONFIGURATION: Shape = Shape::Structure(&[
    required("name", &Shape::Matching(r"[a-zA-Z0-9_][a-zA-Z0-9_-]*", 1, 200)),
    required("type", &Shape::OneOf(&["STRING", "STRING_LIST"])),
    required("searchability", &Shape::OneOf(&["ENABLED", "DISABLED"])),
]);

pub const CREATE_KNOWLEDGE_BASE: Shape = Shape::Structure(&[
    optional("clientToken", &Shape::Matching(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}", 33, 256)),
    required("name", &NAME),
    optional("description", &DESCRIPTION),
    required("roleArn", &KNOWLEDGE_BASE_ROLE_ARN),
    required("knowledgeBaseConfiguration", &KNOWLEDGE_BASE_CONFIGURATION),
    optional("storageConfiguration", &STORAGE_CONFIGURATION),
    optional(
        "tags",
        &Shape::Map(
            &Shape::Matching(r"[a-zA-Z0-9\s._:/=+@-]*", 1, 128),
            &Shape::Matching(r"[a-zA-Z0-9\s._:/=+@-]*", 0, 256),
        ),
    ),
]);

const STORAGE_CONFIGURATION: Shape = Shape::Structure(&[
    required(
        "type",
        &Shape::OneOf(&[
            "OPENSEARCH_SERVERLESS",
            "PINECONE",
            "REDIS_ENTERPRISE_CLOUD",
            "RDS",
            "MONGO_DB_ATLAS",
            "NEPTUNE_ANALYTICS",
            "OPENSEARCH_MANAGED_CLUSTER",
            "S3_VECTORS",
        ]),
    ),
    optional("opensearchServerlessConfiguration", &OPEN_SEARCH_SERVERLESS_CONFIGURATION),
    optional("opensearchManagedClusterConfiguration", &OPEN_SEARCH_MANAGED_CLUSTER_CONFIGURATION),
    optional("pineconeConfiguration", &PINECONE_CONFIGURATION),
    optional("redisEnterpriseCloudConfiguration", &REDIS_ENTERPRISE_CLOUD_CONFIGURATION),
    optional("rdsConfiguration", &RDS_CONFIGURATION),
    optional("mongoDbAtlasConfiguration", &MONGO_DB_ATLAS_CONFIGURATION),
    optional("neptuneAnalyticsConfiguration", &NEPTUNE_ANALYTICS_CONFIGURATION),
    optional("s3VectorsConfiguration", &S3_VECTORS_CONFIGURATION),
]);

const S3_VECTORS_CONFIGURATION: Shape = Shape::Structure(&[
    optional("vectorBucketArn", &Shape::Text(0, UNBOUNDED)),
    optional("indexArn", &Shape::Text(0, UNBOUNDED)),
    optional("indexName", &Shape::Text(3, 63)),
]);

const NEPTUNE_ANALYTICS_CONFIGURATION: Shape = Shape::Structure(&[
    required(
        "graphArn",
        &Shape::Matching(
            r"arn:aws(|-cn|-us-gov):neptune-graph:[a-zA-Z0-9-]*:[0-9]{12}:graph/g-[a-zA-Z0-9]{10}",
            1,
            255,
        ),
    ),
    required("fieldMapping", &NEPTUNE_ANALYTICS_FIELD_MAPPING),
]);

const NEPTUNE_ANALYTICS_FIELD_MAPPING: Shape =
    Shape::Structure(&[required("textField", &FIELD_NAME), required("metadataField", &FIELD_NAME)]);

const MONGO_DB_ATLAS_CONFIGURATION: Shape = Shape::Structure(&[
    required("endpoint", &Shape::Text(0, 2048)),
    required("databaseName", &Shape::Text(0, 63)),
    required("collectionName", &Shape::Text(0, 63)),
    required("vectorIndexName", &MONGO_DB_ATLAS_INDEX_NAME),
    required("credentialsSecretArn", &SECRET_ARN),
    required("fieldMapping", &MONGO_DB_ATLAS_FIELD_MAPPING),
    optional(
        "endpointServiceName",
        &Shape::Matching(
            r"(?:arn:aws(?:-us-gov|-cn|-iso|-iso-[a-z])*:.+:.*:\d+:.+/.+$|[a-zA-Z0-9*]+[a-zA-Z0-9._-]*)",
            1,
            255,
        ),
    ),
    optional("textIndexName", &MONGO_DB_ATLAS_INDEX_NAME),
]);

const MONGO_DB_ATLAS_FIELD_MAPPING: Shape = Shape::Structure(&[
    required("vectorField", &FIELD_NAME),
    required("textField", &FIELD_NAME),
    required("metadataField", &FIELD_NAME),
]);

const MONGO_DB_ATLAS_INDEX_NAME: Shape = Shape::Text(0, 2048);

const RDS_CONFIGURATION: Shape = Shape::Structure(&[
    required(
        "resourceArn",
        &Shape::Matching(r"arn:aws(|-cn|-us-gov):rds:[a-zA-Z0-9-]*:[0-9]{12}:cluster:[a-zA-Z0-9-]{1,63}", 0, UNBOUNDED),
    ),
    required("credentialsSecretArn", &SECRET_ARN),
    required("databaseName", &Shape::Matching(r"[a-zA-Z0-9_\-]+", 0, 63)),
    required("tableName", &Shape::Matching(r"[a-zA-Z0-9_\.\-]+", 0, 63)),
    required("fieldMapping", &RDS_FIELD_MAPPING),
]);

const RDS_FIELD_MAPPING: Shape = Shape::Structure(&[
    required("primaryKeyField", &COLUMN_NAME),
    required("vectorField", &COLUMN_NAME),
    required("textField", &COLUMN_NAME),
    required("metadataField", &COLUMN_NAME),
    optional("customMetadataField", &COLUMN_NAME),
]);

const COLUMN_NAME: Shape = Shape::Matching(r"[a-zA-Z0-9_\-]+", 0, 63);

const REDIS_ENTERPRISE_CLOUD_CONFIGURATION: Shape = Shape::Structure(&[
    required("endpoint", &Shape::Text(0, 2048)),
    required("vectorIndexName", &Shape::Text(0, 2048)),
    required("credentialsSecretArn", &SECRET_ARN),
    required("fieldMapping", &REDIS_ENTERPRISE_CLOUD_FIELD_MAPPING),
]);

const REDIS_ENTERPRISE_CLOUD_FIELD_MAPPING: Shape = Shape::Structure(&[
    required("vectorField", &FIELD_NAME),
    required("textField", &FIELD_NAME),
    required("metadataField", &FIELD_NAME),
]);

const PINECONE_CONFIGURATION: Shape = Shape::Structure(&[
    required("connectionString", &Shape::Text(0, 2048)),
    required("credentialsSecretArn", &SECRET_ARN),
    optional("namespace", &Shape::Text(0, 2048)),
    required("fieldMapping", &PINECONE_FIELD_MAPPING),
]);

const PINECONE_FIELD_MAPPING: Shape =
    Shape::Structure(&[required("textField", &FIELD_NAME), required("metadataField", &FIELD_NAME)]);

const OPEN_SEARCH_MANAGED_CLUSTER_CONFIGURATION: Shape = Shape::Structure(&[
    required("domainEndpoint", &Shape::Matching(r"https://.*", 0, 2048)),
    required(
        "domainArn",
        &Shape::Matching(
            r"arn:aws(|-cn|-us-gov|-iso):es:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:domain/[a-z][a-z0-9-]{3,28}",
            0,
            2048,
        ),
    ),
    required("vectorIndexName", &Shape::Matching(r"(?![\-_+.])[a-z0-9][a-z0-9\-_\.]*", 1, 2048)),
    required("fieldMapping", &OPEN_SEARCH_MANAGED_CLUSTER_FIELD_MAPPING),
]);

const OPEN_SEARCH_MANAGED_CLUSTER_FIELD_MAPPING: Shape = Shape::Structure(&[
    required("vectorField", &FIELD_NAME),
    required("textField", &FIELD_NAME),
    required("metadataField", &FIELD_NAME),
]);

const OPEN_SEARCH_SERVERLESS_CONFIGURATION: Shape = Shape::Structure(&[
    required(
        "collectionArn",
        &Shape::Matching(r"arn:aws:aoss:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:collection/[a-z0-9-]{3,32}", 0, 2048),
    ),
    required("vectorIndexName", &Shape::Text(0, 2048)),
    required("fieldMapping", &OPEN_SEARCH_SERVERLESS_FIELD_MAPPING),
]);

const OPEN_SEARCH_SERVERLESS_FIELD_MAPPING: Shape = Shape::Structure(&[
    required("vectorField", &FIELD_NAME),
    required("textField", &FIELD_NAME),
    required("metadataField", &FIELD_NAME),
]);

const FIELD_NAME: Shape = Shape::Text(0, 2048);

const KNOWLEDGE_BASE_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["VECTOR", "KENDRA", "SQL", "MANAGED"])),
    optional("vectorKnowledgeBaseConfiguration", &VECTOR_KNOWLEDGE_BASE_CONFIGURATION),
    optional("managedKnowledgeBaseConfiguration", &MANAGED_KNOWLEDGE_BASE_CONFIGURATION),
    optional("kendraKnowledgeBaseConfiguration", &KENDRA_KNOWLEDGE_BASE_CONFIGURATION),
    optional("sqlKnowledgeBaseConfiguration", &SQL_KNOWLEDGE_BASE_CONFIGURATION),
]);

const SQL_KNOWLEDGE_BASE_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["REDSHIFT"])),
    optional("redshiftConfiguration", &REDSHIFT_CONFIGURATION),
]);

const REDSHIFT_CONFIGURATION: Shape = Shape::Structure(&[
    required("storageConfigurations", &Shape::List(&REDSHIFT_QUERY_ENGINE_STORAGE_CONFIGURATION, 1, 1)),
    required("queryEngineConfiguration", &REDSHIFT_QUERY_ENGINE_CONFIGURATION),
    optional("queryGenerationConfiguration", &QUERY_GENERATION_CONFIGURATION),
]);

const QUERY_GENERATION_CONFIGURATION: Shape = Shape::Structure(&[
    optional("executionTimeoutSeconds", &Shape::Integer(1, 200)),
    optional("generationContext", &QUERY_GENERATION_CONTEXT),
]);

const QUERY_GENERATION_CONTEXT: Shape = Shape::Structure(&[
    optional("tables", &Shape::List(&QUERY_GENERATION_TABLE, 0, 50)),
    optional("curatedQueries", &Shape::List(&CURATED_QUERY, 0, 10)),
]);

const CURATED_QUERY: Shape =
    Shape::Structure(&[required("naturalLanguage", &Shape::Text(1, 1000)), required("sql", &Shape::Text(1, 1000))]);

const QUERY_GENERATION_TABLE: Shape = Shape::Structure(&[
    required("name", &Shape::Matching(r".*\..*\..*", 0, UNBOUNDED)),
    optional("description", &DESCRIPTION_STRING),
    optional("inclusion", &INCLUDE_EXCLUDE),
    optional("columns", &Shape::List(&QUERY_GENERATION_COLUMN, 0, UNBOUNDED)),
]);

const QUERY_GENERATION_COLUMN: Shape = Shape::Structure(&[
    optional("name", &Shape::Text(1, 127)),
    optional("description", &DESCRIPTION_STRING),
    optional("inclusion", &INCLUDE_EXCLUDE),
]);

const INCLUDE_EXCLUDE: Shape = Shape::OneOf(&["INCLUDE", "EXCLUDE"]);

const DESCRIPTION_STRING: Shape = Shape::Text(1, 200);

const REDSHIFT_QUERY_ENGINE_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["SERVERLESS", "PROVISIONED"])),
    optional("serverlessConfiguration", &REDSHIFT_SERVERLESS_CONFIGURATION),
    optional("provisionedConfiguration", &REDSHIFT_PROVISIONED_CONFIGURATION),
]);

const REDSHIFT_PROVISIONED_CONFIGURATION: Shape = Shape::Structure(&[
    required("clusterIdentifier", &Shape::Text(1, 63)),
    required("authConfiguration", &REDSHIFT_PROVISIONED_AUTH_CONFIGURATION),
]);

const REDSHIFT_PROVISIONED_AUTH_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["IAM", "USERNAME_PASSWORD", "USERNAME"])),
    optional("databaseUser", &Shape::Text(0, UNBOUNDED)),
    optional("usernamePasswordSecretArn", &SECRET_ARN),
]);

const REDSHIFT_SERVERLESS_CONFIGURATION: Shape = Shape::Structure(&[
    required(
        "workgroupArn",
        &Shape::Matching(
            r"(arn:(aws(-[a-z]+)*):redshift-serverless:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:workgroup/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
            0,
            UNBOUNDED,
        ),
    ),
    required("authConfiguration", &REDSHIFT_SERVERLESS_AUTH_CONFIGURATION),
]);

const REDSHIFT_SERVERLESS_AUTH_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["IAM", "USERNAME_PASSWORD"])),
    optional("usernamePasswordSecretArn", &SECRET_ARN),
]);

const SECRET_ARN: Shape = Shape::Matching(
    r"arn:aws(|-cn|-us-gov):secretsmanager:[a-z0-9-]{1,20}:([0-9]{12}|):secret:[a-zA-Z0-9!/_+=.@-]{1,512}",
    0,
    UNBOUNDED,
);

const REDSHIFT_QUERY_ENGINE_STORAGE_CONFIGURATION: Shape = Shape::Structure(&[
    required("type", &Shape::OneOf(&["REDSHIFT", "AWS_DATA_CATALOG"])),
    optional("awsDataCatalogConfiguration", &REDSHIFT_QUERY_ENGINE_AWS_DATA_CATALOG_STORAGE_CONFIGURATION),
    optional("redshiftConfiguration", &REDSHIFT_QUERY_ENGINE_REDSHIFT_STORAGE_CONFIGURATION),
]);

const REDSHIFT_QUERY_ENGINE_REDSHIFT_STORAGE_CONFIGURATION: Shape =
    Shape::Structure(&[required("databaseName", &Shape::Text(1, 200))]);

const REDSHIFT_QUERY_ENGINE_AWS_DATA_CATALOG_STORAGE_CONFIGURATION: Shape =
    Shape::Structure(&[required("tableNames", &Shape::List(&Shape::Matching(r".*\.*", 1, 200), 1, 1000))]);

const KENDRA_KNOWLEDGE_BASE_CONFIGURATION: Shape = Shape::Structure(&[required(
    "kendraIndexArn",
    &Shape::Matching(
        r"arn:aws(|-cn|-us-gov):kendra:[a-z0-9-]{1,20}:([0-9]{12}|):index/([a-zA-Z0-9][a-zA-Z0-9-]{35}|[a-zA-Z0-9][a-zA-Z0-9-]{35}-[a-zA-Z0-9][a-zA-Z0-9-]{35})",
        0,
        UNBOUNDED,
    ),
)]);

const MANAGED_KNOWLEDGE_BASE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("embeddingModelType", &Shape::OneOf(&["CUSTOM", "MANAGED"])),
    optional("embeddingModelArn", &BEDROCK_EMBEDDING_MODEL_ARN),
    optional("embeddingModelConfiguration", &EMBEDDING_MODEL_CONFIGURATION),
    optional("serverSideEncryptionConfiguration", &SERVER_SIDE_ENCRYPTION_CONFIGURATION),
    optional("supplementalDataStorageConfiguration", &SUPPLEMENTAL_DATA_STORAGE_CONFIGURATION),
]);

const SERVER_SIDE_ENCRYPTION_CONFIGURATION: Shape = Shape::Structure(&[optional(
    "kmsKeyArn",
    &Shape::Matching(r"arn:aws(|-cn|-us-gov):kms:[a-zA-Z0-9-]*:[0-9]{12}:key/[a-zA-Z0-9-]{36}", 1, 2048),
)]);

const VECTOR_KNOWLEDGE_BASE_CONFIGURATION: Shape = Shape::Structure(&[
    required("embeddingModelArn", &BEDROCK_EMBEDDING_MODEL_ARN),
    optional("embeddingModelConfiguration", &EMBEDDING_MODEL_CONFIGURATION),
    optional("supplementalDataStorageConfiguration", &SUPPLEMENTAL_DATA_STORAGE_CONFIGURATION),
]);

const SUPPLEMENTAL_DATA_STORAGE_CONFIGURATION: Shape =
    Shape::Structure(&[required("storageLocations", &Shape::List(&SUPPLEMENTAL_DATA_STORAGE_LOCATION, 1, 1))]);

const SUPPLEMENTAL_DATA_STORAGE_LOCATION: Shape =
    Shape::Structure(&[required("type", &Shape::OneOf(&["S3"])), optional("s3Location", &S3_LOCATION)]);

const S3_LOCATION: Shape = Shape::Structure(&[required("uri", &Shape::Matching(r"s3://.{1,128}", 1, 2048))]);

const EMBEDDING_MODEL_CONFIGURATION: Shape =
    Shape::Structure(&[optional("bedrockEmbeddingModelConfiguration", &BEDROCK_EMBEDDING_MODEL_CONFIGURATION)]);

const BEDROCK_EMBEDDING_MODEL_CONFIGURATION: Shape = Shape::Structure(&[
    optional("dimensions", &Shape::Integer(0, 4096)),
    optional("embeddingDataType", &Shape::OneOf(&["FLOAT32", "BINARY"])),
    optional("audio", &Shape::List(&AUDIO_CONFIGURATION, 1, 1)),
    optional("video", &Shape::List(&VIDEO_CONFIGURATION, 1, 1)),
    optional("modelConfiguration", &Shape::Document),
]);

const VIDEO_CONFIGURATION: Shape =
    Shape::Structure(&[required("segmentationConfiguration", &VIDEO_SEGMENTATION_CONFIGURATION)]);

const VIDEO_SEGMENTATION_CONFIGURATION: Shape =
    Shape::Structure(&[required("fixedLengthDuration", &Shape::Integer(1, 30))]);

const AUDIO_CONFIGURATION: Shape =
    Shape::Structure(&[required("segmentationConfiguration", &AUDIO_SEGMENTATION_CONFIGURATION)]);

const AUDIO_SEGMENTATION_CONFIGURATION: Shape =
    Shape::Structure(&[required("fixedLengthDuration", &Shape::Integer(1, 30))]);

const BEDROCK_EMBEDDING_MODEL_ARN: Shape = Shape::Matching(
    r"(arn:aws(-[^:]{1,12})?:(bedrock|sagemaker):[a-z0-9-]{1,20}:([0-9]{12})?:([a-z-]+/)?)?([a-zA-Z0-9.-]{1,63}){0,2}(([:][a-z0-9-]{1,63}){0,2})?(/[a-z0-9]{1,12})?",
    20,
    2048,
);

const KNOWLEDGE_BASE_ROLE_ARN: Shape = Shape::Matching(r"arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+", 0, 2048);

const DESCRIPTION: Shape = Shape::Text(1, 200);

const NAME: Shape = Shape::Matching(r"([0-9a-zA-Z][_-]?){1,100}", 0, UNBOUNDED);
