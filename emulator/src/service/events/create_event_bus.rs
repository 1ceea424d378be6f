//! Creates a custom event bus.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html>

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bus::{self, Bus};
use super::{BUSES_MAX, Events, limit_exceeded};
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct CreateEventBus;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    description: Option<String>,
    event_source_name: Option<Value>,
    kms_key_identifier: Option<Value>,
    dead_letter_config: Option<Value>,
    log_config: Option<Value>,
    tags: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    event_bus_arn: Arn,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl Operation for CreateEventBus {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateEventBus";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = check(&input)?;
        if state.buses.contains_key(name) {
            let message = format!("Event bus {name} already exists.");
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        if state.buses.len() >= BUSES_MAX {
            return Err(limit_exceeded());
        }
        let mut bus = Bus::new(name, Some((call.now, call.event)));
        bus.description.clone_from(&input.description);
        let event_bus_arn = bus.arn(call);
        state.buses.insert(bus.name.clone(), bus);
        Ok(Output { event_bus_arn, description: input.description })
    }
}

fn check(input: &Input) -> Result<&str, ApiError> {
    let mut violations = Violations::new();
    violations.required("name", &input.name);
    if let Some(name) = &input.name {
        bus::check_name(&mut violations, "name", name);
    }
    if let Some(description) = &input.description {
        violations.length("description", description, 0, 512);
    }
    violations.finish()?;
    let unknown = [
        ("EventSourceName", &input.event_source_name),
        ("KmsKeyIdentifier", &input.kms_key_identifier),
        ("DeadLetterConfig", &input.dead_letter_config),
        ("LogConfig", &input.log_config),
        ("Tags", &input.tags),
    ];
    if let Some((member, _)) = unknown.iter().find(|(_, value)| value.is_some()) {
        return Err(ApiError::not_implemented(format_args!("{member} of events CreateEventBus")));
    }
    let name = input.name.as_deref().unwrap_or_default();
    // AWS: "Custom event bus names can't contain the / character". The wording is assumed.
    if name.contains('/') {
        return Err(ApiError::validation("Event bus name must not contain '/'."));
    }
    Ok(name)
}
