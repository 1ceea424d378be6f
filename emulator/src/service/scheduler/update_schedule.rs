//! Replaces a schedule: what the request leaves out is as if it had never been given.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html>

use serde::Serialize;

use super::definition::Given;
use super::{Scheduler, client_token, refusal};
use crate::kernel::{ApiError, Arn, Binding, Call, Operation};

pub struct UpdateSchedule;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    schedule_arn: Arn,
}

impl Operation for UpdateSchedule {
    type Service = Scheduler;
    type Input = Given;
    type Output = Output;
    const NAME: &'static str = "UpdateSchedule";
    const BINDING: Binding = Binding::put("/schedules/{Name}");

    fn resource(input: &Given) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Given, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.check()?;
        let (name, group_name) = (input.name.clone().unwrap_or_default(), input.group().to_owned());
        let (token, digest) = (input.client_token.clone(), client_token::digest(&input));
        if state.tokens.is_known(Self::NAME, token.as_deref(), &input, call.now)? {
            let schedule_arn = call.arn("scheduler", format!("schedule/{group_name}/{name}"));
            return Ok(Output { schedule_arn });
        }
        let definition = input.parse(call)?;
        state.group(&group_name, call.now)?;
        let Scheduler { groups, agenda, .. } = &mut *state;
        let schedule = groups.get_mut(&group_name).and_then(|group| group.schedules.get_mut(&name));
        let schedule = schedule.ok_or_else(|| refusal::no_schedule(&name))?;
        schedule.redefine(definition, call);
        schedule.plan_anew(agenda, call);
        let schedule_arn = schedule.arn.clone();
        state.tokens.remember(Self::NAME, token, digest, call.now);
        Ok(Output { schedule_arn })
    }
}
