//! Creates a connection.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html>

use serde::Deserialize;
use serde_json::Value;

use super::super::{Events, constraint, limit_exceeded};
use super::parameters::AuthParameters;
use super::{AuthorizationType, Changed, Connection, SharedAuthorization};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct CreateConnection;

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

/// AWS's default quota.
const CONNECTIONS_MAX: usize = 3000;

impl Operation for CreateConnection {
    type Service = Events;
    type Input = Input;
    type Output = Changed;
    const NAME: &'static str = "CreateConnection";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Changed, ApiError> {
        check(&input)?;
        let parameters = input.auth_parameters.unwrap_or_default();
        refuse_private(Self::NAME, input.invocation_connectivity_parameters.as_ref(), Some(&parameters))?;
        let name = input.name.unwrap_or_default();
        let authorization_type = AuthorizationType::parse(&input.authorization_type.unwrap_or_default());
        parameters.check_type(authorization_type)?;
        if state.connections.contains_key(&name) {
            let message = format!("Connection {name} already exists.");
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        if state.connections.len() >= CONNECTIONS_MAX {
            return Err(limit_exceeded());
        }
        let suffix = call.ids().uuid();
        let suffix = suffix.get(..6).unwrap_or_default();
        let mut connection = Connection {
            arn: call.arn("events", format!("connection/{name}/{}", call.ids().uuid())),
            secret_arn: super::secret_arn(call.scope, &name, &call.ids().uuid(), suffix),
            name: name.clone(),
            description: input.description,
            authorization_type,
            parameters,
            kms_key_identifier: input.kms_key_identifier,
            created: call.now,
            modified: call.now,
            written_by: call.event,
            authorization: SharedAuthorization::new(authorization_type, call.now),
        };
        connection.authorize(call);
        // AWS leaves the time of the authorization out of this answer.
        let changed = Changed { last_authorized_time: None, ..Changed::of(&connection, call.now) };
        state.connections.insert(name, connection);
        Ok(changed)
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
    constraint::description(&mut violations, input.description.as_deref());
    violations.required("authorizationType", &input.authorization_type);
    let types = &AuthorizationType::NAMES;
    constraint::one_of(&mut violations, "authorizationType", input.authorization_type.as_deref(), types);
    match &input.auth_parameters {
        Some(parameters) => parameters.check(&mut violations, true),
        None => violations.missing("authParameters"),
    }
    constraint::kms_key(&mut violations, input.kms_key_identifier.as_deref());
    violations.finish()
}

/// Connections to private APIs.
pub fn refuse_private(
    operation: &str,
    invocation: Option<&Value>,
    parameters: Option<&AuthParameters>,
) -> Result<(), ApiError> {
    if invocation.is_some() {
        let what = format_args!("InvocationConnectivityParameters of events {operation}");
        return Err(ApiError::not_implemented(what));
    }
    if parameters.is_some_and(|parameters| parameters.connectivity_parameters.is_some()) {
        return Err(ApiError::not_implemented(format_args!("ConnectivityParameters of events {operation}")));
    }
    Ok(())
}
