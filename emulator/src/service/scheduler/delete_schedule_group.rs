//! Deletes a schedule group with all of its schedules.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html>

use serde::{Deserialize, Serialize};

use super::group::{self, DEFAULT};
use super::{Scheduler, client_token, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};

pub struct DeleteScheduleGroup;

#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    #[serde(alias = "clientToken")]
    client_token: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteScheduleGroup {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteScheduleGroup";
    const BINDING: Binding = Binding::delete("/schedule-groups/{Name}");

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        violations.required("name", &input.name);
        group::check_name(&mut violations, "name", input.name.as_deref());
        client_token::check(&mut violations, input.client_token.as_deref());
        refusal::finish(violations)?;
        if state.tokens.is_known(Self::NAME, input.client_token.as_deref(), &input, call.now)? {
            return Ok(Output {});
        }
        let digest = client_token::digest(&input);
        let name = input.name.unwrap_or_default();
        if name == DEFAULT {
            return Err(refusal::default_group(&name));
        }
        let deleted = state.groups(call.now).remove(&name).ok_or_else(|| refusal::no_group(&name))?;
        for schedule in deleted.schedules.values() {
            schedule.take_off(&mut state.agenda);
        }
        state.tokens.remember(Self::NAME, input.client_token, digest, call.now);
        call.note(format!("{} schedules", deleted.schedules.len()));
        Ok(Output {})
    }
}
