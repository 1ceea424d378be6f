//! What AWS's model of Agents for Bedrock says of its requests, as far as they are about agents.

use crate::service::bedrock::shape::{INTEGER_MAX, Shape, UNBOUNDED, optional, required};

pub static ASSOCIATE_AGENT_KNOWLEDGE_BASE: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &DRAFT_VERSION),
    required("knowledgeBaseId", &ID),
    required("description", &DESCRIPTION),
    optional("knowledgeBaseState", &KNOWLEDGE_BASE_STATE),
]);
pub static CREATE_AGENT: Shape = Shape::Structure(&[
    required("agentName", &NAME),
    optional("clientToken", &CLIENT_TOKEN),
    optional("instruction", &INSTRUCTION),
    optional("foundationModel", &MODEL_IDENTIFIER),
    optional("description", &DESCRIPTION),
    optional("orchestrationType", &ORCHESTRATION_TYPE),
    optional("customOrchestration", &CUSTOM_ORCHESTRATION),
    optional("idleSessionTTLInSeconds", &SESSION_TTL),
    optional("agentResourceRoleArn", &AGENT_ROLE_ARN),
    optional("customerEncryptionKeyArn", &KMS_KEY_ARN),
    optional("tags", &TAGS_MAP),
    optional("promptOverrideConfiguration", &PROMPT_OVERRIDE_CONFIGURATION),
    optional("guardrailConfiguration", &GUARDRAIL_CONFIGURATION),
    optional("memoryConfiguration", &MEMORY_CONFIGURATION),
    optional("agentCollaboration", &AGENT_COLLABORATION),
]);
pub static CREATE_AGENT_ACTION_GROUP: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &DRAFT_VERSION),
    required("actionGroupName", &NAME),
    optional("clientToken", &CLIENT_TOKEN),
    optional("description", &DESCRIPTION),
    optional("parentActionGroupSignature", &ACTION_GROUP_SIGNATURE),
    optional("parentActionGroupSignatureParams", &ACTION_GROUP_SIGNATURE_PARAMS),
    optional("actionGroupExecutor", &ACTION_GROUP_EXECUTOR),
    optional("apiSchema", &API_SCHEMA),
    optional("actionGroupState", &ACTION_GROUP_STATE),
    optional("functionSchema", &FUNCTION_SCHEMA),
]);
pub static CREATE_AGENT_ALIAS: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentAliasName", &NAME),
    optional("clientToken", &CLIENT_TOKEN),
    optional("description", &DESCRIPTION),
    optional("routingConfiguration", &AGENT_ALIAS_ROUTING_CONFIGURATION),
    optional("tags", &TAGS_MAP),
]);
pub static DELETE_AGENT: Shape =
    Shape::Structure(&[required("agentId", &ID), optional("skipResourceInUseCheck", &Shape::Document)]);
pub static DELETE_AGENT_ACTION_GROUP: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &DRAFT_VERSION),
    required("actionGroupId", &ID),
    optional("skipResourceInUseCheck", &Shape::Document),
]);
pub static DELETE_AGENT_ALIAS: Shape =
    Shape::Structure(&[required("agentId", &ID), required("agentAliasId", &AGENT_ALIAS_ID)]);
pub static DELETE_AGENT_VERSION: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &NUMERICAL_VERSION),
    optional("skipResourceInUseCheck", &Shape::Document),
]);
pub static DISASSOCIATE_AGENT_KNOWLEDGE_BASE: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &DRAFT_VERSION),
    required("knowledgeBaseId", &ID),
]);
pub static GET_AGENT: Shape = Shape::Structure(&[required("agentId", &ID)]);
pub static GET_AGENT_ACTION_GROUP: Shape =
    Shape::Structure(&[required("agentId", &ID), required("agentVersion", &VERSION), required("actionGroupId", &ID)]);
pub static GET_AGENT_ALIAS: Shape =
    Shape::Structure(&[required("agentId", &ID), required("agentAliasId", &AGENT_ALIAS_ID)]);
pub static GET_AGENT_KNOWLEDGE_BASE: Shape =
    Shape::Structure(&[required("agentId", &ID), required("agentVersion", &VERSION), required("knowledgeBaseId", &ID)]);
pub static GET_AGENT_VERSION: Shape =
    Shape::Structure(&[required("agentId", &ID), required("agentVersion", &NUMERICAL_VERSION)]);
pub static LIST_AGENTS: Shape =
    Shape::Structure(&[optional("maxResults", &MAX_RESULTS), optional("nextToken", &NEXT_TOKEN)]);
