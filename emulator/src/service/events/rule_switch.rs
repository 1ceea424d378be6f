//! What EnableRule and DisableRule share: all but the state that they leave behind.

use serde::{Deserialize, Serialize};

use super::bus::{self, BusName};
use super::rule::{self, RuleState};
use super::{Events, managed};
use crate::kernel::{ApiError, Call, Violations};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    pub name: Option<String>,
    event_bus_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

/// Leaves the rule in `state`.
pub fn switch(input: Input, to: RuleState, state: &mut Events, call: &Call<'_>) -> Result<Output, ApiError> {
    let mut violations = Violations::new();
    rule::check_required_name(&mut violations, "name", input.name.as_deref());
    bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
    violations.finish()?;
    let bus = state.bus_mut(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
    let name = input.name.unwrap_or_default();
    let rule = bus.rule_mut(&name)?;
    managed::refuse(rule, false)?;
    if let Some(schedule) = rule.schedule.as_mut().filter(|_| rule.state != to) {
        schedule.start(call.now);
    }
    rule.state = to;
    rule.written_by = call.event;
    bus.plan(&name);
    Ok(Output {})
}
