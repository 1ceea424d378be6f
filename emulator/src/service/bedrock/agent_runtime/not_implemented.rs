//! What AWS has of Agents for Bedrock Runtime, and this has not.

use crate::kernel::Binding;

/// The operation, and where it would be found.
pub const OPERATIONS: &[(&str, Binding)] = &[
    ("CreateInvocation", Binding::put("/sessions/{sessionIdentifier}/invocations/")),
    ("CreateSession", Binding::put("/sessions/")),
    ("DeleteSession", Binding::delete("/sessions/{sessionIdentifier}/")),
    ("EndSession", Binding::patch("/sessions/{sessionIdentifier}")),
    ("GenerateQuery", Binding::post("/generateQuery")),
    (
        "GetExecutionFlowSnapshot",
        Binding::get(
            "/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/flowsnapshot",
        ),
    ),
    (
        "GetFlowExecution",
        Binding::get("/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}"),
    ),
    ("GetInvocationStep", Binding::post("/sessions/{sessionIdentifier}/invocationSteps/{invocationStepId}")),
    ("GetSession", Binding::get("/sessions/{sessionIdentifier}/")),
    ("InvokeFlow", Binding::post("/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}")),
    (
        "ListFlowExecutionEvents",
        Binding::get("/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/events"),
    ),
    ("ListFlowExecutions", Binding::get("/flows/{flowIdentifier}/executions")),
    ("ListInvocationSteps", Binding::post("/sessions/{sessionIdentifier}/invocationSteps/")),
    ("ListInvocations", Binding::post("/sessions/{sessionIdentifier}/invocations/")),
    ("ListSessions", Binding::post("/sessions/")),
    ("ListTagsForResource", Binding::get("/tags/{resourceArn}")),
    ("OptimizePrompt", Binding::post("/optimize-prompt")),
    ("PutInvocationStep", Binding::put("/sessions/{sessionIdentifier}/invocationSteps/")),
    ("Rerank", Binding::post("/rerank")),
    ("StartFlowExecution", Binding::post("/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions")),
    (
        "StopFlowExecution",
        Binding::post("/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/stop"),
    ),
    ("TagResource", Binding::post("/tags/{resourceArn}")),
    ("UntagResource", Binding::delete("/tags/{resourceArn}")),
    ("UpdateSession", Binding::put("/sessions/{sessionIdentifier}/")),
];
