//! Deletes a rule that has no targets.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html>

use serde::{Deserialize, Serialize};

use super::bus::{self, BusName};
use super::rule;
use super::{Events, managed};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteRule;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    event_bus_name: Option<String>,
    /// Needed for rules that other AWS services manage.
    force: Option<bool>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteRule {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteRule";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        rule::check_required_name(&mut violations, "name", input.name.as_deref());
        bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
        violations.finish()?;
        let bus = state.bus_mut(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let name = input.name.unwrap_or_default();
        if let Some(rule) = bus.rules.get(&name) {
            managed::refuse(rule, input.force == Some(true))?;
            if !rule.targets.is_empty() {
                return Err(ApiError::validation("Rule can't be deleted since it has targets."));
            }
        }
        // AWS: "If you call delete rule multiple times for the same rule, all calls will succeed."
        bus.rules.remove(&name);
        bus.plan(&name);
        Ok(Output {})
    }
}
