//! What AWS's model of Agents for Bedrock Runtime says of the requests that ask agents; what those share with the requests
//! to retrieve stands there.

use super::retrieval::model::{KNOWLEDGE_BASE_VECTOR_SEARCH_CONFIGURATION, PERFORMANCE_CONFIGURATION};
use crate::service::bedrock::shape::{INTEGER_MAX, Shape, UNBOUNDED, optional, required};

pub static DELETE_AGENT_MEMORY: Shape = Shape::Structure(&[
    required("agentAliasId", &AGENT_ALIAS_ID),
    required("agentId", &AGENT_ID),
    optional("memoryId", &MEMORY_ID),
    optional("sessionId", &SESSION_ID),
]);
pub static GET_AGENT_MEMORY: Shape = Shape::Structure(&[
    required("agentAliasId", &AGENT_ALIAS_ID),
    required("agentId", &AGENT_ID),
    optional("maxItems", &MAX_RESULTS),
    required("memoryId", &MEMORY_ID),
    required("memoryType", &MEMORY_TYPE),
    optional("nextToken", &NEXT_TOKEN),
]);
pub static INVOKE_AGENT: Shape = Shape::Structure(&[
    required("agentAliasId", &AGENT_ALIAS_ID),
    required("agentId", &AGENT_ID),
    optional("bedrockModelConfigurations", &BEDROCK_MODEL_CONFIGURATIONS),
    optional("enableTrace", &Shape::Boolean),
    optional("endSession", &Shape::Boolean),
    optional("inputText", &INPUT_TEXT),
    optional("memoryId", &MEMORY_ID),
    optional("promptCreationConfigurations", &PROMPT_CREATION_CONFIGURATIONS),
    required("sessionId", &SESSION_ID),
    optional("sessionState", &SESSION_STATE),
    optional("streamingConfigurations", &STREAMING_CONFIGURATIONS),
]);
pub static INVOKE_INLINE_AGENT: Shape = Shape::Structure(&[
    optional("actionGroups", &AGENT_ACTION_GROUPS),
    optional("agentCollaboration", &AGENT_COLLABORATION),
    optional("agentName", &NAME),
    optional("bedrockModelConfigurations", &INLINE_BEDROCK_MODEL_CONFIGURATIONS),
    optional("collaboratorConfigurations", &COLLABORATOR_CONFIGURATIONS),
    optional("collaborators", &COLLABORATORS),
    optional("customOrchestration", &CUSTOM_ORCHESTRATION),
    optional("customerEncryptionKeyArn", &KMS_KEY_ARN),
    optional("enableTrace", &Shape::Boolean),
    optional("endSession", &Shape::Boolean),
    required("foundationModel", &MODEL_IDENTIFIER),
    optional("guardrailConfiguration", &GUARDRAIL_CONFIGURATION_WITH_ARN),
    optional("idleSessionTTLInSeconds", &SESSION_TTL),
    optional("inlineSessionState", &INLINE_SESSION_STATE),
    optional("inputText", &INPUT_TEXT),
    required("instruction", &INSTRUCTION),
    optional("knowledgeBases", &KNOWLEDGE_BASES),
    optional("orchestrationType", &ORCHESTRATION_TYPE),
    optional("promptCreationConfigurations", &PROMPT_CREATION_CONFIGURATIONS),
    optional("promptOverrideConfiguration", &PROMPT_OVERRIDE_CONFIGURATION),
    required("sessionId", &SESSION_ID),
    optional("streamingConfigurations", &STREAMING_CONFIGURATIONS),
]);
static ANY_INTEGER: Shape = Shape::Integer(i32::MIN as i64, INTEGER_MAX);
static ACTION_GROUP_EXECUTOR: Shape =
    Shape::Union(&[optional("customControl", &CUSTOM_CONTROL_METHOD), optional("lambda", &LAMBDA_RESOURCE_ARN)]);
