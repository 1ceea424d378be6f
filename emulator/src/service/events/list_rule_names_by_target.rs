//! Lists the rules of a bus that have a target, by name, in pages.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, BusName};
use super::page::{self, Page};
use super::rule::Rule;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListRuleNamesByTarget;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    target_arn: Option<String>,
    event_bus_name: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    rule_names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListRuleNamesByTarget {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListRuleNamesByTarget";

    fn resource(input: &Input) -> String {
        input.target_arn.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        match &input.target_arn {
            Some(arn) => violations.length("targetArn", arn, 1, 1600),
            None => violations.missing("targetArn"),
        }
        bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let bus = state.bus(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let has_it = |rule: &Rule| rule.targets.values().any(|target| target.given.arn == input.target_arn);
        let rules = bus.rules.iter().filter(|(_, rule)| has_it(rule));
        let names: BTreeMap<String, &str> = rules.map(|(name, rule)| (name.clone(), rule.name.as_str())).collect();
        let (names, next_token) = page.of(&names, "");
        Ok(Output { rule_names: names.into_iter().map(|name| (*name).to_owned()).collect(), next_token })
    }
}
