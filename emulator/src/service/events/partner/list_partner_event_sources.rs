//! Lists the event sources that the caller, a partner, has created: there are none.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListPartnerEventSources.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint, page};
use crate::kernel::{ApiError, Call, Operation, Violations};

const PREFIX_PATTERN: &str = r"aws\.partner/[\.\-_A-Za-z0-9]+/[/\.\-_A-Za-z0-9]*";

pub struct ListPartnerEventSources;

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
    partner_event_sources: [(); 0],
}

impl Operation for ListPartnerEventSources {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListPartnerEventSources";

    fn resource(input: &Input) -> String {
        input.name_prefix.clone().unwrap_or_default()
    }

    fn run(input: Input, _state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        match &input.name_prefix {
            Some(prefix) => {
                violations.length("namePrefix", prefix, 1, 256);
                constraint::pattern(&mut violations, "namePrefix", prefix, PREFIX_PATTERN);
            }
            None => violations.missing("namePrefix"),
        }
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        Ok(Output { partner_event_sources: [] })
    }
}