static ACTION_GROUP_SIGNATURE: Shape = Shape::OneOf(&[
    "AMAZON.UserInput",
    "AMAZON.CodeInterpreter",
    "ANTHROPIC.Computer",
    "ANTHROPIC.Bash",
    "ANTHROPIC.TextEditor",
]);
static ACTION_GROUP_SIGNATURE_PARAMS: Shape =
    Shape::Map(&ACTION_GROUP_SIGNATURE_PARAMS_KEY_STRING, &ACTION_GROUP_SIGNATURE_PARAMS_VALUE_STRING);
static ACTION_GROUP_SIGNATURE_PARAMS_KEY_STRING: Shape = Shape::Text(0, 100);
static ACTION_GROUP_SIGNATURE_PARAMS_VALUE_STRING: Shape = Shape::Text(0, 100);
static AGENT_ACTION_GROUP: Shape = Shape::Structure(&[
    optional("actionGroupExecutor", &ACTION_GROUP_EXECUTOR),
    required("actionGroupName", &RESOURCE_NAME),
    optional("apiSchema", &API_SCHEMA),
    optional("description", &RESOURCE_DESCRIPTION),
    optional("functionSchema", &FUNCTION_SCHEMA),
    optional("parentActionGroupSignature", &ACTION_GROUP_SIGNATURE),
    optional("parentActionGroupSignatureParams", &ACTION_GROUP_SIGNATURE_PARAMS),
]);
static AGENT_ACTION_GROUPS: Shape = Shape::List(&AGENT_ACTION_GROUP, 0, UNBOUNDED);
static AGENT_ALIAS_ARN: Shape = Shape::Matching(
    "^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:agent-alias/[0-9a-zA-Z]{10}/[0-9a-zA-Z]{10}$",
    0,
    2048,
);
static AGENT_ALIAS_ID: Shape = Shape::Matching("^[0-9a-zA-Z]+$", 0, 10);
static AGENT_COLLABORATION: Shape = Shape::OneOf(&["SUPERVISOR", "SUPERVISOR_ROUTER", "DISABLED"]);
static AGENT_ID: Shape = Shape::Matching("^[0-9a-zA-Z]+$", 0, 10);
static API_RESULT: Shape = Shape::Structure(&[
    required("actionGroup", &Shape::Text(0, UNBOUNDED)),
    optional("agentId", &Shape::Text(0, UNBOUNDED)),
    optional("apiPath", &Shape::Text(0, UNBOUNDED)),
    optional("confirmationState", &CONFIRMATION_STATE),
    optional("httpMethod", &Shape::Text(0, UNBOUNDED)),
    optional("httpStatusCode", &ANY_INTEGER),
    optional("responseBody", &RESPONSE_BODY),
    optional("responseState", &RESPONSE_STATE),
]);
static API_SCHEMA: Shape =
    Shape::Union(&[optional("payload", &Shape::Text(0, UNBOUNDED)), optional("s3", &S3_IDENTIFIER)]);
static BASE_PROMPT_TEMPLATE: Shape = Shape::Text(1, 100000);
static BEDROCK_MODEL_CONFIGURATIONS: Shape =
    Shape::Structure(&[optional("performanceConfig", &PERFORMANCE_CONFIGURATION)]);
static BYTE_CONTENT_BLOB: Shape = Shape::Blob(1, 10485760);
static BYTE_CONTENT_FILE: Shape =
    Shape::Structure(&[required("data", &BYTE_CONTENT_BLOB), required("mediaType", &Shape::Text(0, UNBOUNDED))]);
