//! Describes a connection, without its secrets.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeConnection.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint};
use super::shown_parameters::ShownParameters;
use super::{ConnectionEntry, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeConnection;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(flatten)]
    entry: ConnectionEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    secret_arn: String,
    auth_parameters: ShownParameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_identifier: Option<String>,
}

impl Operation for DescribeConnection {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeConnection";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
        violations.finish()?;
        let name = input.name.unwrap_or_default();
        let connection = state.connections.get(&name).ok_or_else(|| does_not_exist("describe", &name))?;
        call.read_from(connection.written_by);
        Ok(Output {
            entry: ConnectionEntry::of(connection, call.now),
            description: connection.description.clone(),
            secret_arn: connection.secret_arn.clone(),
            auth_parameters: ShownParameters::of(&connection.parameters),
            kms_key_identifier: connection.kms_key_identifier.clone(),
        })
    }
}
