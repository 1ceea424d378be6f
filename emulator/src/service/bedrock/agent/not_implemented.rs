//! What AWS has of Agents for Bedrock, and this has not.

use crate::kernel::Binding;

/// The operation, and where it would be found.
pub const OPERATIONS: &[(&str, Binding)] = &[
    ("AssociateAgentCollaborator", Binding::put("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/")),
    ("CreateDataSource", Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/")),
    ("CreateFlow", Binding::post("/flows/")),
    ("CreateFlowAlias", Binding::post("/flows/{flowIdentifier}/aliases")),
    ("CreateFlowVersion", Binding::post("/flows/{flowIdentifier}/versions")),
    ("CreateKnowledgeBase", Binding::put("/knowledgebases/")),
    ("CreatePrompt", Binding::post("/prompts/")),
    ("CreatePromptVersion", Binding::post("/prompts/{promptIdentifier}/versions")),
    ("DeleteDataSource", Binding::delete("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}")),
    ("DeleteFlow", Binding::delete("/flows/{flowIdentifier}/")),
    ("DeleteFlowAlias", Binding::delete("/flows/{flowIdentifier}/aliases/{aliasIdentifier}")),
    ("DeleteFlowVersion", Binding::delete("/flows/{flowIdentifier}/versions/{flowVersion}/")),
    ("DeleteKnowledgeBase", Binding::delete("/knowledgebases/{knowledgeBaseId}")),
    (
        "DeleteKnowledgeBaseDocuments",
        Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents/deleteDocuments"),
    ),
    ("DeletePrompt", Binding::delete("/prompts/{promptIdentifier}/")),
    (
        "DisassociateAgentCollaborator",
        Binding::delete("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/{collaboratorId}/"),
    ),
    (
        "GetAgentCollaborator",
        Binding::get("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/{collaboratorId}/"),
    ),
    ("GetDataSource", Binding::get("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}")),
    ("GetFlow", Binding::get("/flows/{flowIdentifier}/")),
    ("GetFlowAlias", Binding::get("/flows/{flowIdentifier}/aliases/{aliasIdentifier}")),
    ("GetFlowVersion", Binding::get("/flows/{flowIdentifier}/versions/{flowVersion}/")),
    (
        "GetIngestionJob",
        Binding::get("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/{ingestionJobId}"),
    ),
    ("GetKnowledgeBase", Binding::get("/knowledgebases/{knowledgeBaseId}")),
    (
        "GetKnowledgeBaseDocuments",
        Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents/getDocuments"),
    ),
    ("GetPrompt", Binding::get("/prompts/{promptIdentifier}/")),
    (
        "IngestKnowledgeBaseDocuments",
        Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents"),
    ),
    ("ListAgentCollaborators", Binding::post("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/")),
    ("ListDataSources", Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/")),
    ("ListFlowAliases", Binding::get("/flows/{flowIdentifier}/aliases")),
    ("ListFlowVersions", Binding::get("/flows/{flowIdentifier}/versions")),
    ("ListFlows", Binding::get("/flows/")),
    ("ListIngestionJobs", Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/")),
    (
        "ListKnowledgeBaseDocuments",
        Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents"),
    ),
    ("ListKnowledgeBases", Binding::post("/knowledgebases/")),
    ("ListPrompts", Binding::get("/prompts/")),
    ("ListTagsForResource", Binding::get("/tags/{resourceArn}")),
    ("PrepareFlow", Binding::post("/flows/{flowIdentifier}/")),
    ("StartIngestionJob", Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/")),
    (
        "StopIngestionJob",
        Binding::post(
            "/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/{ingestionJobId}/stop",
        ),
    ),
    ("TagResource", Binding::post("/tags/{resourceArn}")),
    ("UntagResource", Binding::delete("/tags/{resourceArn}")),
    (
        "UpdateAgentCollaborator",
        Binding::put("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/{collaboratorId}/"),
    ),
    ("UpdateDataSource", Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}")),
    ("UpdateFlow", Binding::put("/flows/{flowIdentifier}/")),
    ("UpdateFlowAlias", Binding::put("/flows/{flowIdentifier}/aliases/{aliasIdentifier}")),
    ("UpdateKnowledgeBase", Binding::put("/knowledgebases/{knowledgeBaseId}")),
    ("UpdatePrompt", Binding::put("/prompts/{promptIdentifier}/")),
    ("ValidateFlowDefinition", Binding::post("/flows/validate-definition")),
];