static COLLABORATION_INSTRUCTION: Shape = Shape::Text(1, 4000);
static COLLABORATOR: Shape = Shape::Structure(&[
    optional("actionGroups", &AGENT_ACTION_GROUPS),
    optional("agentCollaboration", &AGENT_COLLABORATION),
    optional("agentName", &NAME),
    optional("collaboratorConfigurations", &COLLABORATOR_CONFIGURATIONS),
    optional("customerEncryptionKeyArn", &KMS_KEY_ARN),
    required("foundationModel", &MODEL_IDENTIFIER),
    optional("guardrailConfiguration", &GUARDRAIL_CONFIGURATION_WITH_ARN),
    optional("idleSessionTTLInSeconds", &SESSION_TTL),
    required("instruction", &INSTRUCTION),
    optional("knowledgeBases", &KNOWLEDGE_BASES),
    optional("promptOverrideConfiguration", &PROMPT_OVERRIDE_CONFIGURATION),
]);
static COLLABORATORS: Shape = Shape::List(&COLLABORATOR, 0, UNBOUNDED);
static COLLABORATOR_CONFIGURATION: Shape = Shape::Structure(&[
    optional("agentAliasArn", &AGENT_ALIAS_ARN),
    required("collaboratorInstruction", &COLLABORATION_INSTRUCTION),
    required("collaboratorName", &NAME),
    optional("relayConversationHistory", &RELAY_CONVERSATION_HISTORY),
]);
static COLLABORATOR_CONFIGURATIONS: Shape = Shape::List(&COLLABORATOR_CONFIGURATION, 0, UNBOUNDED);
static CONFIRMATION_STATE: Shape = Shape::OneOf(&["CONFIRM", "DENY"]);
static CONTENT_BLOCK: Shape = Shape::Union(&[optional("text", &Shape::Text(0, UNBOUNDED))]);
static CONTENT_BLOCKS: Shape = Shape::List(&CONTENT_BLOCK, 0, UNBOUNDED);
static CONTENT_BODY: Shape =
    Shape::Structure(&[optional("body", &Shape::Text(0, UNBOUNDED)), optional("images", &IMAGE_INPUTS)]);
static CONVERSATION_HISTORY: Shape = Shape::Structure(&[optional("messages", &MESSAGES)]);
static CONVERSATION_ROLE: Shape = Shape::OneOf(&["user", "assistant"]);
static CREATION_MODE: Shape = Shape::OneOf(&["DEFAULT", "OVERRIDDEN"]);
static CUSTOM_CONTROL_METHOD: Shape = Shape::OneOf(&["RETURN_CONTROL"]);
static CUSTOM_ORCHESTRATION: Shape = Shape::Structure(&[optional("executor", &ORCHESTRATION_EXECUTOR)]);
static FILE_SOURCE: Shape = Shape::Structure(&[
    optional("byteContent", &BYTE_CONTENT_FILE),
    optional("s3Location", &S3_OBJECT_FILE),
    required("sourceType", &FILE_SOURCE_TYPE),
]);
static FILE_SOURCE_TYPE: Shape = Shape::OneOf(&["S3", "BYTE_CONTENT"]);
static FILE_USE_CASE: Shape = Shape::OneOf(&["CODE_INTERPRETER", "CHAT"]);
static FUNCTIONS: Shape = Shape::List(&FUNCTION_DEFINITION, 0, UNBOUNDED);
static FUNCTION_DEFINITION: Shape = Shape::Structure(&[
    optional("description", &FUNCTION_DESCRIPTION),
    required("name", &RESOURCE_NAME),
    optional("parameters", &PARAMETER_MAP),
    optional("requireConfirmation", &REQUIRE_CONFIRMATION),
]);
static FUNCTION_DESCRIPTION: Shape = Shape::Text(1, 1200);
static FUNCTION_RESULT: Shape = Shape::Structure(&[
    required("actionGroup", &Shape::Text(0, UNBOUNDED)),
    optional("agentId", &Shape::Text(0, UNBOUNDED)),
    optional("confirmationState", &CONFIRMATION_STATE),
    optional("function", &Shape::Text(0, UNBOUNDED)),
    optional("responseBody", &RESPONSE_BODY),
    optional("responseState", &RESPONSE_STATE),
]);
static FUNCTION_SCHEMA: Shape = Shape::Union(&[optional("functions", &FUNCTIONS)]);
static GUARDRAIL_CONFIGURATION_WITH_ARN: Shape = Shape::Structure(&[
    required("guardrailIdentifier", &GUARDRAIL_IDENTIFIER_WITH_ARN),
    required("guardrailVersion", &GUARDRAIL_VERSION),
]);
static GUARDRAIL_IDENTIFIER_WITH_ARN: Shape = Shape::Matching(
    "^(([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))$",
    0,
    2048,
);
static GUARDRAIL_VERSION: Shape = Shape::Matching("^(([1-9][0-9]{0,7})|(DRAFT))$", 1, 5);
static IMAGE_INPUT: Shape =
    Shape::Structure(&[required("format", &IMAGE_INPUT_FORMAT), required("source", &IMAGE_INPUT_SOURCE)]);
