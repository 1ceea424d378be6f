//! Says which of some messages a filter pattern matches, and what it takes out of them.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Logs;
use super::filter_log_events::{self, PATTERN_CHARACTERS_MAX};
use super::invalid::finish;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct TestMetricFilter;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    filter_pattern: Option<String>,
    log_event_messages: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {
    matches: Vec<Match>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Match {
    /// From 1 on.
    event_number: usize,
    event_message: String,
    extracted_values: BTreeMap<String, String>,
}

const MESSAGES_MAX: usize = 50;

impl Operation for TestMetricFilter {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TestMetricFilter";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, _state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let filter = filter_log_events::compile(&input.filter_pattern.unwrap_or_default())?;
        let messages = input.log_event_messages.unwrap_or_default().into_iter().enumerate();
        let matched = messages.filter_map(|(index, event_message)| {
            let extracted_values = filter.extract(&event_message)?.into_iter().collect();
            Some(Match { event_number: index + 1, event_message, extracted_values })
        });
        Ok(Output { matches: matched.collect() })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    match &input.filter_pattern {
        Some(pattern) => violations.length("filterPattern", pattern, 0, PATTERN_CHARACTERS_MAX),
        None => violations.missing("filterPattern"),
    }
    match input.log_event_messages.as_deref() {
        None => violations.missing("logEventMessages"),
        Some(messages) => {
            let shown = format!("[{}]", messages.join(", "));
            if messages.is_empty() {
                violations.add(&shown, "logEventMessages", "have length greater than or equal to 1");
            }
            if messages.len() > MESSAGES_MAX {
                let constraint = format_args!("have length less than or equal to {MESSAGES_MAX}").to_string();
                violations.add(&shown, "logEventMessages", constraint);
            }
            for (index, message) in messages.iter().enumerate().filter(|(_, message)| message.is_empty()) {
                violations.length(format!("logEventMessages.{}.member", index + 1), message, 1, usize::MAX);
            }
        }
    }
    finish(violations)
}
