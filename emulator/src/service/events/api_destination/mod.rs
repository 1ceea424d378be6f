//! An API destination: somebody's web server as a target.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html>
//!
//! Calls are real HTTP: an event that arrives becomes an errand, which leaves this process (`crate::outbound`).
//!
//! # Differences
//!
//! - Endpoints may be `http://`, which AWS refuses: a server on a laptop has no certificate.
//! - An API destination is INACTIVE while its connection is not there or is deauthorized (assumed).

pub mod create_api_destination;
pub mod delete_api_destination;
pub mod describe_api_destination;
mod invocation;
pub mod list_api_destinations;
mod pace;
pub mod update_api_destination;
pub mod url;

use serde::{Deserialize, Serialize};

use self::invocation::Invocation;
pub use self::pace::Pace;
use super::Events;
use super::connection::parameters::check_endpoint;
use super::connection::{Connection, State as ConnectionState};
use super::constraint;
use super::given_target::HttpParameters;
use crate::kernel::{ApiError, Arn, Call, Delivery, EventId, Receipt, Timestamp, Violations};

pub const METHODS: [&str; 7] = ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"];
const CONNECTION_ARN: &str =
    r"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:connection\/[\.\-_A-Za-z0-9]+\/[\-A-Za-z0-9]+$";
/// AWS: "The default value is 300."
const RATE_DEFAULT: u32 = 300;

#[derive(Clone, Serialize, Deserialize)]
pub struct ApiDestination {
    pub name: String,
    pub arn: Arn,
    pub description: Option<String>,
    pub connection_arn: String,
    pub endpoint: String,
    pub method: String,
    pub rate: u32,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub written_by: EventId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    Active,
    Inactive,
}

impl State {
    fn of(connection: Option<&Connection>, now: Timestamp) -> Self {
        let state = connection.map(|connection| connection.authorization.at(now).state);
        match state {
            Some(ConnectionState::Authorized | ConnectionState::Authorizing) => Self::Active,
            _ => Self::Inactive,
        }
    }
}

/// What the answers of CreateApiDestination and UpdateApiDestination have.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Changed {
    api_destination_arn: Arn,
    api_destination_state: State,
    creation_time: Timestamp,
    last_modified_time: Timestamp,
}

/// An API destination as AWS lists it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ApiDestinationEntry {
    api_destination_arn: Arn,
    name: String,
    api_destination_state: State,
    connection_arn: String,
    invocation_endpoint: String,
    http_method: String,
    invocation_rate_limit_per_second: u32,
    creation_time: Timestamp,
    last_modified_time: Timestamp,
}

/// What CreateApiDestination and UpdateApiDestination check.
struct Given<'a> {
    description: Option<&'a str>,
    connection_arn: Option<&'a str>,
    endpoint: Option<&'a str>,
    method: Option<&'a str>,
    rate: Option<i32>,
}

impl Given<'_> {
    fn check(&self, violations: &mut Violations) {
        constraint::description(violations, self.description);
        if let Some(arn) = self.connection_arn {
            violations.length("connectionArn", arn, 1, 1600);
            constraint::pattern(violations, "connectionArn", arn, CONNECTION_ARN);
        }
        check_endpoint(violations, "invocationEndpoint", self.endpoint);
        constraint::one_of(violations, "httpMethod", self.method, &METHODS);
        constraint::at_least(violations, "invocationRateLimitPerSecond", self.rate.map(i64::from), 1);
    }
}

/// `done` is what could not be done: `describe`. assumed: that the wording is the same for all.
pub fn does_not_exist(done: &str, name: &str) -> ApiError {
    let message = format!("Failed to {done} the api-destination(s). An api-destination '{name}' does not exist.");
    ApiError::new("ResourceNotFoundException", message)
}

impl Events {
    /// The connection that an API destination is to have. The wording is assumed.
    fn existing_connection(&self, arn: &str) -> Result<&Connection, ApiError> {
        self.connection_at(arn)
            .ok_or_else(|| ApiError::new("ResourceNotFoundException", format!("Connection '{arn}' does not exist.")))
    }

    fn changed_api_destination(&self, destination: &ApiDestination, now: Timestamp) -> Changed {
        Changed {
            api_destination_arn: destination.arn.clone(),
            api_destination_state: State::of(self.connection_at(&destination.connection_arn), now),
            creation_time: destination.created,
            last_modified_time: destination.modified,
        }
    }

    fn api_destination_entry(&self, destination: &ApiDestination, now: Timestamp) -> ApiDestinationEntry {
        ApiDestinationEntry {
            api_destination_arn: destination.arn.clone(),
            name: destination.name.clone(),
            api_destination_state: State::of(self.connection_at(&destination.connection_arn), now),
            connection_arn: destination.connection_arn.clone(),
            invocation_endpoint: destination.endpoint.clone(),
            http_method: destination.method.clone(),
            invocation_rate_limit_per_second: destination.rate,
            creation_time: destination.created,
            last_modified_time: destination.modified,
        }
    }

    /// An event for an API destination: called at its pace.
    pub fn invoke(&mut self, delivery: &Delivery, call: &Call<'_>) -> Result<Receipt, ApiError> {
        let name = delivery.to.resource_after("api-destination").and_then(|rest| rest.split('/').next());
        let name = name.unwrap_or_default();
        let known = self.api_destinations.get(name).filter(|known| known.arn == delivery.to);
        let destination = known.ok_or_else(|| does_not_exist("invoke", name))?;
        let connection = self.existing_connection(&destination.connection_arn)?;
        if State::of(Some(connection), call.now) == State::Inactive {
            let reason = "The request failed because the credentials included for the connection are not authorized \
                          for the API destination.";
            return Err(invocation::failure(400, "SDK_CLIENT_ERROR", reason));
        }
        let parameters = delivery.enclosed::<HttpParameters>().unwrap_or_default();
        let invocation = Invocation::new(destination, connection, &parameters, &delivery.body, call);
        let rate = destination.rate;
        if let Some(moment) = self.paces.entry(name.to_owned()).or_default().wait(rate, call.now) {
            return Ok(Receipt::NotBefore(moment));
        }
        Ok(Receipt::Errand(Box::new(move || invocation.run())))
    }
}
