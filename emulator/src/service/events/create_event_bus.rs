//! Creates a custom event bus.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html>

use serde::{Deserialize, Serialize};

use super::bus::{self, Bus};
use super::bus_settings::{BusSettings, LogConfig};
use super::retry_policy::DeadLetterConfig;
use super::tags::{self, GivenTag, Tags};
use super::{BUSES_MAX, Events, limit_exceeded, partner};
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct CreateEventBus;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    description: Option<String>,
    event_source_name: Option<String>,
    kms_key_identifier: Option<String>,
    dead_letter_config: Option<DeadLetterConfig>,
    log_config: Option<LogConfig>,
    tags: Option<Vec<GivenTag>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    event_bus_arn: Arn,
    #[serde(flatten)]
    settings: BusSettings,
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
        let Input { name, event_source_name, description, kms_key_identifier, dead_letter_config, log_config, tags } =
            input;
        let settings = BusSettings { description, kms_key_identifier, dead_letter_config, log_config };
        let mut violations = Violations::new();
        violations.required("name", &name);
        if let Some(name) = &name {
            bus::check_name(&mut violations, "name", name);
        }
        partner::check_source_name(&mut violations, "eventSourceName", event_source_name.as_deref());
        settings.check(&mut violations);
        tags::check(&mut violations, tags.as_deref());
        violations.finish()?;
        let name = name.unwrap_or_default();
        if let Some(source) = event_source_name {
            return Err(partner::does_not_exist(&source));
        }
        // AWS: "Custom event bus names can't contain the / character". The wording is assumed.
        if name.contains('/') {
            return Err(ApiError::validation("Event bus name must not contain '/'."));
        }
        if state.buses.contains_key(&name) {
            let message = format!("Event bus {name} already exists.");
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        if state.buses.len() >= BUSES_MAX {
            return Err(limit_exceeded());
        }
        let mut bus = Bus::new(&name, Some((call.now, call.event)));
        bus.tags = Tags::new(tags)?;
        bus.settings = settings.clone();
        let event_bus_arn = bus.arn(call);
        state.buses.insert(name, bus);
        Ok(Output { event_bus_arn, settings })
    }
}
