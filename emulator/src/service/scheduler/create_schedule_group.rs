//! Makes a schedule group.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html>
//!
//! ```text
//! POST /schedule-groups/reports
//! {"ClientToken":"6f0c","Tags":[{"Key":"team","Value":"shop"}]}
//!
//! {"ScheduleGroupArn":"arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports"}
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::group::{self, DEFAULT, Group};
use super::tags::{self, Tag};
use super::{GROUPS_MAX, Scheduler, client_token, refusal};
use crate::kernel::{ApiError, Arn, Binding, Call, Operation, Violations};

pub struct CreateScheduleGroup;

#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    client_token: Option<String>,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    schedule_group_arn: Arn,
}

impl Operation for CreateScheduleGroup {
    type Service = Scheduler;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateScheduleGroup";
    const BINDING: Binding = Binding::post("/schedule-groups/{Name}");

    fn resource(input: &Input) -> String {
        input.name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Scheduler, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        violations.required("name", &input.name);
        group::check_name(&mut violations, "name", input.name.as_deref());
        client_token::check(&mut violations, input.client_token.as_deref());
        tags::check(&mut violations, input.tags.as_deref());
        refusal::finish(violations)?;
        let digest = client_token::digest(&input);
        let name = input.name.clone().unwrap_or_default();
        let output = Output { schedule_group_arn: group::arn(&name, call) };
        if state.tokens.is_known(Self::NAME, input.client_token.as_deref(), &input, call.now)? {
            return Ok(output);
        }
        if name == DEFAULT {
            return Err(refusal::default_group(&name));
        }
        let groups = state.groups(call.now);
        if groups.contains_key(&name) {
            return Err(refusal::group_exists(&name));
        }
        if groups.len() >= GROUPS_MAX {
            return Err(refusal::quota_exceeded("schedule groups", GROUPS_MAX));
        }
        let mut tagged = BTreeMap::new();
        tags::add(&mut tagged, input.tags.unwrap_or_default())?;
        groups.insert(name, Group::new(tagged, call.now));
        state.tokens.remember(Self::NAME, input.client_token, digest, call.now);
        Ok(output)
    }
}