pub static LIST_AGENT_ACTION_GROUPS: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &VERSION),
    optional("maxResults", &MAX_RESULTS),
    optional("nextToken", &NEXT_TOKEN),
]);
pub static LIST_AGENT_ALIASES: Shape = Shape::Structure(&[
    required("agentId", &ID),
    optional("maxResults", &MAX_RESULTS),
    optional("nextToken", &NEXT_TOKEN),
]);
pub static LIST_AGENT_KNOWLEDGE_BASES: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &VERSION),
    optional("maxResults", &MAX_RESULTS),
    optional("nextToken", &NEXT_TOKEN),
]);
pub static LIST_AGENT_VERSIONS: Shape = Shape::Structure(&[
    required("agentId", &ID),
    optional("maxResults", &MAX_RESULTS),
    optional("nextToken", &NEXT_TOKEN),
]);
pub static PREPARE_AGENT: Shape = Shape::Structure(&[required("agentId", &ID)]);
pub static UPDATE_AGENT: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentName", &NAME),
    optional("instruction", &INSTRUCTION),
    required("foundationModel", &MODEL_IDENTIFIER),
    optional("description", &DESCRIPTION),
    optional("orchestrationType", &ORCHESTRATION_TYPE),
    optional("customOrchestration", &CUSTOM_ORCHESTRATION),
    optional("idleSessionTTLInSeconds", &SESSION_TTL),
    required("agentResourceRoleArn", &AGENT_ROLE_ARN),
    optional("customerEncryptionKeyArn", &KMS_KEY_ARN),
    optional("promptOverrideConfiguration", &PROMPT_OVERRIDE_CONFIGURATION),
    optional("guardrailConfiguration", &GUARDRAIL_CONFIGURATION),
    optional("memoryConfiguration", &MEMORY_CONFIGURATION),
    optional("agentCollaboration", &AGENT_COLLABORATION),
]);
pub static UPDATE_AGENT_ACTION_GROUP: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &DRAFT_VERSION),
    required("actionGroupId", &ID),
    required("actionGroupName", &NAME),
    optional("description", &DESCRIPTION),
    optional("parentActionGroupSignature", &ACTION_GROUP_SIGNATURE),
    optional("parentActionGroupSignatureParams", &ACTION_GROUP_SIGNATURE_PARAMS),
    optional("actionGroupExecutor", &ACTION_GROUP_EXECUTOR),
    optional("actionGroupState", &ACTION_GROUP_STATE),
    optional("apiSchema", &API_SCHEMA),
    optional("functionSchema", &FUNCTION_SCHEMA),
]);
pub static UPDATE_AGENT_ALIAS: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentAliasId", &AGENT_ALIAS_ID),
    required("agentAliasName", &NAME),
    optional("description", &DESCRIPTION),
    optional("routingConfiguration", &AGENT_ALIAS_ROUTING_CONFIGURATION),
    optional("aliasInvocationState", &ALIAS_INVOCATION_STATE),
]);
pub static UPDATE_AGENT_KNOWLEDGE_BASE: Shape = Shape::Structure(&[
    required("agentId", &ID),
    required("agentVersion", &DRAFT_VERSION),
    required("knowledgeBaseId", &ID),
    optional("description", &DESCRIPTION),
    optional("knowledgeBaseState", &KNOWLEDGE_BASE_STATE),
]);
static ACTION_GROUP_EXECUTOR: Shape =
    Shape::Union(&[optional("lambda", &LAMBDA_ARN), optional("customControl", &CUSTOM_CONTROL_METHOD)]);
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
static ACTION_GROUP_STATE: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);
static AGENT_ALIAS_ID: Shape = Shape::Matching(r"(\bTSTALIASID\b|[0-9a-zA-Z]+)", 10, 10);
static AGENT_ALIAS_ROUTING_CONFIGURATION: Shape = Shape::List(&AGENT_ALIAS_ROUTING_CONFIGURATION_LIST_ITEM, 0, 1);
static AGENT_ALIAS_ROUTING_CONFIGURATION_LIST_ITEM: Shape = Shape::Structure(&[
    optional("agentVersion", &VERSION),
    optional("provisionedThroughput", &PROVISIONED_MODEL_IDENTIFIER),
]);
static AGENT_COLLABORATION: Shape = Shape::OneOf(&["SUPERVISOR", "SUPERVISOR_ROUTER", "DISABLED"]);
static AGENT_ROLE_ARN: Shape = Shape::Matching("arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+", 0, 2048);
static ALIAS_INVOCATION_STATE: Shape = Shape::OneOf(&["ACCEPT_INVOCATIONS", "REJECT_INVOCATIONS"]);
static API_SCHEMA: Shape =
    Shape::Union(&[optional("s3", &S3_IDENTIFIER), optional("payload", &Shape::Text(0, UNBOUNDED))]);
