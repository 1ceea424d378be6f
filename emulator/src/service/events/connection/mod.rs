//! A connection: how calls to API destinations prove who they are.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html>
//!
//! # Differences
//!
//! - No secret is made in Secrets Manager; `SecretArn` only has the shape of one.
//! - A connection that is DEAUTHORIZING is DEAUTHORIZED after 100 ms of the clock; a deleted one is gone at once.
//! - A connection to a private API (VPC Lattice) is refused as not implemented.

mod authorization;
pub mod create_connection;
pub mod deauthorize_connection;
pub mod delete_connection;
pub mod describe_connection;
pub mod list_connections;
pub mod oauth;
pub mod parameters;
pub mod shown_parameters;
pub mod update_connection;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::authorization::{Abroad, SharedAuthorization};
use self::parameters::AuthParameters;
use super::Events;
use crate::kernel::store::Book;
use crate::kernel::{ApiError, Arn, Call, Delivery, EventId, Receipt, Scope, Timestamp};

const DEAUTHORIZATION: Duration = Duration::from_millis(100);

/// Kept with its secrets, as they are: a data directory and a snapshot are as secret as what was put into them.
#[derive(Clone, Serialize, Deserialize)]
pub struct Connection {
    pub name: String,
    pub arn: Arn,
    pub secret_arn: String,
    pub description: Option<String>,
    pub authorization_type: AuthorizationType,
    pub parameters: AuthParameters,
    pub kms_key_identifier: Option<String>,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub written_by: EventId,
    #[serde(skip)]
    pub authorization: SharedAuthorization,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthorizationType {
    Basic,
    #[serde(rename = "OAUTH_CLIENT_CREDENTIALS")]
    OAuth,
    ApiKey,
}

impl AuthorizationType {
    pub const NAMES: [&str; 3] = ["BASIC", "OAUTH_CLIENT_CREDENTIALS", "API_KEY"];

    /// Reads one of [`Self::NAMES`].
    fn parse(name: &str) -> Self {
        match name {
            "BASIC" => Self::Basic,
            "API_KEY" => Self::ApiKey,
            _ => Self::OAuth,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    Authorized,
    Deauthorized,
    Authorizing,
    Deauthorizing,
    Deleting,
}

pub const STATES: [&str; 9] = [
    "CREATING",
    "UPDATING",
    "DELETING",
    "AUTHORIZED",
    "DEAUTHORIZED",
    "AUTHORIZING",
    "DEAUTHORIZING",
    "ACTIVE",
    "FAILED_CONNECTIVITY",
];

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorized => "AUTHORIZED",
            Self::Deauthorized => "DEAUTHORIZED",
            Self::Authorizing => "AUTHORIZING",
            Self::Deauthorizing => "DEAUTHORIZING",
            Self::Deleting => "DELETING",
        }
    }
}

impl Connection {
    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        self.authorization.keep(book);
    }

    /// The same connection in another world.
    pub fn apart(&self) -> Self {
        Self { authorization: self.authorization.apart(), ..self.clone() }
    }

    /// Forgets the secrets.
    fn deauthorize(&mut self, now: Timestamp) {
        self.parameters.forget_secrets();
        self.authorization.withdraw(now + DEAUTHORIZATION);
    }

    /// Sends for a token, where the connection needs one.
    fn authorize(&mut self, call: &mut Call<'_>) {
        self.authorization = self.authorization.anew(self.authorization_type, call.now);
        if self.authorization_type == AuthorizationType::OAuth {
            call.send(Delivery::new(self.arn.clone(), self.arn.clone(), ""));
        }
    }

    /// Its authorization, for work outside.
    pub fn abroad(&self, call: &Call<'_>) -> Abroad {
        self.authorization.abroad(&self.name, call)
    }

    /// Goes for a token.
    fn errand(&self, call: &Call<'_>) -> Receipt {
        let (parameters, authorization, now) = (self.parameters.clone(), self.abroad(call), call.now);
        Receipt::Errand(Box::new(move || oauth::authorize(&parameters, &authorization, now)))
    }
}

/// What the answers of all that changes a connection have.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Changed {
    connection_arn: Arn,
    connection_state: State,
    creation_time: Timestamp,
    last_modified_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_authorized_time: Option<Timestamp>,
}

impl Changed {
    fn of(connection: &Connection, now: Timestamp) -> Self {
        let authorization = connection.authorization.at(now);
        Self {
            connection_arn: connection.arn.clone(),
            connection_state: authorization.state,
            creation_time: connection.created,
            last_modified_time: connection.modified,
            last_authorized_time: authorization.last_authorized,
        }
    }
}

/// What DescribeConnection and ListConnections have in common.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConnectionEntry {
    connection_arn: Arn,
    name: String,
    connection_state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason: Option<String>,
    authorization_type: AuthorizationType,
    creation_time: Timestamp,
    last_modified_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_authorized_time: Option<Timestamp>,
}

impl ConnectionEntry {
    fn of(connection: &Connection, now: Timestamp) -> Self {
        let authorization = connection.authorization.at(now);
        Self {
            connection_arn: connection.arn.clone(),
            name: connection.name.clone(),
            connection_state: authorization.state,
            state_reason: authorization.reason,
            authorization_type: connection.authorization_type,
            creation_time: connection.created,
            last_modified_time: connection.modified,
            last_authorized_time: authorization.last_authorized,
        }
    }
}

/// `done` is what could not be done: `describe`. assumed: that the wording is the same for all.
pub fn does_not_exist(done: &str, name: &str) -> ApiError {
    let message = format!("Failed to {done} the connection(s). Connection '{name}' does not exist.");
    ApiError::new("ResourceNotFoundException", message)
}

impl Events {
    /// The connection of that ARN.
    pub fn connection_at(&self, arn: &str) -> Option<&Connection> {
        let parsed = Arn::parse(arn)?;
        let (name, _) = parsed.resource_after("connection")?.split_once('/')?;
        self.connections.get(name).filter(|connection| connection.arn == parsed)
    }

    /// A connection sends to itself when it needs a token.
    pub fn receive_for_connection(&self, delivery: &Delivery, call: &Call<'_>) -> Result<Receipt, ApiError> {
        match self.connection_at(&delivery.to.to_string()) {
            Some(connection) => Ok(connection.errand(call)),
            // It was deleted meanwhile.
            None => Ok(Receipt::Taken),
        }
    }
}

fn secret_arn(scope: &Scope, name: &str, id: &str, suffix: &str) -> String {
    Arn::new("secretsmanager", scope, format!("secret:events!connection/{name}/{id}-{suffix}")).to_string()
}
