//! Lists the event sources of partners: there are none.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventSources.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, bus, page};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListEventSources;

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
    event_sources: [(); 0],
}

impl Operation for ListEventSources {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListEventSources";

    fn resource(input: &Input) -> String {
        input.name_prefix.clone().unwrap_or_default()
    }

    fn run(input: Input, _state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        if let Some(prefix) = &input.name_prefix {
            bus::check_name(&mut violations, "namePrefix", prefix);
        }
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        Ok(Output { event_sources: [] })
    }
}