static IMAGE_INPUTS: Shape = Shape::List(&IMAGE_INPUT, 0, UNBOUNDED);
static IMAGE_INPUT_FORMAT: Shape = Shape::OneOf(&["png", "jpeg", "gif", "webp"]);
static IMAGE_INPUT_SOURCE: Shape = Shape::Union(&[optional("bytes", &IMAGE_INPUT_SOURCE_BYTES_BLOB)]);
static IMAGE_INPUT_SOURCE_BYTES_BLOB: Shape = Shape::Blob(1, UNBOUNDED);
static INFERENCE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("maximumLength", &MAXIMUM_LENGTH),
    optional("stopSequences", &STOP_SEQUENCES),
    optional("temperature", &TEMPERATURE),
    optional("topK", &TOP_K),
    optional("topP", &TOP_P),
]);
static INLINE_BEDROCK_MODEL_CONFIGURATIONS: Shape =
    Shape::Structure(&[optional("performanceConfig", &PERFORMANCE_CONFIGURATION)]);
static INLINE_SESSION_STATE: Shape = Shape::Structure(&[
    optional("conversationHistory", &CONVERSATION_HISTORY),
    optional("files", &INPUT_FILES),
    optional("invocationId", &Shape::Text(0, UNBOUNDED)),
    optional("promptSessionAttributes", &PROMPT_SESSION_ATTRIBUTES_MAP),
    optional("returnControlInvocationResults", &RETURN_CONTROL_INVOCATION_RESULTS),
    optional("sessionAttributes", &SESSION_ATTRIBUTES_MAP),
]);
static INPUT_FILE: Shape = Shape::Structure(&[
    required("name", &Shape::Text(0, UNBOUNDED)),
    required("source", &FILE_SOURCE),
    required("useCase", &FILE_USE_CASE),
]);
static INPUT_FILES: Shape = Shape::List(&INPUT_FILE, 0, UNBOUNDED);
static INPUT_TEXT: Shape = Shape::Text(0, 25000000);
static INSTRUCTION: Shape = Shape::Text(40, UNBOUNDED);
static INVOCATION_RESULT_MEMBER: Shape =
    Shape::Union(&[optional("apiResult", &API_RESULT), optional("functionResult", &FUNCTION_RESULT)]);
static KMS_KEY_ARN: Shape =
    Shape::Matching("^arn:aws(|-cn|-us-gov):kms:[a-zA-Z0-9-]*:[0-9]{12}:key/[a-zA-Z0-9-]{36}$", 1, 2048);
static KNOWLEDGE_BASE: Shape = Shape::Structure(&[
    required("description", &RESOURCE_DESCRIPTION),
    required("knowledgeBaseId", &KNOWLEDGE_BASE_ID),
    optional("retrievalConfiguration", &KNOWLEDGE_BASE_RETRIEVAL_CONFIGURATION),
]);
static KNOWLEDGE_BASES: Shape = Shape::List(&KNOWLEDGE_BASE, 0, UNBOUNDED);
static KNOWLEDGE_BASE_CONFIGURATION: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &KNOWLEDGE_BASE_ID),
    required("retrievalConfiguration", &KNOWLEDGE_BASE_RETRIEVAL_CONFIGURATION),
]);
static KNOWLEDGE_BASE_CONFIGURATIONS: Shape = Shape::List(&KNOWLEDGE_BASE_CONFIGURATION, 1, UNBOUNDED);
static KNOWLEDGE_BASE_ID: Shape = Shape::Matching("^[0-9a-zA-Z]+$", 0, 10);
static KNOWLEDGE_BASE_RETRIEVAL_CONFIGURATION: Shape =
    Shape::Structure(&[required("vectorSearchConfiguration", &KNOWLEDGE_BASE_VECTOR_SEARCH_CONFIGURATION)]);
