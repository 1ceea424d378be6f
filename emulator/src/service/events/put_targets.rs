//! Adds targets to a rule, or replaces those with the same ids.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html>
//!
//! # Differences
//!
//! - A target that cannot be delivered to here fails as an entry, with `NotImplemented`.

use serde::{Deserialize, Serialize};

use super::bus::{self, BusName};
use super::rule;
use super::target::{GivenTarget, Target};
use super::{Events, TARGETS_PER_RULE_MAX, limit_exceeded};
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
    failed_entries: Vec<FailedEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FailedEntry {
    target_id: String,
    error_code: String,
    error_message: String,
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
        let given = input.targets.unwrap_or_default();
        given.iter().try_for_each(GivenTarget::refuse_unknown)?;
        let targets = given.into_iter().map(GivenTarget::parse).collect::<Result<Vec<_>, _>>()?;
        let (targets, others): (Vec<_>, Vec<_>) = targets.into_iter().partition(Target::is_within_reach);

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
        let failed_entries: Vec<_> = others.iter().map(|target| FailedEntry::of(id(target), target)).collect();
        Ok(Output { failed_entry_count: failed_entries.len(), failed_entries })
    }
}

impl FailedEntry {
    fn of(target_id: String, target: &Target) -> Self {
        let error = ApiError::not_implemented(format_args!("delivery from a rule to `{}`", target.arn));
        Self { target_id, error_code: error.code, error_message: error.message }
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
