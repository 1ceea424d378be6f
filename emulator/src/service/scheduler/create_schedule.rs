//! Makes a schedule in a group.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html>
//!
//! ```text
//! POST /schedules/nightly
//! {"ClientToken":"6f0c","FlexibleTimeWindow":{"Mode":"OFF"},"ScheduleExpression":"cron(0 3 * * ? *)",
//!  "ScheduleExpressionTimezone":"Europe/Berlin","Target":{"Arn":"arn:aws:sqs:us-east-1:000000000000:jobs",
//!  "RoleArn":"arn:aws:iam::000000000000:role/scheduler","Input":"go"}}
//!
//! {"ScheduleArn":"arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly"}
//! ```

use serde::Serialize;

use super::agenda::Key;
use super::definition::Given;
use super::schedule::Schedule;
use super::{SCHEDULES_MAX, Scheduler, client_token, refusal};
use crate::kernel::{ApiError, Arn, Binding, Call, Operation};

pub struct CreateSchedule;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    schedule_arn: Arn,
}

impl Operation for CreateSchedule {
    type Service = Scheduler;
    type Input = Given;
    type Output = Output;
    const NAME: &'static str = "CreateSchedule";
    const BINDING: Binding = Binding::post("/schedules/{Name}");

    fn resource(input: &Given) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Given, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.check()?;
        let (name, group_name) = (input.name.clone().unwrap_or_default(), input.group().to_owned());
        let (token, digest) = (input.client_token.clone(), client_token::digest(&input));
        let is_known = state.tokens.is_known(Self::NAME, token.as_deref(), &input, call.now)?;
        if is_known {
            let schedule_arn = call.arn("scheduler", format!("schedule/{group_name}/{name}"));
            return Ok(Output { schedule_arn });
        }
        let definition = input.parse(call)?;
        if state.group(&group_name, call.now)?.schedules.contains_key(&name) {
            return Err(refusal::schedule_exists(&name));
        }
        if state.is_full() {
            return Err(refusal::quota_exceeded("schedules", SCHEDULES_MAX));
        }
        *state.schedules_so_far += 1;
        let key = Key { group: group_name.as_str().into(), name: name.as_str().into() };
        let mut schedule = Schedule::new(*state.schedules_so_far, key, definition, call);
        schedule.plan_anew(&mut state.agenda, call);
        let schedule_arn = schedule.arn.clone();
        state.group_mut(&group_name, call.now)?.schedules.insert(name, schedule);
        state.tokens.remember(Self::NAME, token, digest, call.now);
        Ok(Output { schedule_arn })
    }
}