static LAMBDA_RESOURCE_ARN: Shape = Shape::Matching(
    r"^arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:function:[a-zA-Z0-9-_\.]+(:(\$LATEST|[a-zA-Z0-9-_]+))?$",
    0,
    2048,
);
static MAXIMUM_LENGTH: Shape = Shape::Integer(0, 8192);
static MAX_RESULTS: Shape = Shape::Integer(1, 1000);
static MEMORY_ID: Shape = Shape::Matching("^[0-9a-zA-Z._:-]+$", 2, 100);
static MEMORY_TYPE: Shape = Shape::OneOf(&["SESSION_SUMMARY"]);
static MESSAGE: Shape = Shape::Structure(&[required("content", &CONTENT_BLOCKS), required("role", &CONVERSATION_ROLE)]);
static MESSAGES: Shape = Shape::List(&MESSAGE, 0, UNBOUNDED);
static MODEL_IDENTIFIER: Shape = Shape::Matching(
    "(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(([0-9]{12}:custom-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}(([:][a-z0-9-]{1,63}){0,2})?/[a-z0-9]{12})|(:foundation-model/([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})))|(([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2}))|(([0-9a-zA-Z][_-]?)+))$|(^arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{1,20}):(|[0-9]{12}):inference-profile/[a-zA-Z0-9-:.]+)$",
    1,
    2048,
);
static NAME: Shape = Shape::Matching("^([0-9a-zA-Z][_-]?){1,100}$", 0, UNBOUNDED);
static NEXT_TOKEN: Shape = Shape::Matching(r"^\S*$", 1, 2048);
static ORCHESTRATION_EXECUTOR: Shape = Shape::Union(&[optional("lambda", &Shape::Text(0, UNBOUNDED))]);
static ORCHESTRATION_TYPE: Shape = Shape::OneOf(&["DEFAULT", "CUSTOM_ORCHESTRATION"]);
static PARAMETER_DESCRIPTION: Shape = Shape::Text(1, 500);
static PARAMETER_DETAIL: Shape = Shape::Structure(&[
    optional("description", &PARAMETER_DESCRIPTION),
    optional("required", &Shape::Boolean),
    required("type", &PARAMETER_TYPE),
]);
static PARAMETER_MAP: Shape = Shape::Map(&PARAMETER_NAME, &PARAMETER_DETAIL);
static PARAMETER_NAME: Shape = Shape::Matching("^([0-9a-zA-Z][_-]?){1,100}$", 0, UNBOUNDED);
static PARAMETER_TYPE: Shape = Shape::OneOf(&["string", "number", "integer", "boolean", "array"]);
static PROMPT_CONFIGURATION: Shape = Shape::Structure(&[
    optional("additionalModelRequestFields", &Shape::Document),
    optional("basePromptTemplate", &BASE_PROMPT_TEMPLATE),
    optional("foundationModel", &MODEL_IDENTIFIER),
    optional("inferenceConfiguration", &INFERENCE_CONFIGURATION),
    optional("parserMode", &CREATION_MODE),
    optional("promptCreationMode", &CREATION_MODE),
    optional("promptState", &PROMPT_STATE),
    optional("promptType", &PROMPT_TYPE),
]);
static PROMPT_CONFIGURATIONS: Shape = Shape::List(&PROMPT_CONFIGURATION, 0, 10);
static PROMPT_CREATION_CONFIGURATIONS: Shape = Shape::Structure(&[
    optional("excludePreviousThinkingSteps", &Shape::Boolean),
    optional(
        "previousConversationTurnsToInclude",
        &PROMPT_CREATION_CONFIGURATIONS_PREVIOUS_CONVERSATION_TURNS_TO_INCLUDE_INTEGER,
    ),
]);
static PROMPT_CREATION_CONFIGURATIONS_PREVIOUS_CONVERSATION_TURNS_TO_INCLUDE_INTEGER: Shape =
    Shape::Integer(0, INTEGER_MAX);
