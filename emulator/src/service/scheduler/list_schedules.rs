//! Lists schedules, of one group or of all, by group and name.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html>
//!
//! ```text
//! GET /schedules?ScheduleGroup=default&NamePrefix=night&State=ENABLED&MaxResults=1
//!
//! {"Schedules":[{"Arn":"arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly","CreationDate":1767225600,
//!  "GroupName":"default","LastModificationDate":1767225600,"Name":"nightly","State":"ENABLED",
//!  "Target":{"Arn":"arn:aws:sqs:us-east-1:000000000000:jobs"}}]}
//! ```

use serde::{Deserialize, Serialize};

use super::group;
use super::schedule::Schedule;
use super::{Scheduler, page, refusal};
use crate::kernel::{ApiError, Arn, Binding, Call, Operation, Timestamp, Violations};
use crate::wire::query;

pub struct ListSchedules;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(alias = "ScheduleGroup")]
    group_name: Option<String>,
    #[serde(default, deserialize_with = "query::number")]
    max_results: Option<i64>,
    name_prefix: Option<String>,
    next_token: Option<String>,
    state: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    schedules: Vec<Summary>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    arn: Arn,
    creation_date: Timestamp,
    group_name: String,
    last_modification_date: Timestamp,
    name: String,
    state: String,
    target: TargetSummary,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TargetSummary {
    arn: Arn,
}

impl Summary {
    fn of(schedule: &Schedule) -> Self {
        Self {
            arn: schedule.arn.clone(),
            creation_date: schedule.created,
            group_name: schedule.key.group.to_string(),
            last_modification_date: schedule.modified,
            name: schedule.key.name.to_string(),
            state: schedule.definition.text.state.clone(),
            target: TargetSummary { arn: schedule.definition.target.arn.clone() },
        }
    }
}

impl Operation for ListSchedules {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListSchedules";
    const BINDING: Binding = Binding::get("/schedules");

    fn resource(input: &Input) -> String {
        input.group_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let after: Option<(String, String)> = page::after(Self::NAME, input.next_token.as_deref())?;
        if let Some(group) = &input.group_name {
            state.group(group, call.now)?;
        }
        let in_group = |group: &str| input.group_name.as_deref().is_none_or(|wanted| wanted == group);
        let prefix = input.name_prefix.as_deref().unwrap_or_default();
        let fits = |schedule: &Schedule| {
            schedule.key.name.starts_with(prefix)
                && input.state.as_deref().is_none_or(|state| schedule.definition.text.state == state)
        };
        let groups = state.groups(call.now).iter().filter(|(name, _)| in_group(name));
        let all = groups.flat_map(|(group, held)| held.schedules.iter().map(move |(name, held)| ((group, name), held)));
        let rest = all.filter(|((group, name), _)| {
            after.as_ref().is_none_or(|(group_before, before)| (*group, *name) > (group_before, before))
        });
        let wanted = rest.filter(|(_, schedule)| fits(schedule)).map(|(at, schedule)| (at, Summary::of(schedule)));
        let (schedules, next_token) = page::cut(Self::NAME, wanted, input.max_results);
        Ok(Output { next_token, schedules })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    group::check_name(&mut violations, "groupName", input.group_name.as_deref());
    page::check(&mut violations, input.max_results, input.next_token.as_deref(), input.name_prefix.as_deref());
    if let Some(state) = &input.state {
        violations.one_of("state", state, &["ENABLED", "DISABLED"]);
    }
    refusal::finish(violations)
}
