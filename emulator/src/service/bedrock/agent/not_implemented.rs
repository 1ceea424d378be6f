//! What AWS has of Agents for Bedrock, and this has not.

use crate::kernel::Binding;

/// The operation, and where it would be found.
pub const OPERATIONS: &[(&str, Binding)] = &[
    ("AssociateAgentCollaborator", Binding::put("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/")),
    ("CreateFlow", Binding::post("/flows/")),
    ("CreateFlowAlias", Binding::post("/flows/{flowIdentifier}/aliases")),
    ("CreateFlowVersion", Binding::post("/flows/{flowIdentifier}/versions")),
    ("CreatePrompt", Binding::post("/prompts/")),
    ("CreatePromptVersion", Binding::post("/prompts/{promptIdentifier}/versions")),
    ("DeleteFlow", Binding::delete("/flows/{flowIdentifier}/")),
    ("DeleteFlowAlias", Binding::delete("/flows/{flowIdentifier}/aliases/{aliasIdentifier}")),
    ("DeleteFlowVersion", Binding::delete("/flows/{flowIdentifier}/versions/{flowVersion}/")),
    ("DeletePrompt", Binding::delete("/prompts/{promptIdentifier}/")),
    (
        "DisassociateAgentCollaborator",
        Binding::delete("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/{collaboratorId}/"),
    ),
    (
        "GetAgentCollaborator",
        Binding::get("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/{collaboratorId}/"),
    ),
    ("GetFlow", Binding::get("/flows/{flowIdentifier}/")),
    ("GetFlowAlias", Binding::get("/flows/{flowIdentifier}/aliases/{aliasIdentifier}")),
    ("GetFlowVersion", Binding::get("/flows/{flowIdentifier}/versions/{flowVersion}/")),
    ("GetPrompt", Binding::get("/prompts/{promptIdentifier}/")),
    ("ListAgentCollaborators", Binding::post("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/")),
    ("ListFlowAliases", Binding::get("/flows/{flowIdentifier}/aliases")),
    ("ListFlowVersions", Binding::get("/flows/{flowIdentifier}/versions")),
    ("ListFlows", Binding::get("/flows/")),
    ("ListPrompts", Binding::get("/prompts/")),
    ("PrepareFlow", Binding::post("/flows/{flowIdentifier}/")),
    (
        "UpdateAgentCollaborator",
        Binding::put("/agents/{agentId}/agentversions/{agentVersion}/agentcollaborators/{collaboratorId}/"),
    ),
    ("UpdateFlow", Binding::put("/flows/{flowIdentifier}/")),
    ("UpdateFlowAlias", Binding::put("/flows/{flowIdentifier}/aliases/{aliasIdentifier}")),
    ("UpdatePrompt", Binding::put("/prompts/{promptIdentifier}/")),
    ("ValidateFlowDefinition", Binding::post("/flows/validate-definition")),
];
