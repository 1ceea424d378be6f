//! Creates a rule, or replaces it: what the request leaves out is gone, but targets stay.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bus::{self, BusName};
use super::pattern::Pattern;
use super::rule::{self, Rule, RuleState};
use super::rule_pattern::RulePattern;
use super::rule_schedule::RuleSchedule;
use super::tags::{self, GivenTag, Tags};
use super::{Events, RULES_PER_BUS_MAX, limit_exceeded, managed};
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct PutRule;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    event_bus_name: Option<String>,
    event_pattern: Option<String>,
    schedule_expression: Option<String>,
    state: Option<String>,
    description: Option<String>,
    role_arn: Option<String>,
    tags: Option<Vec<GivenTag>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    rule_arn: Arn,
}

const STATES: [&str; 3] = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

impl Operation for PutRule {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutRule";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let bus_name = BusName::parse(input.event_bus_name.as_deref());
        let rule_state = rule_state(&input, &bus_name)?;
        if input.event_pattern.is_none() && input.schedule_expression.is_none() {
            return Err(ApiError::validation("Parameter(s) EventPattern or ScheduleExpression must be specified."));
        }
        let pattern = input.event_pattern.map(RulePattern::try_from).transpose()?;
        let schedule =
            input.schedule_expression.as_deref().map(|text| RuleSchedule::parse(text, call.now)).transpose()?;
        let bus = state.bus_mut(&bus_name, call.scope)?;
        let name = input.name.unwrap_or_default();
        if !bus.rules.contains_key(&name) && bus.rules.len() >= RULES_PER_BUS_MAX {
            return Err(limit_exceeded());
        }
        if let Some(before) = bus.rules.get(&name) {
            managed::refuse(before, false)?;
        }
        let new_tags = Tags::new(input.tags)?;
        // AWS: "If you are updating an existing rule, any tags you specify in the PutRule operation are not applied".
        let (targets, tags) =
            bus.rules.remove(&name).map_or_else(|| (BTreeMap::new(), new_tags), |before| (before.targets, before.tags));
        let rule = Rule {
            name: name.clone(),
            bus_name: bus.name.clone(),
            pattern,
            schedule,
            state: rule_state,
            description: input.description,
            role_arn: input.role_arn,
            managed_by: None,
            tags,
            targets,
            written_by: call.event,
        };
        let rule_arn = rule.arn(call);
        bus.rules.insert(name.clone(), rule);
        bus.plan(&name);
        Ok(Output { rule_arn })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    rule::check_required_name(&mut violations, "name", input.name.as_deref());
    if let Some(expression) = &input.schedule_expression {
        violations.length("scheduleExpression", expression, 0, 256);
    }
    if let Some(pattern) = &input.event_pattern {
        violations.length("eventPattern", pattern, 0, 4096);
    }
    if let Some(state) = &input.state {
        violations.one_of("state", state, &STATES);
    }
    if let Some(description) = &input.description {
        violations.length("description", description, 0, 512);
    }
    if let Some(arn) = &input.role_arn {
        violations.length("roleArn", arn, 1, 1600);
    }
    tags::check(&mut violations, input.tags.as_deref());
    bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
    violations.finish()
}

fn rule_state(input: &Input, bus_name: &BusName) -> Result<RuleState, ApiError> {
    if input.schedule_expression.is_some() && bus_name.name != bus::DEFAULT {
        return Err(ApiError::validation("ScheduleExpression is supported only on the default event bus."));
    }
    Ok(match input.state.as_deref() {
        Some("DISABLED") => RuleState::Disabled,
        Some("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") => RuleState::EnabledWithAllCloudtrailManagementEvents,
        _ => RuleState::Enabled,
    })
}

/// A pattern as callers send it, with AWS's errors.
pub fn compile(pattern: &str) -> Result<Pattern, ApiError> {
    Pattern::compile(pattern).map_err(|error| {
        ApiError::new("InvalidEventPatternException", format!("Event pattern is not valid. Reason: {error}"))
    })
}
