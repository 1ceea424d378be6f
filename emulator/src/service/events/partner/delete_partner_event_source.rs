//! Deletes an event source, if the caller were a partner of AWS.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeletePartnerEventSource.html>

use serde::{Deserialize, Serialize};

use super::super::Events;
use super::{check_account, check_required_source_name, not_a_partner};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeletePartnerEventSource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    account: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeletePartnerEventSource {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeletePartnerEventSource";

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, _state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        check_required_source_name(&mut violations, "name", input.name.as_deref());
        check_account(&mut violations, input.account.as_deref());
        violations.finish()?;
        Err(not_a_partner())
    }
}
