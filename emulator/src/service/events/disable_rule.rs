//! Keeps a rule from matching events.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html>

use super::Events;
use super::rule::RuleState;
use super::rule_switch::{Input, Output, switch};
use crate::kernel::{ApiError, Call, Operation};

pub struct DisableRule;

impl Operation for DisableRule {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DisableRule";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        switch(input, RuleState::Disabled, state, call)
    }
}
