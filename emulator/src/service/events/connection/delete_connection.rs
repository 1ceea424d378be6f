//! Deletes a connection. API destinations that use it become INACTIVE (assumed).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteConnection.html>

use serde::Deserialize;

use super::super::{Events, constraint};
use super::{Changed, State, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteConnection;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

impl Operation for DeleteConnection {
    type Service = Events;
    type Input = Input;
    type Output = Changed;
    const NAME: &'static str = "DeleteConnection";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Changed, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "name", input.name.as_deref(), 64);
        violations.finish()?;
        let name = input.name.unwrap_or_default();
        let connection = state.connections.remove(&name).ok_or_else(|| does_not_exist("delete", &name))?;
        Ok(Changed { connection_state: State::Deleting, ..Changed::of(&connection, call.now) })
    }
}
