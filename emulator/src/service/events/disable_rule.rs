//! Keeps a rule from matching events.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, BusName};
use super::rule::{self, RuleState};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DisableRule;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    event_bus_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DisableRule {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DisableRule";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        rule::check_required_name(&mut violations, "name", input.name.as_deref());
        bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
        violations.finish()?;
        let bus = state.bus_mut(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let rule = bus.rule_mut(&input.name.unwrap_or_default())?;
        rule.state = RuleState::Disabled;
        rule.written_by = call.event;
        Ok(Output {})
    }
}
