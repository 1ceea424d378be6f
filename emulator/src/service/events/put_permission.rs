//! Lets another account put events on an event bus, by one statement or a whole policy.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html>

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bus::BusName;
use super::policy::{self, Policy};
use super::{Events, constraint};
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct PutPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    event_bus_name: Option<String>,
    action: Option<String>,
    principal: Option<String>,
    statement_id: Option<String>,
    condition: Option<Condition>,
    policy: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    #[serde(rename = "Type")]
    kind: Option<String>,
    key: Option<String>,
    value: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

pub const STATEMENT_ID_PATTERN: &str = "[a-zA-Z0-9-_]+";

impl Operation for PutPermission {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutPermission";

    fn resource(input: &Input) -> String {
        BusName::parse(input.event_bus_name.as_deref()).name
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let bus = state.bus_mut(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let policy = match &input.policy {
            Some(text) => {
                // assumed: the wording.
                if input.action.is_some() || input.principal.is_some() || input.statement_id.is_some() {
                    return Err(ApiError::validation(
                        "Parameter Policy cannot be used with Action, Principal, StatementId or Condition.",
                    ));
                }
                Policy::parse(text)?
            }
            None => {
                let statement = statement(&input, &bus.arn(call))?;
                match bus.policy.clone() {
                    Some(mut policy) => {
                        policy.put(statement);
                        policy
                    }
                    None => Policy::of(statement),
                }
            }
        };
        bus.policy = Some(policy.checked()?);
        bus.modified = Some(call.now);
        Ok(Output {})
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::name(&mut violations, "eventBusName", input.event_bus_name.as_deref(), 256);
    for (member, value, max, pattern) in [
        ("action", &input.action, 64, "events:[a-zA-Z]+"),
        ("principal", &input.principal, 12, r"(\d{12}|\*)"),
        ("statementId", &input.statement_id, 64, STATEMENT_ID_PATTERN),
    ] {
        if let Some(value) = value {
            violations.length(member, value, 1, max);
            constraint::pattern(&mut violations, member, value, pattern);
        }
    }
    if let Some(Condition { kind, key, value }) = &input.condition {
        violations.required("condition.type", kind);
        violations.required("condition.key", key);
        violations.required("condition.value", value);
    }
    violations.finish()
}

/// The wording of what is missing is assumed.
fn statement(input: &Input, bus: &Arn) -> Result<Value, ApiError> {
    let required = |name: &str, value: &Option<String>| {
        value.clone().ok_or_else(|| ApiError::validation(format!("Parameter {name} must be specified.")))
    };
    let unsupported =
        |name: &str| ApiError::validation(format!("Provided value in parameter '{name}' is not supported."));
    let action = required("Action", &input.action)?;
    let principal = required("Principal", &input.principal)?;
    let id = required("StatementId", &input.statement_id)?;
    if action != "events:PutEvents" {
        return Err(unsupported("action"));
    }
    let condition = match &input.condition {
        Some(Condition { kind: Some(kind), key: Some(key), value: Some(value) }) => {
            if kind != "StringEquals" {
                return Err(unsupported("condition.type"));
            }
            if key != "aws:PrincipalOrgID" {
                return Err(unsupported("condition.key"));
            }
            Some((kind.as_str(), key.as_str(), value.as_str()))
        }
        _ => None,
    };
    Ok(policy::statement(&id, &action, &principal, condition, bus))
}
