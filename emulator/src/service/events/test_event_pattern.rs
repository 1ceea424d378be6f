//! Says whether an event pattern matches an event.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html>

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Events, put_rule};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct TestEventPattern;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    event_pattern: Option<String>,
    event: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    result: bool,
}

/// AWS: "the following fields are mandatory".
const MANDATORY: [&str; 7] = ["id", "account", "source", "time", "region", "resources", "detail-type"];

impl Operation for TestEventPattern {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TestEventPattern";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, _state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        violations.required("eventPattern", &input.event_pattern);
        if let Some(pattern) = &input.event_pattern {
            violations.length("eventPattern", pattern, 0, 4096);
        }
        violations.required("event", &input.event);
        violations.finish()?;
        let pattern = put_rule::compile(&input.event_pattern.unwrap_or_default())?;
        let event = parse(&input.event.unwrap_or_default())?;
        let result = pattern.matches(&event);
        call.note(if result { "matches" } else { "does not match" });
        Ok(Output { result })
    }
}

/// The order of these checks and their wording are assumed.
fn parse(event: &str) -> Result<Value, ApiError> {
    let invalid = |reason: &str| ApiError::validation(format!("Parameter Event is not valid. Reason: {reason}"));
    let event: Value = serde_json::from_str(event).map_err(|_| invalid("Event is not a valid JSON object."))?;
    let Some(fields) = event.as_object() else { return Err(invalid("Event is not a valid JSON object.")) };
    match MANDATORY.iter().find(|name| !fields.contains_key(**name)) {
        Some(missing) => Err(invalid(&format!("{missing} is a required argument."))),
        None => Ok(event),
    }
}
