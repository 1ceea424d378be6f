//! Deletes a schedule. What it has sent is still delivered.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html>

use serde::{Deserialize, Serialize};

use super::group::{self, DEFAULT};
use super::{Scheduler, client_token, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};

pub struct DeleteSchedule;

#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    #[serde(alias = "groupName")]
    group_name: Option<String>,
    #[serde(alias = "clientToken")]
    client_token: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteSchedule {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteSchedule";
    const BINDING: Binding = Binding::delete("/schedules/{Name}");

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        violations.required("name", &input.name);
        group::check_name(&mut violations, "name", input.name.as_deref());
        group::check_name(&mut violations, "groupName", input.group_name.as_deref());
        client_token::check(&mut violations, input.client_token.as_deref());
        refusal::finish(violations)?;
        if state.tokens.is_known(Self::NAME, input.client_token.as_deref(), &input, call.now)? {
            return Ok(Output {});
        }
        let digest = client_token::digest(&input);
        let name = input.name.unwrap_or_default();
        let group = state.group_mut(input.group_name.as_deref().unwrap_or(DEFAULT), call.now)?;
        let deleted = group.schedules.remove(&name).ok_or_else(|| refusal::no_schedule(&name))?;
        deleted.take_off(&mut state.agenda);
        state.tokens.remember(Self::NAME, input.client_token, digest, call.now);
        Ok(Output {})
    }
}
