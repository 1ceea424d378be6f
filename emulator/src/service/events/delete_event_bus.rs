//! Deletes a custom event bus that has no rules.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteEventBus.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteEventBus;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteEventBus {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteEventBus";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        violations.required("name", &input.name);
        if let Some(name) = &input.name {
            bus::check_name(&mut violations, "name", name);
        }
        violations.finish()?;
        let name = input.name.unwrap_or_default();
        if name == bus::DEFAULT {
            // AWS: "You can't delete your account's default event bus." The wording is assumed.
            return Err(ApiError::validation("Cannot delete event bus default."));
        }
        if state.buses.get(&name).is_some_and(|bus| !bus.rules.is_empty()) {
            return Err(ApiError::validation("EventBus can't be deleted since it has rules."));
        }
        // Deleting what is not there succeeds.
        state.buses.remove(&name);
        Ok(Output {})
    }
}