static BASE_PROMPT_TEMPLATE: Shape = Shape::Text(1, 100000);
static CLIENT_TOKEN: Shape = Shape::Matching("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}", 33, 256);
static CREATION_MODE: Shape = Shape::OneOf(&["DEFAULT", "OVERRIDDEN"]);
static CUSTOM_CONTROL_METHOD: Shape = Shape::OneOf(&["RETURN_CONTROL"]);
static CUSTOM_ORCHESTRATION: Shape = Shape::Structure(&[optional("executor", &ORCHESTRATION_EXECUTOR)]);
static DESCRIPTION: Shape = Shape::Text(1, 200);
static DRAFT_VERSION: Shape = Shape::Matching("DRAFT", 5, 5);
static ENABLED_MEMORY_TYPES: Shape = Shape::List(&MEMORY_TYPE, 1, 1);
static FUNCTION: Shape = Shape::Structure(&[
    required("name", &NAME),
    optional("description", &FUNCTION_DESCRIPTION),
    optional("parameters", &PARAMETER_MAP),
    optional("requireConfirmation", &REQUIRE_CONFIRMATION),
]);
static FUNCTIONS: Shape = Shape::List(&FUNCTION, 0, UNBOUNDED);
static FUNCTION_DESCRIPTION: Shape = Shape::Text(1, 1200);
static FUNCTION_SCHEMA: Shape = Shape::Union(&[optional("functions", &FUNCTIONS)]);
static GUARDRAIL_CONFIGURATION: Shape = Shape::Structure(&[
    optional("guardrailIdentifier", &GUARDRAIL_IDENTIFIER),
    optional("guardrailVersion", &GUARDRAIL_VERSION),
]);
static GUARDRAIL_IDENTIFIER: Shape =
    Shape::Matching("(([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))", 0, 2048);
static GUARDRAIL_VERSION: Shape = Shape::Matching("(([0-9]{1,8})|(DRAFT))", 0, UNBOUNDED);
static ID: Shape = Shape::Matching("[0-9a-zA-Z]{10}", 0, UNBOUNDED);
static INFERENCE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("temperature", &TEMPERATURE),
    optional("topP", &TOP_P),
    optional("topK", &TOP_K),
    optional("maximumLength", &MAXIMUM_LENGTH),
    optional("stopSequences", &STOP_SEQUENCES),
]);
static INSTRUCTION: Shape = Shape::Text(40, 4000);
static KMS_KEY_ARN: Shape =
    Shape::Matching("arn:aws(|-cn|-us-gov):kms:[a-zA-Z0-9-]*:[0-9]{12}:key/[a-zA-Z0-9-]{36}", 1, 2048);