static PROMPT_OVERRIDE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("overrideLambda", &LAMBDA_RESOURCE_ARN),
    required("promptConfigurations", &PROMPT_CONFIGURATIONS),
]);
static PROMPT_SESSION_ATTRIBUTES_MAP: Shape = Shape::Map(&Shape::Text(0, UNBOUNDED), &Shape::Text(0, UNBOUNDED));
static PROMPT_STATE: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);
static PROMPT_TYPE: Shape = Shape::OneOf(&[
    "PRE_PROCESSING",
    "ORCHESTRATION",
    "KNOWLEDGE_BASE_RESPONSE_GENERATION",
    "POST_PROCESSING",
    "ROUTING_CLASSIFIER",
]);
static RELAY_CONVERSATION_HISTORY: Shape = Shape::OneOf(&["TO_COLLABORATOR", "DISABLED"]);
static REQUIRE_CONFIRMATION: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);
static RESOURCE_DESCRIPTION: Shape = Shape::Text(1, 200);
static RESOURCE_NAME: Shape = Shape::Matching("^([0-9a-zA-Z][_-]?){1,100}$", 0, UNBOUNDED);
static RESPONSE_BODY: Shape = Shape::Map(&Shape::Text(0, UNBOUNDED), &CONTENT_BODY);
static RESPONSE_STATE: Shape = Shape::OneOf(&["FAILURE", "REPROMPT"]);
static RETURN_CONTROL_INVOCATION_RESULTS: Shape = Shape::List(&INVOCATION_RESULT_MEMBER, 1, 5);
static S3_BUCKET_NAME: Shape = Shape::Matching(r"^[a-z0-9][\.\-a-z0-9]{1,61}[a-z0-9]$", 3, 63);
static S3_IDENTIFIER: Shape =
    Shape::Structure(&[optional("s3BucketName", &S3_BUCKET_NAME), optional("s3ObjectKey", &S3_OBJECT_KEY)]);
static S3_OBJECT_FILE: Shape = Shape::Structure(&[required("uri", &S3_URI)]);
static S3_OBJECT_KEY: Shape = Shape::Matching(r"^[\.\-\!\*\_\'\(\)a-zA-Z0-9][\.\-\!\*\_\'\(\)\/a-zA-Z0-9]*$", 1, 1024);
static S3_URI: Shape = Shape::Matching("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.{1,1024}$", 1, 1024);
static SESSION_ATTRIBUTES_MAP: Shape = Shape::Map(&Shape::Text(0, UNBOUNDED), &Shape::Text(0, UNBOUNDED));
static SESSION_ID: Shape = Shape::Matching("^[0-9a-zA-Z._:-]+$", 2, 100);
static SESSION_STATE: Shape = Shape::Structure(&[
    optional("conversationHistory", &CONVERSATION_HISTORY),
    optional("files", &INPUT_FILES),
    optional("invocationId", &Shape::Text(0, UNBOUNDED)),
    optional("knowledgeBaseConfigurations", &KNOWLEDGE_BASE_CONFIGURATIONS),
    optional("promptSessionAttributes", &PROMPT_SESSION_ATTRIBUTES_MAP),
    optional("returnControlInvocationResults", &RETURN_CONTROL_INVOCATION_RESULTS),
    optional("sessionAttributes", &SESSION_ATTRIBUTES_MAP),
]);
static SESSION_TTL: Shape = Shape::Integer(60, 3600);
static STOP_SEQUENCES: Shape = Shape::List(&Shape::Text(0, UNBOUNDED), 0, 4);
static STREAMING_CONFIGURATIONS: Shape = Shape::Structure(&[
    optional("applyGuardrailInterval", &STREAMING_CONFIGURATIONS_APPLY_GUARDRAIL_INTERVAL_INTEGER),
    optional("streamFinalResponse", &Shape::Boolean),
]);
static STREAMING_CONFIGURATIONS_APPLY_GUARDRAIL_INTERVAL_INTEGER: Shape = Shape::Integer(1, INTEGER_MAX);
static TEMPERATURE: Shape = Shape::Number(0.0, 1.0);
static TOP_K: Shape = Shape::Integer(0, 500);
static TOP_P: Shape = Shape::Number(0.0, 1.0);
