//! Changes a connection, and has it authorized again. What the request leaves out stays as it is (assumed).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateConnection.html>

use serde::Deserialize;
use serde_json::Value;

use super::super::{Events, constraint};
use super::create_connection::refuse_private;
use super::parameters::AuthParameters;
use super::{AuthorizationType, Changed, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateConnection;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    description: Option<String>,
    authorization_type: Option<String>,
    auth_parameters: Option<AuthParameters>,
    invocation_connectivity_parameters: Option<Value>,
    kms_key_identifier: Option<String>,
}

impl Operation for UpdateConnection {
    type Service = Events;
    type Input = Input;
    type Output = Changed;
    const NAME: &'static str = "UpdateConnection";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Changed, ApiError> {
        check(&input)?;
        let connectivity = input.invocation_connectivity_parameters.as_ref();
        refuse_private(Self::NAME, connectivity, input.auth_parameters.as_ref())?;
        let name = input.name.unwrap_or_default();
        let connection = state.connections.get_mut(&name).ok_or_else(|| does_not_exist("update", &name))?;
        let authorization_type = match &input.authorization_type {
            Some(given) => AuthorizationType::parse(given),
            None => connection.authorization_type,
        };
        let mut parameters = connection.parameters.clone();
        if authorization_type != connection.authorization_type {
            parameters.keep_only(authorization_type);
        }
        if let Some(given) = input.auth_parameters {
            parameters.update(given);
        }
        parameters.check_type(authorization_type)?;
        connection.authorization_type = authorization_type;
        connection.parameters = parameters;
        connection.description = input.description.or(connection.description.take());
        connection.kms_key_identifier = input.kms_key_identifier.or(connection.kms_key_identifier.take());
        connection.modified = call.now;
        connection.written_by = call.event;
        connection.authorize(call);
        Ok(Changed::of(connection, call.now))
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
    constraint::description(&mut violations, input.description.as_deref());
    let types = &AuthorizationType::NAMES;
    constraint::one_of(&mut violations, "authorizationType", input.authorization_type.as_deref(), types);
    if let Some(parameters) = &input.auth_parameters {
        parameters.check(&mut violations, false);
    }
    constraint::kms_key(&mut violations, input.kms_key_identifier.as_deref());
    violations.finish()
}