static KNOWLEDGE_BASE_STATE: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);
static LAMBDA_ARN: Shape = Shape::Matching(
    r"arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:function:[a-zA-Z0-9-_\.]+(:(\$LATEST|[a-zA-Z0-9-_]+))?",
    0,
    2048,
);
static MAXIMUM_LENGTH: Shape = Shape::Integer(0, INTEGER_MAX);
static MAX_RECENT_SESSIONS: Shape = Shape::Integer(1, INTEGER_MAX);
static MAX_RESULTS: Shape = Shape::Integer(1, 1000);
static MEMORY_CONFIGURATION: Shape = Shape::Structure(&[
    required("enabledMemoryTypes", &ENABLED_MEMORY_TYPES),
    optional("storageDays", &STORAGE_DAYS),
    optional("sessionSummaryConfiguration", &SESSION_SUMMARY_CONFIGURATION),
]);
static MEMORY_TYPE: Shape = Shape::OneOf(&["SESSION_SUMMARY"]);
static MODEL_IDENTIFIER: Shape = Shape::Matching(
    "(arn:aws(-[^:]{1,12})?:(bedrock|sagemaker):[a-z0-9-]{1,20}:([0-9]{12})?:([a-z-]+/)?)?([a-zA-Z0-9.-]{1,63}){0,2}(([:][a-z0-9-]{1,63}){0,2})?(/[a-z0-9]{1,12})?",
    1,
    2048,
);
static NAME: Shape = Shape::Matching("([0-9a-zA-Z][_-]?){1,100}", 0, UNBOUNDED);
static NEXT_TOKEN: Shape = Shape::Matching(r"\S*", 1, 2048);
static NUMERICAL_VERSION: Shape = Shape::Matching("[0-9]{1,5}", 0, UNBOUNDED);
static ORCHESTRATION_EXECUTOR: Shape = Shape::Union(&[optional("lambda", &LAMBDA_ARN)]);
static ORCHESTRATION_TYPE: Shape = Shape::OneOf(&["DEFAULT", "CUSTOM_ORCHESTRATION"]);
static PARAMETER_DESCRIPTION: Shape = Shape::Text(1, 500);
static PARAMETER_DETAIL: Shape = Shape::Structure(&[
    optional("description", &PARAMETER_DESCRIPTION),
    required("type", &TYPE),
    optional("required", &Shape::Boolean),
]);
static PARAMETER_MAP: Shape = Shape::Map(&NAME, &PARAMETER_DETAIL);
static PROMPT_CONFIGURATION: Shape = Shape::Structure(&[
    optional("promptType", &PROMPT_TYPE),
    optional("promptCreationMode", &CREATION_MODE),
    optional("promptState", &PROMPT_STATE),
    optional("basePromptTemplate", &BASE_PROMPT_TEMPLATE),
    optional("inferenceConfiguration", &INFERENCE_CONFIGURATION),
    optional("parserMode", &CREATION_MODE),
    optional("foundationModel", &MODEL_IDENTIFIER),
    optional("additionalModelRequestFields", &Shape::Document),
]);
static PROMPT_CONFIGURATIONS: Shape = Shape::List(&PROMPT_CONFIGURATION, 0, 10);
static PROMPT_OVERRIDE_CONFIGURATION: Shape = Shape::Structure(&[
    required("promptConfigurations", &PROMPT_CONFIGURATIONS),
    optional("overrideLambda", &LAMBDA_ARN),
]);
static PROMPT_STATE: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);
static PROMPT_TYPE: Shape = Shape::OneOf(&[
    "PRE_PROCESSING",
    "ORCHESTRATION",
    "POST_PROCESSING",
    "KNOWLEDGE_BASE_RESPONSE_GENERATION",
    "MEMORY_SUMMARIZATION",
]);
static PROVISIONED_MODEL_IDENTIFIER: Shape = Shape::Matching(
    "((([0-9a-zA-Z][_-]?){1,63})|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:provisioned-model/[a-z0-9]{12}))",
    1,
    2048,
);
static REQUIRE_CONFIRMATION: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);
static S3_BUCKET_NAME: Shape = Shape::Matching(r"[a-z0-9][\.\-a-z0-9]{1,61}[a-z0-9]", 3, 63);
static S3_IDENTIFIER: Shape =
    Shape::Structure(&[optional("s3BucketName", &S3_BUCKET_NAME), optional("s3ObjectKey", &S3_OBJECT_KEY)]);
static S3_OBJECT_KEY: Shape = Shape::Matching(r"[\.\-\!\*\_\'\(\)a-zA-Z0-9][\.\-\!\*\_\'\(\)\/a-zA-Z0-9]*", 1, 1024);
static SESSION_SUMMARY_CONFIGURATION: Shape = Shape::Structure(&[optional("maxRecentSessions", &MAX_RECENT_SESSIONS)]);
static SESSION_TTL: Shape = Shape::Integer(60, 5400);
static STOP_SEQUENCES: Shape = Shape::List(&Shape::Text(0, UNBOUNDED), 0, 4);
static STORAGE_DAYS: Shape = Shape::Integer(0, 365);
static TAGS_MAP: Shape = Shape::Map(&TAG_KEY, &TAG_VALUE);
static TAG_KEY: Shape = Shape::Matching(r"[a-zA-Z0-9\s._:/=+@-]*", 1, 128);
static TAG_VALUE: Shape = Shape::Matching(r"[a-zA-Z0-9\s._:/=+@-]*", 0, 256);
static TEMPERATURE: Shape = Shape::Number(0.0, 1.0);
static TOP_K: Shape = Shape::Integer(0, 500);
static TOP_P: Shape = Shape::Number(0.0, 1.0);
static TYPE: Shape = Shape::OneOf(&["string", "number", "integer", "boolean", "array"]);
static VERSION: Shape = Shape::Matching("(DRAFT|[0-9]{0,4}[1-9][0-9]{0,4})", 1, 5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_model_is_a_regular_expression() {
        let shapes = [
            &CREATE_AGENT,
            &UPDATE_AGENT,
            &CREATE_AGENT_ACTION_GROUP,
            &UPDATE_AGENT_ACTION_GROUP,
            &CREATE_AGENT_ALIAS,
            &UPDATE_AGENT_ALIAS,
            &ASSOCIATE_AGENT_KNOWLEDGE_BASE,
            &GET_AGENT_VERSION,
            &LIST_AGENTS,
        ];
        shapes.into_iter().for_each(Shape::compile_patterns);
    }
}
