//! Deletes an API destination. Rules keep it as a target, and their deliveries fail.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteApiDestination.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint};
use super::does_not_exist;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteApiDestination;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteApiDestination {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteApiDestination";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
        violations.finish()?;
        let name = input.name.unwrap_or_default();
        state.api_destinations.remove(&name).ok_or_else(|| does_not_exist("delete", &name))?;
        state.paces.remove(&name);
        Ok(Output {})
    }
}
