//! Lists the targets of a rule by id, in pages.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, BusName};
use super::given_target::GivenTarget;
use super::page::{self, Page};
use super::rule;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListTargetsByRule;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    rule: Option<String>,
    event_bus_name: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    targets: Vec<GivenTarget>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListTargetsByRule {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTargetsByRule";

    fn resource(input: &Input) -> String {
        input.rule.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        rule::check_required_name(&mut violations, "rule", input.rule.as_deref());
        bus::check_name_or_arn(&mut violations, "eventBusName", input.event_bus_name.as_deref());
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let bus = state.bus(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        let rule = bus.rule(&input.rule.unwrap_or_default())?;
        call.read_from(rule.written_by);
        let (targets, next_token) = page.of(&rule.targets, "");
        Ok(Output { targets: targets.into_iter().map(|target| target.given.clone()).collect(), next_token })
    }
}
