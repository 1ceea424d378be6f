//! Describes an event source of a partner: there is none.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventSource.html>

use serde::{Deserialize, Serialize};

use super::super::Events;
use super::{check_required_source_name, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeEventSource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DescribeEventSource {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeEventSource";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, _state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        check_required_source_name(&mut violations, "name", input.name.as_deref());
        violations.finish()?;
        Err(does_not_exist(&input.name.unwrap_or_default()))
    }
}
