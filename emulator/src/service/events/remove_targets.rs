//! Removes targets from a rule. Ids that the rule does not have are passed over (assumed).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html>

use serde::{Deserialize, Serialize};

use super::bus::{self, BusName};
use super::rule;
use super::{Events, managed};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct RemoveTargets;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    rule: Option<String>,
    event_bus_name: Option<String>,
    ids: Option<Vec<String>>,
    /// Needed for rules that other AWS services manage.
    force: Option<bool>,
}

/// No entry fails: AWS fails some when it is called too often.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    failed_entry_count: usize,
    failed_entries: [(); 0],
}

impl Operation for RemoveTargets {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "RemoveTargets";

    fn resource(input: &Input) -> String {
        input.rule.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let bus = state.bus_mut(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let rule = bus.rule_mut(&input.rule.unwrap_or_default())?;
        managed::refuse(rule, input.force == Some(true))?;
        for id in input.ids.unwrap_or_default() {
            rule.targets.remove(&id);
        }
        rule.written_by = call.event;
        Ok(Output { failed_entry_count: 0, failed_entries: [] })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    rule::check_required_name(&mut violations, "rule", input.rule.as_deref());
    bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
    match &input.ids {
        None => violations.missing("ids"),
        Some(ids) => {
            if ids.is_empty() {
                violations.add("[]", "ids", "have length greater than or equal to 1");
            }
            if ids.len() > 100 {
                violations.add(format_args!("[{}]", ids.join(", ")), "ids", "have length less than or equal to 100");
            }
            for (index, id) in ids.iter().enumerate() {
                rule::check_name(&mut violations, &format!("ids.{}.member", index + 1), id);
            }
        }
    }
    violations.finish()
}
