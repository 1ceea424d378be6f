//! Creates an API destination.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html>

use serde::Deserialize;

use super::super::{Events, constraint, limit_exceeded};
use super::{ApiDestination, Changed, Given, RATE_DEFAULT};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct CreateApiDestination;

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

/// AWS's default quota.
const API_DESTINATIONS_MAX: usize = 3000;

impl Operation for CreateApiDestination {
    type Service = Events;
    type Input = Input;
    type Output = Changed;
    const NAME: &'static str = "CreateApiDestination";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Changed, ApiError> {
        check(&input)?;
        let name = input.name.unwrap_or_default();
        let connection_arn = input.connection_arn.unwrap_or_default();
        if state.api_destinations.contains_key(&name) {
            let message = format!("An api-destination '{name}' already exists.");
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        state.existing_connection(&connection_arn)?;
        if state.api_destinations.len() >= API_DESTINATIONS_MAX {
            return Err(limit_exceeded());
        }
        let destination = ApiDestination {
            arn: call.arn("events", format!("api-destination/{name}/{}", call.ids().uuid())),
            name: name.clone(),
            description: input.description,
            connection_arn,
            endpoint: input.invocation_endpoint.unwrap_or_default(),
            method: input.http_method.unwrap_or_default(),
            rate: input.invocation_rate_limit_per_second.map_or(RATE_DEFAULT, i32::unsigned_abs),
            created: call.now,
            modified: call.now,
            written_by: call.event,
        };
        let changed = state.changed_api_destination(&destination, call.now);
        state.api_destinations.insert(name, destination);
        Ok(changed)
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
    violations.required("connectionArn", &input.connection_arn);
    violations.required("invocationEndpoint", &input.invocation_endpoint);
    violations.required("httpMethod", &input.http_method);
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
