//! Describes a schedule group.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetScheduleGroup.html>

use serde::Deserialize;

use super::group::{self, Described};
use super::{Scheduler, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};

pub struct GetScheduleGroup;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

impl Operation for GetScheduleGroup {
    type Service = Scheduler;
    type Input = Input;
    type Output = Described;
    const NAME: &'static str = "GetScheduleGroup";
    const BINDING: Binding = Binding::get("/schedule-groups/{Name}");

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Described, ApiError> {
        let mut violations = Violations::new();
        violations.required("name", &input.name);
        group::check_name(&mut violations, "name", input.name.as_deref());
        refusal::finish(violations)?;
        let name = input.name.unwrap_or_default();
        Ok(state.group(&name, call.now)?.described(&name, call))
    }
}
