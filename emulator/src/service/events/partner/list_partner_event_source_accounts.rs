//! Lists the account that an event source of the caller, a partner, is for: there is none.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListPartnerEventSourceAccounts.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, page};
use super::{check_required_source_name, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListPartnerEventSourceAccounts;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    event_source_name: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for ListPartnerEventSourceAccounts {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListPartnerEventSourceAccounts";

    fn resource(input: &Input) -> String {
        input.event_source_name.clone().unwrap_or_default()
    }

    fn run(input: Input, _state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        check_required_source_name(&mut violations, "eventSourceName", input.event_source_name.as_deref());
        page::check(&mut violations, input.limit, input.next_token.as_deref());
        violations.finish()?;
        Err(does_not_exist(&input.event_source_name.unwrap_or_default()))
    }
}
