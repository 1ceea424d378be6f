//! Adds targets to a rule, or replaces those with the same ids.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html>
//!
//! Every target that AWS has is taken. A delivery to a service that is not here fails, on the timeline.

use serde::{Deserialize, Serialize};

use super::bus::{self, BusName};
use super::given_target::GivenTarget;
use super::rule;
use super::target::Target;
use super::{Events, TARGETS_PER_RULE_MAX, limit_exceeded, managed};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct PutTargets;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    rule: Option<String>,
    event_bus_name: Option<String>,
    targets: Option<Vec<GivenTarget>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    failed_entry_count: usize,
    /// What can be wrong with a target here fails the whole request.
    failed_entries: [(); 0],
}

impl Operation for PutTargets {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutTargets";

    fn resource(input: &Input) -> String {
        input.rule.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let bus = state.bus_mut(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let rule = bus.rule_mut(&input.rule.unwrap_or_default())?;
        managed::refuse(rule, false)?;
        let given = input.targets.unwrap_or_default();
        let targets = given.into_iter().map(Target::read).collect::<Result<Vec<_>, _>>()?;

        let id = |target: &Target| target.given.id.clone().unwrap_or_default();
        let mut ids: Vec<_> = rule.targets.keys().cloned().chain(targets.iter().map(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > TARGETS_PER_RULE_MAX {
            return Err(limit_exceeded());
        }
        call.note(match targets.len() {
            1 => "1 target".to_owned(),
            count => format!("{count} targets"),
        });
        rule.targets.extend(targets.into_iter().map(|target| (id(&target), target)));
        rule.written_by = call.event;
        Ok(Output { failed_entry_count: 0, failed_entries: [] })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    rule::check_required_name(&mut violations, "rule", input.rule.as_deref());
    bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
    match &input.targets {
        None => violations.missing("targets"),
        Some(targets) => {
            if targets.is_empty() {
                violations.add("[]", "targets", "have length greater than or equal to 1");
            }
            if targets.len() > 100 {
                violations.add("[...]", "targets", "have length less than or equal to 100");
            }
            for (index, target) in targets.iter().enumerate() {
                target.check(&mut violations, &format!("targets.{}.member", index + 1));
            }
        }
    }
    violations.finish()
}
