//! Takes the authorization parameters of a connection away, so that it can be authorized anew.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeauthorizeConnection.html>

use serde::Deserialize;

use super::super::{Events, constraint};
use super::{Changed, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeauthorizeConnection;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

impl Operation for DeauthorizeConnection {
    type Service = Events;
    type Input = Input;
    type Output = Changed;
    const NAME: &'static str = "DeauthorizeConnection";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Changed, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
        violations.finish()?;
        let name = input.name.unwrap_or_default();
        let connection = state.connections.get_mut(&name).ok_or_else(|| does_not_exist("deauthorize", &name))?;
        connection.deauthorize(call.now);
        connection.modified = call.now;
        connection.written_by = call.event;
        Ok(Changed::of(connection, call.now))
    }
}
