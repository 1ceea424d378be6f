//! Describes an API destination.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeApiDestination.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint};
use super::{ApiDestinationEntry, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeApiDestination;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(flatten)]
    entry: ApiDestinationEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl Operation for DescribeApiDestination {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeApiDestination";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
        violations.finish()?;
        let name = input.name.unwrap_or_default();
        let destination = state.api_destinations.get(&name).ok_or_else(|| does_not_exist("describe", &name))?;
        call.read_from(destination.written_by);
        let entry = state.api_destination_entry(destination, call.now);
        Ok(Output { entry, description: destination.description.clone() })
    }
}
