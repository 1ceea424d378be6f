//! Describes a schedule.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html>

use serde::{Deserialize, Serialize};

use super::definition::Text;
use super::group::{self, DEFAULT};
use super::{Scheduler, refusal};
use crate::kernel::{ApiError, Arn, Binding, Call, Operation, Timestamp, Violations};

pub struct GetSchedule;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    #[serde(alias = "groupName")]
    group_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    arn: Arn,
    creation_date: Timestamp,
    group_name: String,
    last_modification_date: Timestamp,
    name: String,
    #[serde(flatten)]
    text: Text,
}

impl Operation for GetSchedule {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetSchedule";
    const BINDING: Binding = Binding::get("/schedules/{Name}");

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        violations.required("name", &input.name);
        group::check_name(&mut violations, "name", input.name.as_deref());
        group::check_name(&mut violations, "groupName", input.group_name.as_deref());
        refusal::finish(violations)?;
        let (name, group_name) = (input.name.unwrap_or_default(), input.group_name);
        let group_name = group_name.unwrap_or_else(|| DEFAULT.to_owned());
        let schedules = &state.group(&group_name, call.now)?.schedules;
        let schedule = schedules.get(&name).ok_or_else(|| refusal::no_schedule(&name))?;
        Ok(Output {
            arn: schedule.arn.clone(),
            creation_date: schedule.created,
            group_name,
            last_modification_date: schedule.modified,
            name,
            text: schedule.definition.text.clone(),
        })
    }
}
