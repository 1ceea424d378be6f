//! Puts events on the buses of a partner's customers, if the caller were a partner of AWS.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPartnerEvents.html>

use serde::{Deserialize, Serialize};

use super::super::Events;
use super::not_a_partner;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct PutPartnerEvents;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    entries: Option<Vec<serde_json::Value>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for PutPartnerEvents {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutPartnerEvents";

    fn resource(input: &Input) -> String {
        format!("{} events", input.entries.as_ref().map_or(0, Vec::len))
    }

    fn run(input: Input, _state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        match &input.entries {
            None => violations.missing("entries"),
            Some(entries) if entries.is_empty() => {
                violations.add("[]", "entries", "have length greater than or equal to 1");
            }
            Some(entries) if entries.len() > 20 => {
                violations.add("[...]", "entries", "have length less than or equal to 20");
            }
            Some(_) => {}
        }
        violations.finish()?;
        Err(not_a_partner())
    }
}
