//! Describes a rule, without its targets.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, BusName};
use super::list_rules::RuleEntry;
use super::rule;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeRule;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    event_bus_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(flatten)]
    rule: RuleEntry,
    /// The account of the bus, here always the caller's.
    created_by: String,
}

impl Operation for DescribeRule {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeRule";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        rule::check_required_name(&mut violations, "name", input.name.as_deref());
        bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
        violations.finish()?;
        let bus = state.bus(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let rule = bus.rule(&input.name.unwrap_or_default())?;
        call.read_from(rule.written_by);
        Ok(Output { rule: RuleEntry::of(rule, call), created_by: call.scope.account.to_string() })
    }
}
