//! Lists the rules of a bus by name, in pages.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, BusName};
use super::page::{self, Page};
use super::rule::{self, Rule, RuleState};
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct ListRules;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name_prefix: Option<String>,
    event_bus_name: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    rules: Vec<RuleEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A rule as AWS describes it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RuleEntry {
    name: String,
    arn: Arn,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_expression: Option<String>,
    state: RuleState,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by: Option<String>,
    event_bus_name: String,
}

impl RuleEntry {
    pub fn of(rule: &Rule, call: &Call<'_>) -> Self {
        Self {
            name: rule.name.clone(),
            arn: rule.arn(call),
            event_pattern: rule.pattern.as_ref().map(|pattern| pattern.text.clone()),
            schedule_expression: rule.schedule.as_ref().map(|schedule| schedule.expression.clone()),
            state: rule.state,
            description: rule.description.clone(),
            role_arn: rule.role_arn.clone(),
            managed_by: rule.managed_by.clone(),
            event_bus_name: rule.bus_name.clone(),
        }
    }
}

impl Operation for ListRules {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListRules";

    fn resource(input: &Input) -> String {
        BusName::parse(input.event_bus_name.as_deref()).name
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        if let Some(prefix) = &input.name_prefix {
            rule::check_name(&mut violations, "namePrefix", prefix);
        }
        bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let bus = state.bus(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let (rules, next_token) = page.of(&bus.rules, input.name_prefix.as_deref().unwrap_or_default());
        let rules = rules.into_iter().map(|rule| RuleEntry::of(rule, call)).collect();
        Ok(Output { rules, next_token })
    }
}
