//! Lists API destinations by name, in pages: all of them, or those of a prefix or connection.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListApiDestinations.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::page::{self, Page};
use super::super::{Events, constraint};
use super::{ApiDestination, ApiDestinationEntry, CONNECTION_ARN};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListApiDestinations;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name_prefix: Option<String>,
    connection_arn: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    api_destinations: Vec<ApiDestinationEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListApiDestinations {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListApiDestinations";

    fn resource(input: &Input) -> String {
        input.name_prefix.as_ref().map(|prefix| format!("{prefix}*")).unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::name(&mut violations, "namePrefix", input.name_prefix.as_deref(), 64);
        if let Some(arn) = &input.connection_arn {
            violations.length("connectionArn", arn, 1, 1600);
            constraint::pattern(&mut violations, "connectionArn", arn, CONNECTION_ARN);
        }
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let fits = |one: &ApiDestination| input.connection_arn.as_ref().is_none_or(|arn| *arn == one.connection_arn);
        let fitting = state.api_destinations.iter().filter(|(_, one)| fits(one));
        let fitting: BTreeMap<String, &ApiDestination> = fitting.map(|(name, one)| (name.clone(), one)).collect();
        let (page, next_token) = page.of(&fitting, input.name_prefix.as_deref().unwrap_or_default());
        let api_destinations = page.into_iter().map(|one| state.api_destination_entry(one, call.now)).collect();
        Ok(Output { api_destinations, next_token })
    }
}
