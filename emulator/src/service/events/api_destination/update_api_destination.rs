//! Changes an API destination. What the request leaves out stays as it is (assumed).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateApiDestination.html>

use serde::Deserialize;

use super::super::{Events, constraint};
use super::{Changed, Given, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateApiDestination;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    description: Option<String>,
    connection_arn: Option<String>,
    invocation_endpoint: Option<String>,
    http_method: Option<String>,
    invocation_rate_limit_per_second: Option<i32>,
}

impl Operation for UpdateApiDestination {
    type Service = Events;
    type Input = Input;
    type Output = Changed;
    const NAME: &'static str = "UpdateApiDestination";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Changed, ApiError> {
        check(&input)?;
        let name = input.name.unwrap_or_default();
        if !state.api_destinations.contains_key(&name) {
            return Err(does_not_exist("update", &name));
        }
        if let Some(arn) = &input.connection_arn {
            state.existing_connection(arn)?;
        }
        let destination = state.api_destinations.get_mut(&name).ok_or_else(|| does_not_exist("update", &name))?;
        destination.description = input.description.or(destination.description.take());
        destination.connection_arn = input.connection_arn.unwrap_or(std::mem::take(&mut destination.connection_arn));
        destination.endpoint = input.invocation_endpoint.unwrap_or(std::mem::take(&mut destination.endpoint));
        destination.method = input.http_method.unwrap_or(std::mem::take(&mut destination.method));
        destination.rate = input.invocation_rate_limit_per_second.map_or(destination.rate, i32::unsigned_abs);
        destination.modified = call.now;
        destination.written_by = call.event;
        let destination = &state.api_destinations[&name];
        Ok(state.changed_api_destination(destination, call.now))
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
    let given = Given {
        description: input.description.as_deref(),
        connection_arn: input.connection_arn.as_deref(),
        endpoint: input.invocation_endpoint.as_deref(),
        method: input.http_method.as_deref(),
        rate: input.invocation_rate_limit_per_second,
    };
    given.check(&mut violations);
    violations.finish()
}
