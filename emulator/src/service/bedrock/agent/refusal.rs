//! What Agents for Bedrock says to requests about agents that it refuses.

use crate::kernel::ApiError;

/// Wording: <https://github.com/acwwat/amazon-bedrock-agent-test-ui/issues/1>
pub fn not_found() -> ApiError {
    let message =
        "Failed to retrieve resource because it doesn't exist. Retry the request with a different resource identifier.";
    ApiError::with_status(404, "ResourceNotFoundException", message)
}

/// Of an agent that something is done to already. Wording:
/// <https://github.com/hashicorp/terraform-provider-aws/issues/42845>
pub fn not_now(verb: &str, state: &str) -> ApiError {
    ApiError::validation(format!(
        "{verb} operation can't be performed on Agent when it is in {state} state. Retry the request when the agent is in a valid state."
    ))
}

/// assumed: the wording.
pub fn name_taken(what: &str, name: &str) -> ApiError {
    ApiError::with_status(409, "ConflictException", format!("{what} with name {name} already exists"))
}

/// assumed: the wording.
pub fn in_use(what: &str, id: &str, by: &str) -> ApiError {
    let message = format!("{what} {id} can't be deleted because it is in use by {by}");
    ApiError::with_status(409, "ConflictException", message)
}

/// assumed: the wording. The quotas are those of AWS's table, which cannot be raised:
/// <https://docs.aws.amazon.com/general/latest/gr/bedrock.html>
pub fn quota_exceeded(what: &str, max: usize) -> ApiError {
    let message = format!("Your request exceeds the maximum number of {what}: {max}");
    ApiError::with_status(402, "ServiceQuotaExceededException", message)
}
