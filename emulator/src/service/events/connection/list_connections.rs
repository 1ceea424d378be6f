//! Lists connections by name, in pages: all of them, or those of a prefix or state.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListConnections.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::page::{self, Page};
use super::super::{Events, constraint};
use super::{Connection, ConnectionEntry, STATES};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListConnections;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name_prefix: Option<String>,
    connection_state: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    connections: Vec<ConnectionEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListConnections {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListConnections";

    fn resource(input: &Input) -> String {
        input.name_prefix.as_ref().map(|prefix| format!("{prefix}*")).unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::name(&mut violations, "namePrefix", input.name_prefix.as_deref(), 64);
        constraint::one_of(&mut violations, "connectionState", input.connection_state.as_deref(), &STATES);
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let fits = |connection: &Connection| {
            let state = connection.authorization.at(call.now).state;
            input.connection_state.as_ref().is_none_or(|wanted| wanted == state.as_str())
        };
        let fitting = state.connections.iter().filter(|(_, connection)| fits(connection));
        let fitting: BTreeMap<String, &Connection> = fitting.map(|(name, one)| (name.clone(), one)).collect();
        let (page, next_token) = page.of(&fitting, input.name_prefix.as_deref().unwrap_or_default());
        let connections = page.into_iter().map(|connection| ConnectionEntry::of(connection, call.now)).collect();
        Ok(Output { connections, next_token })
    }
}
