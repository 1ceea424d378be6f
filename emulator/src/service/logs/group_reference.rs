//! A log group as requests name it: by its name, or by name or ARN.

use super::invalid::invalid_parameter;
use super::{log_group, names};
use crate::kernel::{ApiError, Arn, Scope, Violations};

pub fn check(violations: &mut Violations, name: Option<&str>, identifier: Option<&str>) {
    if let Some(name) = name {
        names::check_group(violations, "logGroupName", name);
    }
    if let Some(identifier) = identifier {
        names::check_identifier(violations, "logGroupIdentifier", identifier);
    }
}

/// "You must include one of these two parameters, but you can't include both." assumed: the wordings.
pub fn resolve(name: Option<String>, identifier: Option<String>, scope: &Scope) -> Result<String, ApiError> {
    match (name, identifier) {
        (Some(_), Some(_)) => {
            Err(invalid_parameter("LogGroup name and LogGroup ARN are mutually exclusive parameters."))
        }
        (None, None) => Err(invalid_parameter("Either a LogGroup name or a LogGroup ARN must be specified.")),
        (Some(name), None) => Ok(name),
        (None, Some(identifier)) => named(&identifier, scope),
    }
}

/// The name of the group that a text means: itself, or the one in an ARN of this account and region.
pub fn named(identifier: &str, scope: &Scope) -> Result<String, ApiError> {
    let Some(arn) = Arn::parse(identifier) else { return Ok(identifier.to_owned()) };
    let name = arn.resource_after("log-group").filter(|_| arn.service == "logs" && arn.scope == *scope);
    name.map(str::to_owned).ok_or_else(log_group::not_found)
}

/// For the timeline.
pub fn shown(name: Option<&str>, identifier: Option<&str>) -> String {
    let identifier = identifier.unwrap_or_default();
    let named = Arn::parse(identifier).and_then(|arn| arn.resource_after("log-group").map(str::to_owned));
    name.map(str::to_owned).or(named).unwrap_or_else(|| identifier.to_owned())
}
