//! Lets a rule match events again.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EnableRule.html>

use super::Events;
use super::rule::RuleState;
use super::rule_switch::{Input, Output, switch};
use crate::kernel::{ApiError, Call, Operation};

pub struct EnableRule;

impl Operation for EnableRule {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "EnableRule";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        switch(input, RuleState::Enabled, state, call)
    }
}
