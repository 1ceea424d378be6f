//! Kinesis data streams that get the changes of a table's items.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html>
//!
//! A table has at most one destination that is on; those that were on before,
//! or never came to be, stay in the list.
//!
//! # Differences
//!
//! A service here does not see another's state: an ARN that cannot be a stream
//! of this account and region fails as on AWS, but a stream that does not exist
//! becomes ACTIVE, and each record for it fails on the timeline.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::due::Due;
use crate::kernel::{ApiError, Arn, Scope, Violations};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    Enabling,
    Active,
    Disabling,
    Disabled,
    EnableFailed,
    Updating,
}

/// How exact the time of a change is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Precision {
    Millisecond,
    Microsecond,
}

/// `EnableKinesisStreamingConfiguration`, and `Update...` of the same members.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Configuration {
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate_creation_date_time_precision: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    pub stream: String,
    pub state: State,
    failure: Option<Cow<'static, str>>,
    /// `None` where nobody chose: milliseconds.
    pub precision: Option<Precision>,
    /// What becomes of the state by itself.
    pub due: Option<Due<()>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Destinations(Vec<Destination>);

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DestinationDescription {
    stream_arn: String,
    destination_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_status_description: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate_creation_date_time_precision: Option<Precision>,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabling => "ENABLING",
            Self::Active => "ACTIVE",
            Self::Disabling => "DISABLING",
            Self::Disabled => "DISABLED",
            Self::EnableFailed => "ENABLE_FAILED",
            Self::Updating => "UPDATING",
        }
    }

    fn is_off(self) -> bool {
        matches!(self, Self::Disabled | Self::EnableFailed)
    }
}

impl Configuration {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        if let Some(precision) = &self.approximate_creation_date_time_precision {
            let member = format!("{member}.approximateCreationDateTimePrecision");
            violations.one_of(&member, precision, &["MILLISECOND", "MICROSECOND"]);
        }
    }

    pub fn precision(&self) -> Option<Precision> {
        let precision = self.approximate_creation_date_time_precision.as_deref()?;
        Some(if precision == "MICROSECOND" { Precision::Microsecond } else { Precision::Millisecond })
    }
}

/// Checks the member `StreamArn` as AWS's model does.
pub fn check_stream_arn(violations: &mut Violations, given: &Option<String>) {
    violations.required("streamArn", given);
    if let Some(given) = given {
        violations.length("streamArn", given, 37, 1024);
    }
}

impl Destinations {
    /// One destination is on at a time.
    pub fn check_enable(&self) -> Result<(), ApiError> {
        if self.0.iter().any(|destination| !destination.state.is_off()) {
            return Err(not_valid(
                "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.",
            ));
        }
        Ok(())
    }

    pub fn enable(&mut self, stream: &str, precision: Option<Precision>, due: Due<()>) -> State {
        let state = State::Enabling;
        let enabled = Destination { stream: stream.to_owned(), state, failure: None, precision, due: Some(due) };
        match self.find(stream) {
            Some(destination) => *destination = enabled,
            None => self.0.insert(0, enabled),
        }
        state
    }

    /// A second time is no mistake, as long as the first is not over.
    pub fn disable(&mut self, stream: &str, due: Due<()>) -> Result<State, ApiError> {
        match self.find(stream) {
            Some(destination) if destination.state == State::Active => {
                destination.state = State::Disabling;
                destination.due = Some(due);
                Ok(State::Disabling)
            }
            Some(destination) if destination.state == State::Disabling => Ok(State::Disabling),
            _ => Err(not_valid("KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.")),
        }
    }

    /// `table` and `table_id` are for AWS's words.
    pub fn update(
        &mut self,
        stream: &str,
        precision: Precision,
        due: Due<()>,
        table: &str,
        table_id: &str,
    ) -> Result<State, ApiError> {
        let destination =
            self.find(stream).filter(|destination| destination.state == State::Active).ok_or_else(|| {
                not_valid(format_args!(
                    "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. TableName: \
                 {table}, kdsArn: {stream}"
                ))
            })?;
        if destination.precision.unwrap_or(Precision::Millisecond) == precision {
            let name = if precision == Precision::Microsecond { "MICROSECOND" } else { "MILLISECOND" };
            return Err(ApiError::validation(format!(
                "Invalid Request: Precision is already set to the desired value of {name} for tableId: {table_id}, \
                 kdsArn: {stream}"
            )));
        }
        destination.precision = Some(precision);
        destination.state = State::Updating;
        destination.due = Some(due);
        Ok(State::Updating)
    }

    /// The destination that gets what changes now.
    pub fn receiving(&self) -> Option<&Destination> {
        self.0.iter().find(|destination| matches!(destination.state, State::Active | State::Updating))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Destination> {
        self.0.iter_mut()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Destination> {
        self.0.iter()
    }

    /// The newest first.
    pub fn describe(&self) -> Vec<DestinationDescription> {
        self.0.iter().map(Destination::describe).collect()
    }

    fn find(&mut self, stream: &str) -> Option<&mut Destination> {
        self.0.iter_mut().find(|destination| destination.stream == stream)
    }
}

impl Destination {
    /// What the state leads to; to be called when it is due.
    pub fn settle(&mut self, scope: &Scope) {
        self.due = None;
        self.state = match self.state {
            State::Enabling => {
                self.failure = unusable(&self.stream, scope).map(Cow::Borrowed);
                if self.failure.is_some() { State::EnableFailed } else { State::Active }
            }
            State::Updating => State::Active,
            State::Disabling => {
                self.precision = None;
                State::Disabled
            }
            settled => settled,
        };
    }

    fn describe(&self) -> DestinationDescription {
        DestinationDescription {
            stream_arn: self.stream.clone(),
            destination_status: self.state.name(),
            destination_status_description: self.failure.clone(),
            approximate_creation_date_time_precision: self.precision,
        }
    }
}

/// Why a stream cannot be the destination of a table of this scope, as far as its ARN tells.
fn unusable(stream: &str, scope: &Scope) -> Option<&'static str> {
    let arn = Arn::parse(stream).filter(|arn| arn.service == "kinesis");
    let Some(arn) = arn.filter(|arn| arn.resource_after("stream").is_some_and(|name| !name.contains('/'))) else {
        return Some("User does not have a permission to use kinesis stream");
    };
    if arn.scope.region != scope.region {
        return Some(
            "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in the current region",
        );
    }
    if arn.scope.account != scope.account {
        return Some(
            "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in Active state",
        );
    }
    None
}

fn not_valid(detail: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("Table is not in a valid state to enable Kinesis Streaming Destination: {detail}"))
}
