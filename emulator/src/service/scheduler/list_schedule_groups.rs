//! Lists schedule groups, by name.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListScheduleGroups.html>

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::group::Described;
use super::{Scheduler, page, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::wire::query;

pub struct ListScheduleGroups;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(default, deserialize_with = "query::number")]
    max_results: Option<i64>,
    name_prefix: Option<String>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    schedule_groups: Vec<Described>,
}

impl Operation for ListScheduleGroups {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListScheduleGroups";
    const BINDING: Binding = Binding::get("/schedule-groups");

    fn resource(input: &Input) -> String {
        input.name_prefix.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { max_results, name_prefix, next_token } = input;
        let mut violations = Violations::new();
        page::check(&mut violations, max_results, next_token.as_deref(), name_prefix.as_deref());
        refusal::finish(violations)?;
        let after: Option<String> = page::after(Self::NAME, next_token.as_deref())?;
        let prefix = name_prefix.unwrap_or_default();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let groups = state.groups(call.now).range((from, Bound::Unbounded));
        let wanted = groups.filter(|(name, _)| name.starts_with(&prefix));
        let described = wanted.map(|(name, group)| (name, group.described(name, call)));
        let (schedule_groups, next_token) = page::cut(Self::NAME, described, max_results);
        Ok(Output { next_token, schedule_groups })
    }
}
