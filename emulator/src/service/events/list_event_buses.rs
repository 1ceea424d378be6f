//! Lists event buses by name, in pages.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, Bus};
use super::page::{self, Page};
use super::policy::Policy;
use crate::kernel::{ApiError, Arn, Call, Operation, Timestamp, Violations};

pub struct ListEventBuses;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name_prefix: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    event_buses: Vec<BusEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A bus as AWS describes it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BusEntry {
    name: String,
    arn: Arn,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creation_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_time: Option<Timestamp>,
}

impl BusEntry {
    pub fn of(bus: &Bus, call: &Call<'_>) -> Self {
        let created = bus.created.map(|(at, _)| at);
        Self {
            name: bus.name.clone(),
            arn: bus.arn(call),
            description: bus.settings.description.clone(),
            policy: bus.policy.as_ref().map(Policy::text),
            creation_time: created,
            last_modified_time: bus.modified,
        }
    }
}

impl Operation for ListEventBuses {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListEventBuses";

    fn resource(input: &Input) -> String {
        input.name_prefix.as_ref().map(|prefix| format!("{prefix}*")).unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        if let Some(prefix) = &input.name_prefix {
            bus::check_name(&mut violations, "namePrefix", prefix);
        }
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let (buses, next_token) = page.of(&state.buses, input.name_prefix.as_deref().unwrap_or_default());
        let event_buses = buses.into_iter().map(|bus| BusEntry::of(bus, call)).collect();
        Ok(Output { event_buses, next_token })
    }
}
